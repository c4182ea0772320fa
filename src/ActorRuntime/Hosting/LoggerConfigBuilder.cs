using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Akka.Event.LogLevel;

namespace Akka.Hosting;

/// <summary>Chooses the loggers of an actor system.</summary>
public sealed class LoggerConfigBuilder
{
    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder) => Builder = builder;

    /// <summary>The lowest level that is logged.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    internal AkkaConfigurationBuilder Builder { get; }

    /// <summary>The loggers; the standard one unless cleared.</summary>
    internal List<Type> Loggers { get; } = [typeof(DefaultLogger)];

    /// <summary>Removes the loggers that were added, and the standard one.</summary>
    public LoggerConfigBuilder ClearLoggers()
    {
        Loggers.Clear();
        return this;
    }

    /// <summary>Adds a logger.</summary>
    /// <typeparam name="T">Its actor.</typeparam>
    public LoggerConfigBuilder AddLogger<T>() where T : ActorBase
    {
        if (!Loggers.Contains(typeof(T))) Loggers.Add(typeof(T));
        return this;
    }
}

/// <summary>Sends an actor system's log to the host's.</summary>
public static class LoggingExtensions
{
    /// <summary>Chooses the loggers of the actor system.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="configurator">Chooses.</param>
    public static AkkaConfigurationBuilder ConfigureLoggers(this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        var loggers = new LoggerConfigBuilder(builder);
        configurator(loggers);
        return builder.AddHocon(
            ConfigurationFactory.ParseString($"akka.loglevel = {Level(loggers.LogLevel)}\nakka.loggers = [{Names(loggers.Loggers)}]"), HoconAddMode.Prepend);
    }

    /// <summary>Logs to the host's logger factory.</summary>
    /// <param name="configBuilder">The loggers.</param>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder)
    {
        configBuilder.Builder.UseHostLoggerFactory = true;
        return configBuilder.AddLogger<LoggerFactoryLogger>();
    }

    /// <summary>Logs to a logger factory.</summary>
    /// <param name="configBuilder">The loggers.</param>
    /// <param name="loggerFactory">The factory.</param>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder, ILoggerFactory loggerFactory)
    {
        configBuilder.Builder.AddSetup(new LoggerFactorySetup(loggerFactory));
        return configBuilder.AddLogger<LoggerFactoryLogger>();
    }

    private static string Names(IEnumerable<Type> loggers) => string.Join(", ", loggers.Select(t => $"\"{t.FullName}, {t.Assembly.GetName().Name}\""));

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
