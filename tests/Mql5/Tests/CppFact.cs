using CSMultiConnector.Mql5.Toolchain;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>
/// A test that needs g++ and the libraries. Root can have them, so there it always runs, and fails with the packages' names when one is missing; without
/// root it is not discovered where something is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Mql5.Tests.CppTheoryDiscoverer", "CSMultiConnector.Mql5.Tests")]
public sealed class CppTheoryAttribute : TheoryAttribute;

/// <summary>Finds such a test, or nothing.</summary>
public sealed class CppTheoryDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Environment.IsPrivilegedProcess || Compiler.Missing().Count == 0 ? new TheoryDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute) : [];
}
