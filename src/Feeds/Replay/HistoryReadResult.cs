using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay;

/// <summary>What the caller knows better than the file.</summary>
/// <param name="Margin">How the account keeps positions, where the file does not state it; null (the default) = infer it from the deals.</param>
/// <param name="Magic">The magic of a report's deals (a report has none); null (the default) = the Expert's input, else 0.</param>
public sealed record ReadOptions(MarginMode? Margin = null, Magic? Magic = null);

/// <summary>The outcome of reading a history file.</summary>
public abstract record HistoryReadResult
{
    private HistoryReadResult()
    {
    }

    /// <summary>The file was read whole.</summary>
    /// <param name="History">What it says.</param>
    public sealed record Success(RecordedHistory History) : HistoryReadResult;

    /// <summary>The file cannot be used.</summary>
    /// <param name="Failure">Why, and what to do.</param>
    public sealed record Failed(HistoryFailure Failure) : HistoryReadResult;
}

/// <summary>The classes of failure.</summary>
public enum HistoryFailureKind
{
    /// <summary>The file cannot be opened or read.</summary>
    Unreadable,

    /// <summary>The file is none of the known kinds.</summary>
    UnknownFormat,

    /// <summary>A limit of <see cref="HistoryLimits"/> is passed.</summary>
    TooLarge,

    /// <summary>Cut off, altered, or contradicting itself.</summary>
    Damaged,

    /// <summary>Facts are missing that only another export has.</summary>
    Incomplete,

    /// <summary>Two readings are possible and the file does not tell which is right.</summary>
    Ambiguous,
}

/// <summary>Why a file cannot be used.</summary>
/// <param name="Kind">The class of the failure.</param>
/// <param name="File">The file's name.</param>
/// <param name="Where">The row, cell or part; null when the file as a whole is meant.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Advice">What to do.</param>
public sealed record HistoryFailure(HistoryFailureKind Kind, string File, string? Where, string What, string Advice)
{
    /// <summary>All of it, for a person.</summary>
    public string Message => Where is null ? $"{File}: {What}. {Advice}." : $"{File}, {Where}: {What}. {Advice}.";

    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>Ends a reading from deep inside a parser; caught by <see cref="HistoryReader"/> and nowhere else.</summary>
internal sealed class HistoryFormatException(HistoryFailureKind kind, string? where, string what, string advice) : Exception(what)
{
    private const string ExportAgain = "Export the history again";

    public HistoryFailure For(string file) => new(kind, file, where, Message, advice);

    public static HistoryFormatException Damaged(string? where, string what) => new(HistoryFailureKind.Damaged, where, what, ExportAgain);

    public static HistoryFormatException Ambiguous(string where, string what) =>
        new(HistoryFailureKind.Ambiguous, where, what, "Use history_deals_get of the Python module for this account: it writes the position of every deal");

    public static HistoryFormatException Incomplete(string where, string what) =>
        new(HistoryFailureKind.Incomplete, where, what, "Export the history from an earlier date, so that it has the opening too");

    public static HistoryFormatException TooLarge(string? where, string what) =>
        new(HistoryFailureKind.TooLarge, where, what, "Export a shorter period");
}
