using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Describes log events, by level, exception, text and source.</summary>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<Predicate<object>> _filters;

    /// <summary>Describes events of a kit's system.</summary>
    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    /// <summary>Describes events of a system.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<Predicate<object>> filters)
    {
        _testkit = testkit;
        _system = system;
        _filters = filters;
    }

    /// <summary>Errors with an exception of a type; the text is that of the event or of the exception.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors with an exception of a type; the text is that of the event or of the exception.</summary>
    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Exception(exceptionType, Matcher(message, start, contains), source, checkInnerExceptions);

    /// <summary>Errors with an exception of a type; the text is that of the event or of the exception.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception => Exception(typeof(TException), pattern.IsMatch, source, checkInnerExceptions: false);

    /// <summary>Debug events.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    /// <summary>Information.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null)
    {
        var text = Matcher(message, start, contains);
        return Apply(e => e is LogEvent log && log.LogLevel() == logLevel && text(log.Message.ToString()!) && IsFrom(log, source));
    }

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        Apply(e => e is LogEvent log && log.LogLevel() == logLevel && pattern.IsMatch(log.Message.ToString()!) && IsFrom(log, source));

    /// <summary>Dead letters.</summary>
    public IEventFilterApplier DeadLetter() => Apply(static e => e is DeadLetter);

    /// <summary>Dead letters with a message of a type.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter<TMessage>(static _ => true, source);

    /// <summary>Dead letters with a message of a type that the function accepts; the source is the recipient's path.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        Apply(e => e is DeadLetter { Message: TMessage message } letter && isMatch(message)
            && (source is null || string.Equals(letter.Recipient.Path.ToString(), source, StringComparison.Ordinal)));

    /// <summary>Events that the function accepts.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Apply(e => e is LogEvent log && predicate(log));

    private IEventFilterApplier Exception(Type exceptionType, Predicate<string> text, string? source, bool checkInnerExceptions) =>
        Apply(e => e is Error { Cause: { } cause } error && IsFrom(error, source)
            && Causes(cause, checkInnerExceptions).Any(c => exceptionType.IsInstanceOfType(c) && (text(error.Message.ToString()!) || text(c.Message))));

    private EventFilterApplier Apply(Predicate<object> filter) => new(_testkit, _system, [.. _filters, filter]);

    private static IEnumerable<Exception> Causes(Exception cause, bool inner)
    {
        for (var each = cause; each is not null; each = inner ? each.InnerException : null)
            yield return each;
    }

    private static bool IsFrom(LogEvent log, string? source) => source is null || string.Equals(log.LogSource, source, StringComparison.Ordinal);

    private static Predicate<string> Matcher(string? message, string? start, string? contains) => text =>
        (message is null || string.Equals(text, message, StringComparison.Ordinal))
        && (start is null || text.StartsWith(start, StringComparison.Ordinal))
        && (contains is null || text.Contains(contains, StringComparison.Ordinal));
}
