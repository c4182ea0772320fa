using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>Gives an actor system the logger factory that its log goes to.</summary>
public class LoggerFactorySetup : Setup
{
    /// <summary>Wraps the factory.</summary>
    /// <param name="loggerFactory">The factory.</param>
    public LoggerFactorySetup(ILoggerFactory loggerFactory) => LoggerFactory = loggerFactory;

    /// <summary>The factory.</summary>
    public ILoggerFactory LoggerFactory { get; }
}

/// <summary>Writes an actor system's log events to a logger factory; the category is the class that logged.</summary>
public class LoggerFactoryLogger : ActorBase
{
    private readonly ILoggerFactory _factory;

    /// <summary>Finds the system's logger factory.</summary>
    public LoggerFactoryLogger()
    {
        var setup = Context.System.Settings.Setup.Get<LoggerFactorySetup>();
        _factory = setup.HasValue
            ? setup.Value.LoggerFactory
            : throw new ConfigurationException($"The actor system '{Context.System.Name}' has no {nameof(LoggerFactorySetup)}. Use AddLoggerFactory().");
    }

    /// <summary>Writes one event.</summary>
    /// <param name="log">The event.</param>
    /// <param name="path">Who sent it.</param>
    protected virtual void Log(LogEvent log, ActorPath path) =>
        _factory.CreateLogger(log.LogClass?.FullName ?? nameof(ActorSystem)).Log(
            Level(log.LogLevel()), default, log, log.Cause, static (e, _) => $"[{e.LogSource}] {e.Message}");

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent log:
                Log(log, Sender.Path);
                return true;
            default:
                return false;
        }
    }

    private static Microsoft.Extensions.Logging.LogLevel Level(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => Microsoft.Extensions.Logging.LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => Microsoft.Extensions.Logging.LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => Microsoft.Extensions.Logging.LogLevel.Warning,
        _ => Microsoft.Extensions.Logging.LogLevel.Error,
    };
}
