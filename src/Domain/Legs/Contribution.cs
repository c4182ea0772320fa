using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>How well the level of a stream is known.</summary>
public enum LevelKnowledge
{
    /// <summary>No complete snapshot since the host's start, or the terminal is half loaded: the leg holds.</summary>
    Unknown,

    /// <summary>As the terminal says.</summary>
    Known,

    /// <summary>The line is down: the last level goes on counting.</summary>
    Stale,

    /// <summary>The Expert Advisor no longer lists the stream: its level stays, the leg holds, a person releases it.</summary>
    Unfed,
}

/// <summary>Orders the levels of a stream; a leg drops an older one.</summary>
/// <param name="Session">The feed session; grows.</param>
/// <param name="Seq">The line in the session; grows.</param>
public readonly record struct LevelVersion(long Session, long Seq) : IComparable<LevelVersion>
{
    /// <inheritdoc/>
    public int CompareTo(LevelVersion other) => Session != other.Session ? Session.CompareTo(other.Session) : Seq.CompareTo(other.Seq);

    /// <summary>Older than.</summary>
    public static bool operator <(LevelVersion a, LevelVersion b) => a.CompareTo(b) < 0;

    /// <summary>Newer than.</summary>
    public static bool operator >(LevelVersion a, LevelVersion b) => a.CompareTo(b) > 0;

    /// <summary>Not newer than.</summary>
    public static bool operator <=(LevelVersion a, LevelVersion b) => a.CompareTo(b) <= 0;

    /// <summary>Not older than.</summary>
    public static bool operator >=(LevelVersion a, LevelVersion b) => a.CompareTo(b) >= 0;
}

/// <summary>Where a part of a target comes from: one stream in one symbol.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Symbol">The MT5 symbol.</param>
public readonly record struct SourceId(StreamId Stream, SymbolName Symbol) : IComparable<SourceId>
{
    /// <inheritdoc/>
    public int CompareTo(SourceId other) => Stream.CompareTo(other.Stream) is var c && c != 0 ? c : Symbol.CompareTo(other.Symbol);

    /// <inheritdoc/>
    public override string ToString() => $"{Stream}/{Symbol}";
}

/// <summary>What one source asks of a leg.</summary>
/// <param name="Source">Stream and symbol.</param>
/// <param name="Level">Lots that the stream holds.</param>
/// <param name="Knowledge">How well the level is known.</param>
/// <param name="Version">Orders levels of this source.</param>
/// <param name="BaseUnitsPerLot">MT5 contract size × multiplier × mapping scale; above zero.</param>
/// <param name="Preexisting">What the stream held before the connector knew it (its terminal's first complete snapshot); flat later.</param>
/// <param name="Tickets">The newest deals behind the level (bounded), for the explanation of an order.</param>
public sealed record Contribution(
    SourceId Source,
    Level Level,
    LevelKnowledge Knowledge,
    LevelVersion Version,
    decimal BaseUnitsPerLot,
    Level Preexisting,
    ImmutableArray<long> Tickets);
