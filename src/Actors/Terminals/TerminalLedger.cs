using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>
/// What is journaled of a terminal: which deals are recorded (each ticket once), where each stream goes on, and the ledger.
/// Changed by <see cref="Apply"/> only.
/// </summary>
public sealed class TerminalLedger
{
    /// <summary>How far before a stream's cursor its tickets are remembered: the terminal reads this much of its history again.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>Most tickets remembered a stream; beyond it the oldest go (the terminal's own cursor keeps them away).</summary>
    public const int MaxRememberedTickets = 200_000;

    private const int LeastEventsPerSnapshot = 2000;

    private readonly Dictionary<Magic, StreamRecord> _streams = [];
    private readonly Dictionary<(Magic Magic, SymbolName Symbol), Level> _ledger = [];
    private readonly Dictionary<SymbolName, Price> _prices = [];
    private ImmutableArray<LedgerEntry> _shown = [];
    private long _shownDeal;

    /// <summary>How the account keeps positions; null before the first login.</summary>
    public MarginMode? Margin { get; private set; }

    /// <summary>The magics of the last session.</summary>
    public ImmutableArray<Magic> Listed { get; private set; } = [];

    /// <summary>Magics that an earlier session listed, this one does not, and nobody released.</summary>
    public ImmutableSortedSet<Magic> Unfed { get; private set; } = [];

    /// <summary>Magics that a person released and no session has listed since: they are flat, and that is known.</summary>
    public ImmutableSortedSet<Magic> Released { get; private set; } = [];

    /// <summary>Deals recorded over the terminal's whole life.</summary>
    public long Deals => _streams.Values.Sum(s => s.Deals);

    /// <summary>
    /// Events from one snapshot to the next: as many as it would hold tickets, so that snapshots cost each event the same however much is
    /// remembered, and 2000 at least.
    /// </summary>
    public int EventsPerSnapshot => Math.Max(LeastEventsPerSnapshot, _streams.Values.Sum(s => s.Tickets.Count));

    /// <summary>The streams that are known.</summary>
    public IEnumerable<Magic> Streams => _streams.Keys.Union(Listed).Order();

    /// <summary>What each magic holds, flat entries left out.</summary>
    public IEnumerable<LedgerEntry> Entries => _ledger.Select(e => new LedgerEntry(e.Key.Magic, e.Key.Symbol, e.Value));

    /// <summary>
    /// What an Expert Advisor that was started anew goes on from: the ledger of the last snapshot, and the newest deal in it. Not what the deals' lines
    /// said since: a line's level may hold deals whose own lines are lost with the terminal, and they would be counted twice.
    /// Until a snapshot names its newest deal: the lines' ledger, and 0.
    /// </summary>
    public (IEnumerable<LedgerEntry> Ledger, long Deal) Handover => _shownDeal == 0 ? (Entries, 0) : (_shown, _shownDeal);

    /// <summary>At what each symbol was dealt last.</summary>
    public IReadOnlyDictionary<SymbolName, Price> Prices => _prices;

    /// <summary>Where a stream goes on.</summary>
    public ResumePoint ResumeOf(Magic magic) =>
        _streams.TryGetValue(magic, out var s) ? new ResumePoint(magic, s.CursorTicket, s.CursorTime) : new ResumePoint(magic, 0, 0);

    /// <summary>Deals recorded of a stream.</summary>
    public long DealsOf(Magic magic) => _streams.TryGetValue(magic, out var s) ? s.Deals : 0;

    /// <summary>True when the deal is recorded already.</summary>
    public bool IsRecorded(long ticket) => _streams.Values.Any(s => s.Tickets.ContainsKey(ticket));

    /// <summary>What a magic holds as far as the ledger knows.</summary>
    public Level LevelOf(Magic magic, SymbolName symbol) => _ledger.GetValueOrDefault((magic, symbol));

    /// <summary>What a snapshot corrects, or null when it shows what we have from the deals and from the snapshot before.</summary>
    public LedgerCorrected? CorrectionBy(DateTimeOffset at, IEnumerable<ResumePosition> positions, long newestDeal)
    {
        var shown = positions.Where(p => !p.Level.IsFlat).ToDictionary(p => (p.Magic, p.Symbol), p => p.Level);

        // A stream that is no longer listed keeps its level when its terminal does not name it any more; but an Expert Advisor that is started anew has to
        // go on from what was named: on a netting account the level kept would be volume that nobody holds.
        var kept = _ledger.Where(e => Unfed.Contains(e.Key.Magic) && !shown.ContainsKey(e.Key)).ToArray();
        var isOurs = shown.Count + kept.Length == _ledger.Count && shown.All(e => _ledger.TryGetValue(e.Key, out var ours) && ours == e.Value);
        var ledger = InOrder(shown);
        var isShown = newestDeal == 0 || Margin == MarginMode.Hedging || (_shownDeal != 0 && ledger.SequenceEqual(_shown));
        return isOurs && isShown ? null : new LedgerCorrected(at, ledger, newestDeal, kept.Length == 0 ? null : InOrder(kept));
    }

