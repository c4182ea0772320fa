using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>The product lacks a feature: its tests are not there, and a test of the lack is.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class LacksAttribute(Feature feature, string why) : Attribute
{
    public Feature Feature { get; } = feature;

    public string Why { get; } = why;
}

/// <summary>What the host lacks (<see cref="LacksAttribute"/> on its class) the product lacks, whatever its kind.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HostedByAttribute(Type host) : Attribute
{
    public Type Host { get; } = host;
}

/// <summary>A test of products that have these features; in other products' classes it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Venues.Conformance." + nameof(FeatureFactDiscoverer), "CSMultiConnector.Venues.Conformance")]
public sealed class FeatureFactAttribute(params Feature[] features) : FactAttribute, IFeatureTest
{
    public bool IsThereIn(IReadOnlyDictionary<Feature, string> lacks) => !features.Any(lacks.ContainsKey);

    public bool Proves(Feature feature, bool isLacking) => !isLacking && features.Contains(feature);
}

/// <summary>The same as a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Venues.Conformance." + nameof(FeatureTheoryDiscoverer), "CSMultiConnector.Venues.Conformance")]
public sealed class FeatureTheoryAttribute(params Feature[] features) : TheoryAttribute, IFeatureTest
{
    public bool IsThereIn(IReadOnlyDictionary<Feature, string> lacks) => !features.Any(lacks.ContainsKey);

    public bool Proves(Feature feature, bool isLacking) => !isLacking && features.Contains(feature);
}

/// <summary>A test of what the gateway does about a feature that its product lacks; in other products' classes it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Venues.Conformance." + nameof(FeatureFactDiscoverer), "CSMultiConnector.Venues.Conformance")]
public sealed class LackFactAttribute(Feature feature) : FactAttribute, IFeatureTest
{
    public bool IsThereIn(IReadOnlyDictionary<Feature, string> lacks) => lacks.ContainsKey(feature);

    public bool Proves(Feature what, bool isLacking) => isLacking && what == feature;
}

/// <summary>A test that is not there for every product.</summary>
public interface IFeatureTest
{
    /// <summary>Whether a product with these lacks has the test.</summary>
    bool IsThereIn(IReadOnlyDictionary<Feature, string> lacks);

    /// <summary>Whether it proves a feature, or the lack of it.</summary>
    bool Proves(Feature feature, bool isLacking);
}

/// <summary>What the products' classes say.</summary>
public static class FeatureTests
{
    /// <summary>Everything that a product's class says to lack, with the reasons.</summary>
    public static IReadOnlyDictionary<Feature, string> LacksOf(Type product) =>
        product.GetCustomAttributes<LacksAttribute>(inherit: true)
            .Concat(product.GetCustomAttribute<HostedByAttribute>(inherit: true)?.Host.GetCustomAttributes<LacksAttribute>(inherit: true) ?? [])
            .ToDictionary(l => l.Feature, l => l.Why);

    /// <summary>The tests of features and lacks, there or not.</summary>
    public static IEnumerable<(MethodInfo Method, IFeatureTest Test)> Of(Type product) =>
        from method in product.GetMethods()
        from test in method.GetCustomAttributes(inherit: true).OfType<IFeatureTest>()
        select (method, test);

    internal static bool IsThere(ITestMethod method)
    {
        var product = method.TestClass.Class.ToRuntimeType();
        var test = method.Method.ToRuntimeMethod().GetCustomAttributes(inherit: true).OfType<IFeatureTest>().Single();
        return test.IsThereIn(LacksOf(product));
    }
}

/// <summary>Finds facts where they are there.</summary>
public sealed class FeatureFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        FeatureTests.IsThere(testMethod) ? base.Discover(discoveryOptions, testMethod, factAttribute) : [];
}

/// <summary>Finds theories where they are there.</summary>
public sealed class FeatureTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        FeatureTests.IsThere(testMethod) ? base.Discover(discoveryOptions, testMethod, factAttribute) : [];
}
