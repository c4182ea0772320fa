using System.Collections.Immutable;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>The Expert Advisor of this session lists these magics.</summary>
public sealed record MagicsListed(DateTimeOffset At, MarginMode Margin, ImmutableArray<Magic> Magics) : IJournalRecord;

/// <summary>A deal was recorded, with the level that its stream had as the line was written.</summary>
public sealed record DealRecorded(DateTimeOffset At, Magic Stream, Deal Deal, Level Level, long UtcMsc) : IJournalRecord;

/// <summary>The trade server cancelled a recorded deal.</summary>
public sealed record DealCancelled(DateTimeOffset At, long Ticket) : IJournalRecord;

/// <summary>
/// A snapshot said something else than the deals or than the snapshot before: the ledger as the terminal has it from now on (flat entries left out), and
/// the newest deal in it. 0 = not known.
/// </summary>
/// <param name="At">When.</param>
/// <param name="Ledger">What the snapshot named. (Written by an earlier version, it holds what was kept as well.)</param>
/// <param name="Deal">The newest deal in it.</param>
/// <param name="Kept">Levels of streams that are no longer listed and that the snapshot did not name; null = none.</param>
public sealed record LedgerCorrected(DateTimeOffset At, ImmutableArray<LedgerEntry> Ledger, long Deal = 0, ImmutableArray<LedgerEntry>? Kept = null) : IJournalRecord;

/// <summary>What a magic holds in one symbol.</summary>
public sealed record LedgerEntry(Magic Magic, SymbolName Symbol, Level Level);

/// <summary>A person released a stream that is no longer listed: it is flat.</summary>
public sealed record StreamReleased(DateTimeOffset At, Magic Magic) : IJournalRecord;
