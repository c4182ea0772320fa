using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Kit;

public sealed class TestKitConstructionTests
{
    [Fact]
    public void A_kit_takes_a_configuration_a_setup_or_a_system()
    {
        using (var fromConfig = new TestKit(ConfigurationFactory.ParseString("own.key = 1"), "named"))
        {
            fromConfig.Sys.Name.ShouldBe("named");
            fromConfig.Sys.Settings.Config.GetInt("own.key").ShouldBe(1);
        }
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("own.key = 2")));
        using (var fromSetup = new TestKit(setup))
            fromSetup.Sys.Settings.Config.GetInt("own.key").ShouldBe(2);
        var system = ActorSystem.Create("existing");
        using (var fromSystem = new TestKit(system))
            fromSystem.Sys.ShouldBeSameAs(system);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Disposing_ends_the_system_after_the_tests_own_clean_up()
    {
        var kit = new CleaningKit();
        kit.Dispose();
        kit.SystemLivedDuringCleanUp.ShouldBeTrue();
        kit.Sys.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    private sealed class CleaningKit : TestKit
    {
        public bool SystemLivedDuringCleanUp { get; private set; }

        protected override void AfterAll() => SystemLivedDuringCleanUp = !Sys.WhenTerminated.IsCompleted;
    }
}
