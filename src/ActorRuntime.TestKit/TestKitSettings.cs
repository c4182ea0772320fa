using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The settings of a kit, under <c>akka.test</c>.</summary>
public class TestKitSettings : IExtension
{
    /// <summary>Reads the settings.</summary>
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", TimeSpan.FromSeconds(5));
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", TimeSpan.FromSeconds(3));
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", TimeSpan.FromSeconds(3));
        TestTimeFactor = config.GetDouble("akka.test.timefactor", 1);
        if (TestTimeFactor <= 0)
            throw new ConfigurationException("akka.test.timefactor must be above zero.");
    }

    /// <summary>How long the kit waits for other things than messages.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long it waits for a message.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long it waits for a log event.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>What times are multiplied with on a slow machine.</summary>
    public double TestTimeFactor { get; }
}

/// <summary>Makes the settings of a system's kits.</summary>
public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    /// <summary>The settings of a system.</summary>
    public static TestKitSettings For(ActorSystem system) => new TestKitExtension().Apply(system);

    /// <inheritdoc/>
    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config);
}
