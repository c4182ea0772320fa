using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>A line of a terminal whose fields are all allowed.</summary>
internal abstract record TerminalLine
{
    private TerminalLine()
    {
    }

    /// <summary>The login. Its proof is checked over the bytes of the line.</summary>
    public sealed record Hello(
        string Client,
        string Nonce,
        TerminalId Terminal,
        MarginMode Margin,
        string AccountMode,
        string Currency,
        int Build,
        string EaVersion,
        IReadOnlyList<Magic> Magics,
        bool StopOnCritical,
        string Licence) : TerminalLine;

    /// <summary>A line that the hub takes as it is.</summary>
    public sealed record Feed(FeedMessage Message) : TerminalLine;

    /// <summary>Opens a snapshot.</summary>
    public sealed record SnapshotBegin(long Seq, string Snapshot, int Positions, int Totals) : TerminalLine;

    /// <summary>A stream's level within a snapshot.</summary>
    public sealed record SnapshotPosition(long Seq, string Snapshot, Magic Magic, SymbolName Symbol, Level Level) : TerminalLine;

    /// <summary>The terminal's total within a snapshot.</summary>
    public sealed record SnapshotTotal(long Seq, string Snapshot, SymbolName Symbol, Level Level) : TerminalLine;

    /// <summary>Closes a snapshot.</summary>
    public sealed record SnapshotEnd(long Seq, string Snapshot, long LastDeal, long TimeMsc, long UtcMsc) : TerminalLine;

    /// <summary>Asks for a <c>pong</c>.</summary>
    public sealed record Ping(long Seq) : TerminalLine;

    /// <summary>Answers a <c>ping</c>.</summary>
    public sealed record Pong(long Seq) : TerminalLine;

    /// <summary>The terminal leaves.</summary>
    public sealed record Bye(long Seq, string Reason) : TerminalLine;
}