    /// <summary>Applies a journaled event.</summary>
    public void Apply(object e)
    {
        switch (e)
        {
            case MagicsListed listed:
                Unfed = Unfed.Union(Listed).Except(listed.Magics);
                Released = Released.Except(listed.Magics);
                Margin = listed.Margin;
                Listed = listed.Magics;
                break;
            case DealRecorded deal:
                Record(deal);
                break;
            case DealCancelled:
                break;
            case LedgerCorrected corrected:
                _ledger.Clear();
                foreach (var entry in corrected.Ledger.Concat(corrected.Kept ?? [])) _ledger[(entry.Magic, entry.Symbol)] = entry.Level;
                if (corrected.Deal != 0) (_shown, _shownDeal) = (corrected.Ledger, corrected.Deal);
                break;
            case StreamReleased released:
                // No longer listed either: a session that lists it again is heard as news.
                Unfed = Unfed.Remove(released.Magic);
                Listed = Listed.Remove(released.Magic);
                Released = Released.Add(released.Magic);
                foreach (var key in _ledger.Keys.Where(k => k.Magic == released.Magic).ToArray()) _ledger.Remove(key);
                _shown = _shown.RemoveAll(e => e.Magic == released.Magic);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(e), e.GetType().Name, "A terminal event that has no rule.");
        }
    }

    /// <summary>The state as a snapshot.</summary>
    public TerminalSnapshot ToSnapshot() => new(
        Margin,
        Listed,
        [.. Unfed],
        [.. Entries.OrderBy(e => e.Magic).ThenBy(e => e.Symbol)],
        [.. _streams.OrderBy(s => s.Key).Select(s => new StreamSnapshot(
            s.Key, s.Value.Deals, s.Value.CursorTicket, s.Value.CursorTime, [.. s.Value.Tickets.Select(t => new RememberedTicket(t.Key, t.Value)).OrderBy(t => t.Ticket)]))],
        _shown,
        _shownDeal,
        [.. _prices.OrderBy(p => p.Key).Select(p => new LastPrice(p.Key, p.Value))],
        [.. Released]);

    /// <summary>Starts from a snapshot.</summary>
    public void Restore(TerminalSnapshot snapshot)
    {
        Margin = snapshot.Margin;
        Listed = snapshot.Listed;
        Unfed = [.. snapshot.Unfed];
        Released = [.. snapshot.Released ?? []];
        foreach (var entry in snapshot.Ledger) _ledger[(entry.Magic, entry.Symbol)] = entry.Level;
        (_shown, _shownDeal) = (snapshot.Shown ?? [], snapshot.ShownDeal);
        foreach (var s in snapshot.Streams)
        {
            var record = new StreamRecord { Deals = s.Deals, CursorTicket = s.CursorTicket, CursorTime = s.CursorTime };
            foreach (var t in s.Tickets) record.Tickets[t.Ticket] = t.TimeMsc;
            _streams[s.Magic] = record;
        }

        foreach (var price in snapshot.Prices ?? []) _prices[price.Symbol] = price.Price;
    }

    private static ImmutableArray<LedgerEntry> InOrder(IEnumerable<KeyValuePair<(Magic Magic, SymbolName Symbol), Level>> levels) =>
        [.. levels.Select(e => new LedgerEntry(e.Key.Magic, e.Key.Symbol, e.Value)).OrderBy(e => e.Magic).ThenBy(e => e.Symbol)];

    private void Record(DealRecorded e)
    {
        if (!_streams.TryGetValue(e.Stream, out var s)) _streams[e.Stream] = s = new StreamRecord();
        if (!s.Tickets.TryAdd(e.Deal.Ticket, e.Deal.Time)) return;
        s.Deals++;
        if (e.Deal.Ticket > s.CursorTicket) (s.CursorTicket, s.CursorTime) = (e.Deal.Ticket, Math.Max(s.CursorTime, e.Deal.Time));
        s.Prune();
        if (e.Deal.Price > 0m) _prices[e.Deal.Symbol] = new Price(e.Deal.Price);
        if (e.Level.IsFlat) _ledger.Remove((e.Stream, e.Deal.Symbol));
        else _ledger[(e.Stream, e.Deal.Symbol)] = e.Level;
    }

    private sealed class StreamRecord
    {
        private const int PruneEvery = 1000;
        private int _sincePrune;

        public long Deals { get; set; }

        public long CursorTicket { get; set; }

        public long CursorTime { get; set; }

        public Dictionary<long, long> Tickets { get; } = [];

        public void Prune()
        {
            if (++_sincePrune < PruneEvery) return;
            _sincePrune = 0;
            var oldest = CursorTime - (long)(2 * Overlap.TotalMilliseconds);
            foreach (var (ticket, _) in Tickets.Where(t => t.Value < oldest).ToArray()) Tickets.Remove(ticket);
            if (Tickets.Count <= MaxRememberedTickets) return;
            foreach (var (ticket, _) in Tickets.OrderBy(t => t.Value).Take(Tickets.Count - MaxRememberedTickets).ToArray()) Tickets.Remove(ticket);
        }
    }
}

/// <summary>A terminal's journaled state.</summary>
public sealed record TerminalSnapshot(
    MarginMode? Margin,
    ImmutableArray<Magic> Listed,
    ImmutableArray<Magic> Unfed,
    ImmutableArray<LedgerEntry> Ledger,
    ImmutableArray<StreamSnapshot> Streams,
    ImmutableArray<LedgerEntry>? Shown = null,
    long ShownDeal = 0,
    ImmutableArray<LastPrice>? Prices = null,
    ImmutableArray<Magic>? Released = null) : Journal.IJournalRecord;

/// <summary>At what a symbol was dealt last.</summary>
public sealed record LastPrice(SymbolName Symbol, Price Price);

/// <summary>A stream's journaled state.</summary>
public sealed record StreamSnapshot(Magic Magic, long Deals, long CursorTicket, long CursorTime, ImmutableArray<RememberedTicket> Tickets);

/// <summary>A deal that is recorded.</summary>
public sealed record RememberedTicket(long Ticket, long TimeMsc);
