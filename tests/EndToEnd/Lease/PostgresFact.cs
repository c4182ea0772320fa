using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>A test that is there only when <c>CSMC_TEST_POSTGRES</c> names a server: without one it is not discovered, rather than skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.EndToEnd.Tests.Lease.PostgresFactDiscoverer", "CSMultiConnector.EndToEnd.Tests")]
public sealed class PostgresFactAttribute : FactAttribute;

/// <summary>Finds such a test, or nothing.</summary>
public sealed class PostgresFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        PostgresDatabase.IsThere ? new FactDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute) : [];
}
