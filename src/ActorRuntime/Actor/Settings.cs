using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>The settings of a system, read from its configuration.</summary>
public class Settings
{
    private static readonly Config Reference = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = "INFO"
          stdout-loglevel = "WARNING"
          loggers = ["Akka.Event.DefaultLogger"]
          log-dead-letters = 10
          log-dead-letters-during-shutdown = on
          log-dead-letters-suspend-duration = 5 minutes
          scheduler.implementation = "Akka.Actor.HashedWheelTimerScheduler"
          actor {
            ask-timeout = infinite
            debug.unhandled = off
          }
          coordinated-shutdown {
            default-phase-timeout = 5 s
            terminate-actor-system = on
            run-by-actor-system-terminate = on
            phases.actor-system-terminate.timeout = 10 s
          }
        }
        """);

    /// <summary>Reads the settings of a configuration; what it lacks has its default.</summary>
    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    /// <summary>Reads the settings of a configuration; what it lacks has its default.</summary>
    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        Config = config.WithFallback(Reference);
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>The configuration with its defaults.</summary>
    public Config Config { get; private set; }

    /// <summary>The setups that the system was made with.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>The lowest level that loggers receive.</summary>
    public string LogLevel => Config.GetString("akka.loglevel")!;

    /// <summary>The lowest level that is printed before loggers run.</summary>
    public string StdoutLogLevel => Config.GetString("akka.stdout-loglevel")!;

    /// <summary>The types of the loggers.</summary>
    public IList<string> Loggers => Config.GetStringList("akka.loggers");

    /// <summary>How many dead letters are logged before a pause; 0 for none, <see cref="int.MaxValue"/> for all.</summary>
    public int LogDeadLetters => Config.GetString("akka.log-dead-letters")?.ToLowerInvariant() switch
    {
        "on" or "true" => int.MaxValue,
        "off" or "false" => 0,
        _ => Config.GetInt("akka.log-dead-letters"),
    };

    /// <summary>Whether dead letters are logged while the system ends.</summary>
    public bool LogDeadLettersDuringShutdown => Config.GetBoolean("akka.log-dead-letters-during-shutdown");

    /// <summary>How long the pause is.</summary>
    public TimeSpan LogDeadLettersSuspendDuration => Config.GetTimeSpan("akka.log-dead-letters-suspend-duration");

    /// <summary>The type of the scheduler.</summary>
    public string SchedulerClass => Config.GetString("akka.scheduler.implementation")!;

    /// <summary>How long an <c>Ask</c> without a timeout of its own waits.</summary>
    public TimeSpan AskTimeout => Config.GetTimeSpan("akka.actor.ask-timeout");

    /// <summary>Whether unhandled messages are logged, at debug level.</summary>
    public bool DebugUnhandledMessage => Config.GetBoolean("akka.actor.debug.unhandled");

    /// <summary>Whether a coordinated shutdown ends the system.</summary>
    public bool CoordinatedShutdownTerminateActorSystem => Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");

    /// <summary>Whether ending the system runs the coordinated shutdown.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate => Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");

    /// <summary>Adds settings for what the present ones lack.</summary>
    public void InjectTopLevelFallback(Config config) => Config = Config.WithFallback(config);
}
