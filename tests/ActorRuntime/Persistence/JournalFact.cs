using Akka.Actor;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>A fact that does not exist where it cannot be tested: neither run nor counted as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.ActorRuntime.Tests.Persistence.JournalFactDiscoverer", "CSMultiConnector.ActorRuntime.Tests")]
public sealed class JournalFactAttribute : FactAttribute
{
    /// <summary>Whether the fact goes beyond what Akka.NET promises and so holds for this project's engine alone.</summary>
    public bool OwnEngineOnly { get; set; }
}

/// <summary>Its facts exist only while an environment variable has a value.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class NeedsEnvironmentAttribute(string variable) : Attribute
{
    public string Variable => variable;
}

/// <summary>Finds the facts that can be tested here.</summary>
public sealed class JournalFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact)
    {
        var variable = method.TestClass.Class.GetCustomAttributes(typeof(NeedsEnvironmentAttribute)).FirstOrDefault()
            ?.GetConstructorArguments().OfType<string>().Single();
        if (variable is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable))) return [];
        var own = typeof(ActorSystem).Assembly.GetName().Name != "Akka";
        return own || !fact.GetNamedArgument<bool>(nameof(JournalFactAttribute.OwnEngineOnly)) ? base.Discover(options, method, fact) : [];
    }
}
