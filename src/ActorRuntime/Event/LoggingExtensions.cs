namespace Akka.Event;

/// <summary>Logging by level: a text, or a template with up to six values or an array of them.</summary>
public static partial class LoggingExtensions
{
    /// <summary>Logs a text.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format) => log.Log(level, null, format);

    /// <summary>Logs a template with its values.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format, object?[] args) => Write(log, level, null, format, args);

    /// <summary>Logs a template with its values and an exception.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args) =>
        Write(log, level, cause, format, args);

    private static void Write(ILoggingAdapter log, LogLevel level, Exception? cause, string format, params ReadOnlySpan<object?> args)
    {
        if (log.IsEnabled(level))
            log.Log(level, cause, new TemplateLogMessage(log.Formatter, format, args.ToArray()));
    }
}
