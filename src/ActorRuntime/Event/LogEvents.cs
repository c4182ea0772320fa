using Akka.Actor;

namespace Akka.Event;

/// <summary>How weighty a log event is.</summary>
public enum LogLevel
{
    /// <summary>For those who look for a defect.</summary>
    DebugLevel,

    /// <summary>What happens.</summary>
    InfoLevel,

    /// <summary>What may need attention.</summary>
    WarningLevel,

    /// <summary>What went wrong.</summary>
    ErrorLevel,
}

/// <summary>Something logged, on its way to the loggers.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    /// <summary>Makes an event of now and this thread.</summary>
    protected LogEvent()
    {
        Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception behind it, if any.</summary>
    public Exception? Cause { get; protected set; }

    /// <summary>When, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>Where.</summary>
    public Thread Thread { get; }

    /// <summary>Who, as a rule the path of an actor.</summary>
    public string LogSource { get; protected set; } = string.Empty;

    /// <summary>The class that logged.</summary>
    public Type LogClass { get; protected set; } = typeof(LogEvent);

    /// <summary>What: a text or a <see cref="LogMessage"/>.</summary>
    public object Message { get; protected set; } = string.Empty;

    /// <summary>How weighty it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"[{LogLevel().StringFor()}][{Timestamp:O}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}")
        + (Cause is null ? string.Empty : Environment.NewLine + "Cause: " + Cause);
}

/// <summary>For those who look for a defect.</summary>
public class Debug : LogEvent
{
    /// <summary>Makes an event.</summary>
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Makes an event with an exception.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>What happens.</summary>
public class Info : LogEvent
{
    /// <summary>Makes an event.</summary>
    public Info(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Makes an event with an exception.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>What may need attention.</summary>
public class Warning : LogEvent
{
    /// <summary>Makes an event.</summary>
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Makes an event with an exception.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>What went wrong.</summary>
public class Error : LogEvent
{
    /// <summary>Makes an event with an exception.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
