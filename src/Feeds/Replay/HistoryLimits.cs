namespace CSMultiConnector.Feeds.Replay;

/// <summary>What a history file may be at most. A file beyond a limit is refused before it can fill the memory.</summary>
public static class HistoryLimits
{
    /// <summary>Largest file, in bytes.</summary>
    public const long MaxFileBytes = 256L << 20;

    /// <summary>Largest HTML report, in bytes: its tree is built in memory.</summary>
    public const long MaxHtmlBytes = 64L << 20;

    /// <summary>Deepest nesting of HTML elements; reports have about ten.</summary>
    public const int MaxHtmlDepth = 200;

    /// <summary>Most bytes that the parts of a workbook may unpack to, all together (guards against zip bombs).</summary>
    public const long MaxUnpackedBytes = 1L << 30;

    /// <summary>Most entries of a workbook's archive.</summary>
    public const int MaxArchiveEntries = 1_000;

    /// <summary>Most rows of a table, a sheet or a CSV file.</summary>
    public const int MaxRows = 5_000_000;

    /// <summary>Most columns of a row.</summary>
    public const int MaxColumns = 1_000;

    /// <summary>Most characters of one cell.</summary>
    public const int MaxCellLength = 32_767;
}
