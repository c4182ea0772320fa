using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Client;

/// <summary>One entry of a terminal's trade history.</summary>
/// <param name="Index">Its place in the history, from 0.</param>
/// <param name="Deal">The deal.</param>
/// <param name="Changes">What it changed.</param>
/// <param name="IsVoid">The deal was cancelled by this entry.</param>
public sealed record HistoryEntry(long Index, Deal Deal, IReadOnlyList<StreamChange> Changes, bool IsVoid);

/// <summary>What a terminal holds at one moment, all of it read at once.</summary>
/// <param name="Levels">What each stream holds; on netting accounts −1 included.</param>
/// <param name="Totals">What the account holds in each symbol that is not flat.</param>
/// <param name="LastDeal">Largest ticket of the history; 0 = none.</param>
/// <param name="Time">Server time in milliseconds.</param>
/// <param name="NextIndex">Index that the next entry of the history will have.</param>
public sealed record TerminalPicture(
    IReadOnlyList<StreamLevel> Levels,
    IReadOnlyDictionary<SymbolName, Level> Totals,
    long LastDeal,
    long Time,
    long NextIndex);

/// <summary>Balance, equity and free margin in account currency.</summary>
public readonly record struct AccountFigures(decimal Balance, decimal Equity, decimal MarginFree);

/// <summary>
/// An MT5 account in memory, as an Expert Advisor sees it: symbols, trade history, positions attributed to streams. It trades nothing by
/// itself; whoever owns it applies deals. Safe for concurrent use.
/// </summary>
public sealed class SimulatedTerminal
{
    /// <summary>Entries of the history that are kept; the oldest are forgotten first.</summary>
    public const int MaxHistory = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<SymbolName, SymbolFacts> _symbols = [];
    private readonly Queue<HistoryEntry> _forgettable = [];
    private readonly SortedDictionary<long, HistoryEntry> _deals = [];
    private readonly Dictionary<long, HistoryEntry> _entries = [];
    private readonly Dictionary<SymbolName, decimal> _net = [];
    private readonly HedgingBook? _book;
    private NettingLedger? _ledger;
    private long _nextIndex;
    private long _lastDeal;
    private long _time;
    private long _symbolsVersion;
    private AccountFigures _account;

    /// <summary>An empty account.</summary>
    /// <param name="id">Account and server.</param>
    /// <param name="margin">How it keeps positions.</param>
    /// <param name="listed">The magics that its Expert Advisor lists; empty = trades by hand.</param>
    public SimulatedTerminal(TerminalId id, MarginMode margin, IReadOnlyCollection<Magic> listed)
    {
        Id = id;
        Margin = margin;
        Listed = listed.Count == 0 ? [Magic.ByHand] : [.. listed.Distinct().Order()];
        if (margin == MarginMode.Hedging) _book = new HedgingBook();
        else _ledger = new NettingLedger(Listed);
    }

    /// <summary>Something that a host should hear of has changed. Raised on the thread that changed it, outside of any lock.</summary>
    public event Action? Changed;

    /// <summary>Account and server.</summary>
    public TerminalId Id { get; }

    /// <summary>How the account keeps positions.</summary>
    public MarginMode Margin { get; }

    /// <summary>The listed magics, ascending.</summary>
    public IReadOnlyList<Magic> Listed { get; }

    /// <summary>demo, contest or real. Default: demo.</summary>
    public string AccountMode { get; init; } = "demo";

    /// <summary>Account currency. Default: USD.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>The terminal's build. Default: 5000.</summary>
    public int Build { get; init; } = 5_000;

    /// <summary>Server time less UTC. Default: zero.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.Zero;

    /// <summary>Grows whenever a symbol is described anew.</summary>
    public long SymbolsVersion => Interlocked.Read(ref _symbolsVersion);

    /// <summary>Server time in milliseconds.</summary>
    public long Time
    {
        get
        {
            lock (_lock) return _time;
        }
    }

    /// <summary>Index that the next entry of the history will have.</summary>
    public long NextIndex
    {
        get
        {
            lock (_lock) return _nextIndex;
        }
    }

    /// <summary>The account's figures.</summary>
    public AccountFigures Account
    {
        get
        {
            lock (_lock) return _account;
        }

        set
        {
            lock (_lock) _account = value;
        }
    }

    /// <summary>Describes a symbol; every symbol is described before it is traded.</summary>
    public void Describe(SymbolFacts facts)
    {
        lock (_lock) _symbols[facts.Name] = facts;
        Interlocked.Increment(ref _symbolsVersion);
        Changed?.Invoke();
    }

    /// <summary>What is known of a symbol; null = never described.</summary>
    public SymbolFacts? FactsOf(SymbolName symbol)
    {
        lock (_lock) return _symbols.GetValueOrDefault(symbol);
    }

    /// <summary>Puts a position there that was opened before the history begins.</summary>
    /// <param name="position">On a netting account the id is of no meaning.</param>
    /// <exception cref="InvalidOperationException">The symbol was not described, or a deal was applied before.</exception>
    public void Open(HedgingPosition position)
    {
        lock (_lock)
        {
            RequireKnown(position.Symbol);
            if (_nextIndex != 0) throw new InvalidOperationException("Positions from before the history are put in before the first deal.");
            if (_book is not null)
            {
                _book.Resume([.. _book.Positions.Where(p => p.Id != position.Id), position]);
            }
            else
            {
                var signed = position.Side == OrderSide.Buy ? position.Volume : new Lots(-position.Volume.Value);
                _ledger!.Resume([.. _ledger.Levels, new StreamLevel(position.Magic, position.Symbol, Level.OfNet(signed))]);
                _ledger.SetOwner(position.Symbol, position.Magic);
                _net[position.Symbol] = _net.GetValueOrDefault(position.Symbol) + signed.Value;
            }
        }

        Changed?.Invoke();
    }

