using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace CSMultiConnector.ActorRuntime.Tests.Configuration;

public sealed class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString(
        """
        # a comment
        akka {
          loglevel = WARNING // another
          actor.ask-timeout = 500 ms
          test { timefactor = 1.5, filter-leeway = 2s }
          "quoted key" = "a \"b\""
          loggers = ["One, Assembly", Two]
          debug = on
          count = 12
          forever = infinite
        }
        akka.actor.debug.unhandled = off
        """);

    [Fact]
    public void Values_are_read_by_path_in_their_types()
    {
        Sample.GetString("akka.loglevel").ShouldBe("WARNING");
        Sample.GetTimeSpan("akka.actor.ask-timeout").ShouldBe(TimeSpan.FromMilliseconds(500));
        Sample.GetTimeSpan("akka.test.filter-leeway").ShouldBe(TimeSpan.FromSeconds(2));
        Sample.GetTimeSpan("akka.forever").ShouldBe(Timeout.InfiniteTimeSpan);
        Sample.GetDouble("akka.test.timefactor").ShouldBe(1.5);
        Sample.GetStringList("akka.loggers").ShouldBe(["One, Assembly", "Two"]);
        Sample.GetBoolean("akka.debug").ShouldBeTrue();
        Sample.GetBoolean("akka.actor.debug.unhandled", true).ShouldBeFalse();
        Sample.GetInt("akka.count").ShouldBe(12);
    }

    [Fact]
    public void What_is_missing_has_its_default()
    {
        Sample.HasPath("akka.none").ShouldBeFalse();
        Sample.GetString("akka.none", "fallback").ShouldBe("fallback");
        Sample.GetInt("akka.none", 7).ShouldBe(7);
        Sample.GetTimeSpan("akka.none", TimeSpan.FromSeconds(3)).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void A_fallback_fills_gaps_and_changes_nothing_that_is_there()
    {
        var merged = ConfigurationFactory.ParseString("a { x = 1 }").WithFallback(ConfigurationFactory.ParseString("a { x = 2, y = 3 }"));
        merged.GetInt("a.x").ShouldBe(1);
        merged.GetInt("a.y").ShouldBe(3);
    }

    [Theory]
    [InlineData("a {")]
    [InlineData("a = [1, 2")]
    [InlineData("a = \"open")]
    public void A_malformed_text_is_refused(string text) => Should.Throw<Exception>(() => ConfigurationFactory.ParseString(text));

    [Fact]
    public async Task A_bootstrap_setup_carries_the_configuration_into_the_system()
    {
        var setup = BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString("akka.loglevel = ERROR"))
            .WithConfigFallback(ConfigurationFactory.ParseString("own.key = value"));
        using var system = ActorSystem.Create("configured", ActorSystemSetup.Create(setup));
        system.Settings.LogLevel.ShouldBe("ERROR");
        system.Settings.Config.GetString("own.key").ShouldBe("value");
        system.Settings.Setup.Get<BootstrapSetup>().HasValue.ShouldBeTrue();
        await system.Terminate();
    }
}
