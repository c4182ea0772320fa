using Akka.Actor;
using Akka.Util;

namespace Akka.Event;

/// <summary>The first message to a logger; answered with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    /// <summary>Makes the message.</summary>
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    /// <summary>The bus whose events the logger gets.</summary>
    public LoggingBus LoggingBus { get; }
}

/// <summary>A logger's answer to <see cref="InitializeLogger"/>.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Starts the loggers that the configuration names.</summary>
internal static class LoggerStart
{
    public static void Run(ActorSystemImpl system)
    {
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = TypeNames.Find(name);
            var logger = system.SystemActorOf(Props.Create(type), FormattableString.Invariant($"log{++number}-{type.Name}"));
            // The first message in its mailbox, before any event.
            logger.Tell(new InitializeLogger(system.EventStream), ActorRefs.NoSender);
            system.EventStream.Subscribe(logger, typeof(LogEvent));
        }
        if (system.Settings.LogDeadLetters > 0)
            system.SystemActorOf(Props.Create<DeadLetterListener>(), "deadLetterListener");
        if (system.Settings.DebugUnhandledMessage)
            system.SystemActorOf(Props.Create<UnhandledMessageLogger>(), "UnhandledMessageForwarder");
    }
}

/// <summary>Prints log events to the standard output.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Prints one event.</summary>
    protected virtual void Print(LogEvent logEvent) => Console.WriteLine(logEvent);
}

/// <summary>Logs dead letters, a limited number of them in a row.</summary>
public class DeadLetterListener : ActorBase
{
    private int _count;
    private DateTimeOffset _silentUntil;

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
    }

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (message is not DeadLetter letter)
            return false;
        var system = (ActorSystemImpl)Context.System;
        var settings = system.Settings;
        var now = system.Scheduler.Now;
        if (now < _silentUntil || (system.IsTerminating && !settings.LogDeadLettersDuringShutdown))
            return true;
        if (_silentUntil != default)
        {
            _silentUntil = default;
            _count = 0;
        }
        _count++;
        var last = _count >= settings.LogDeadLetters && settings.LogDeadLetters != int.MaxValue;
        if (last)
            _silentUntil = now + settings.LogDeadLettersSuspendDuration;
        Publish(letter, last ? $" no more dead letters will be logged in next [{settings.LogDeadLettersSuspendDuration}]." : string.Empty);
        return true;
    }

    private void Publish(DeadLetter letter, string more) => Context.System.EventStream.Publish(new Info(
        letter.Recipient.Path.ToString(),
        letter.Recipient.GetType(),
        $"Message [{letter.Message.GetType().Name}] from {letter.Sender?.ToString() ?? "NoSender"} to {letter.Recipient} was not delivered. "
        + FormattableString.Invariant($"[{_count}] dead letters encountered,{more} ")
        + "This logging can be turned off or adjusted with configuration settings 'akka.log-dead-letters' and 'akka.log-dead-letters-during-shutdown'."));
}

/// <summary>Logs unhandled messages.</summary>
internal sealed class UnhandledMessageLogger : ActorBase
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled)
            return false;
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(), $"Unhandled message from {unhandled.Sender}: {unhandled.Message}"));
        return true;
    }
}