    /// <summary>Applies a deal: it enters the history and changes the levels.</summary>
    /// <returns>The streams that it changed.</returns>
    /// <exception cref="InvalidOperationException">The symbol was not described, the ticket is there already, or a hedging deal names no position.</exception>
    public IReadOnlyList<StreamChange> Apply(Deal deal)
    {
        IReadOnlyList<StreamChange> changes;
        lock (_lock)
        {
            RequireKnown(deal.Symbol);
            if (_deals.ContainsKey(deal.Ticket)) throw new InvalidOperationException($"Deal {deal.Ticket} is in the history already.");
            if (_book is not null && deal.Position <= 0) throw new InvalidOperationException($"Deal {deal.Ticket} of a hedging account names no position.");
            changes = _book?.Apply(deal) ?? _ledger!.Apply(deal);
            if (_ledger is not null) _net[deal.Symbol] = _net.GetValueOrDefault(deal.Symbol) + deal.Signed.Value;
            _time = Math.Max(_time, deal.Time);
            _lastDeal = Math.Max(_lastDeal, deal.Ticket);
            Add(deal, changes, isVoid: false);
        }

        Changed?.Invoke();
        return changes;
    }

    /// <summary>The trade server cancels a deal.</summary>
    /// <returns>The streams that this changed.</returns>
    /// <exception cref="InvalidOperationException">The history has no such deal, or it was cancelled before.</exception>
    public IReadOnlyList<StreamChange> Void(long ticket)
    {
        IReadOnlyList<StreamChange> changes;
        lock (_lock)
        {
            if (!_deals.TryGetValue(ticket, out var entry) || entry.IsVoid) throw new InvalidOperationException($"There is no deal {ticket} to cancel.");
            var deal = entry.Deal;
            changes = _book?.Void(deal, entry.Changes) ?? _ledger!.Void(deal, entry.Changes);
            if (_ledger is not null) _net[deal.Symbol] -= deal.Signed.Value;
            Add(deal, changes, isVoid: true);
        }

        Changed?.Invoke();
        return changes;
    }

    /// <summary>Moves the server's clock forward; a deal moves it too.</summary>
    public void SetTime(long milliseconds)
    {
        lock (_lock) _time = Math.Max(_time, milliseconds);
    }

    /// <summary>What a stream holds in a symbol now.</summary>
    public Level LevelOf(Magic stream, SymbolName symbol)
    {
        lock (_lock) return _book?.LevelOf(stream, symbol) ?? _ledger!.LevelOf(stream, symbol);
    }

    /// <summary>What the account holds now.</summary>
    public TerminalPicture Read()
    {
        lock (_lock)
        {
            var totals = _book?.Totals ?? _net.Where(n => n.Value != 0m).ToDictionary(n => n.Key, n => Level.OfNet(new Lots(n.Value)));
            return new TerminalPicture(_book?.Levels ?? _ledger!.Levels, totals, _lastDeal, _time, _nextIndex);
        }
    }

    /// <summary>Entries of the history from an index on, at most <paramref name="max"/>, in the order in which they happened.</summary>
    public IReadOnlyList<HistoryEntry> ReadFrom(long index, int max)
    {
        lock (_lock)
        {
            var entries = new List<HistoryEntry>();
            for (var i = index; i < _nextIndex && entries.Count < max; i++)
                if (_entries.TryGetValue(i, out var entry)) entries.Add(entry);
            return entries;
        }
    }

    /// <summary>
    /// The history as a terminal shows it: every deal at or after the time, in ticket order, with the cancelled ones marked; and the index
    /// that the next entry will have.
    /// </summary>
    public (IReadOnlyList<HistoryEntry> Deals, long NextIndex) DealsSince(long milliseconds)
    {
        lock (_lock) return ([.. _deals.Values.Where(d => d.Deal.Time >= milliseconds)], _nextIndex);
    }

    /// <summary>
    /// Netting accounts: forgets the own ledger and goes on from another one, as a restarted Expert Advisor does with the host's. Deals above
    /// <paramref name="ledgerDeal"/> are applied to it, and what then differs from the account goes to −1.
    /// </summary>
    public void TakeLedger(IEnumerable<StreamLevel> levels, long ledgerDeal)
    {
        lock (_lock)
        {
            if (_ledger is null) return;
            var taken = new NettingLedger(Listed);
            taken.Resume(levels);
            foreach (var symbol in _symbols.Keys)
                if (_ledger.OwnerOf(symbol) is { } owner) taken.SetOwner(symbol, owner);
            foreach (var entry in _deals.Values.Where(d => d.Deal.Ticket > ledgerDeal && !d.IsVoid)) taken.Apply(entry.Deal);
            taken.Reconcile(_net.ToDictionary(n => n.Key, n => Level.OfNet(new Lots(n.Value))));
            _ledger = taken;
        }

        Changed?.Invoke();
    }

    private void Add(Deal deal, IReadOnlyList<StreamChange> changes, bool isVoid)
    {
        var entry = new HistoryEntry(_nextIndex++, deal, changes, isVoid);
        _entries.Add(entry.Index, entry);
        _deals[deal.Ticket] = entry;
        _forgettable.Enqueue(entry);
        if (_forgettable.Count <= MaxHistory) return;
        var oldest = _forgettable.Dequeue();
        _entries.Remove(oldest.Index);
        if (_deals.GetValueOrDefault(oldest.Deal.Ticket) == oldest) _deals.Remove(oldest.Deal.Ticket);
    }

    private void RequireKnown(SymbolName symbol)
    {
        if (!_symbols.ContainsKey(symbol)) throw new InvalidOperationException($"Symbol {symbol} was not described.");
    }
}
