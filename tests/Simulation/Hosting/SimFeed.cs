using System.Collections.Immutable;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>The host's end of the terminal's line, in little: forwards levels at once, records each deal once, then acknowledges it.</summary>
internal sealed class SimFeed
{
    private const string JournalId = "terminal";

    private readonly World _world;
    private readonly SimHost _host;
    private readonly Dictionary<SourceId, (Level Level, LevelVersion Version, LevelKnowledge Knowledge)> _table = [];
    private readonly HashSet<long> _pending = [];
    private TerminalLedger _ledger = new();
    private bool _broken;

    public SimFeed(World world, SimHost host)
    {
        (_world, _host) = (world, host);
        foreach (var source in world.Terminal.Sources) _table[source] = (Level.Flat, default, LevelKnowledge.Unknown);
        ReadJournal();
    }

    /// <summary>The terminal said completely what it holds, in this process.</summary>
    public bool Synchronised => _table.Values.All(e => e.Knowledge is not LevelKnowledge.Unknown);

    public LevelKnowledge KnowledgeOf(SourceId source) => _table[source].Knowledge;

    public ImmutableArray<Contribution> Contributions(SymbolName symbol) =>
    [
        .. _table.Where(e => e.Key.Symbol == symbol).OrderBy(e => e.Key).Select(e => new Contribution(
            e.Key, e.Value.Level, e.Value.Knowledge, e.Value.Version, 1m, _world.Disk.Preexisting.GetValueOrDefault(e.Key), [])),
    ];

    /// <summary>The line is down: what was known goes stale.</summary>
    public void LineDown()
    {
        foreach (var (source, e) in _table.ToArray())
            if (e.Knowledge == LevelKnowledge.Known) Put(source, e.Level, e.Version, LevelKnowledge.Stale);
        OfferAll();
    }

    /// <summary>The terminal is connected but not wholly loaded: what it holds is not known.</summary>
    public void HalfLoaded()
    {
        foreach (var (source, e) in _table.ToArray()) Put(source, e.Level, e.Version, LevelKnowledge.Unknown);
        OfferAll();
    }

    /// <summary>A complete snapshot of a session; sources that it does not list are unfed.</summary>
    public void Snapshot(LevelVersion version, IReadOnlyDictionary<SourceId, Level> levels)
    {
        foreach (var (source, e) in _table.ToArray())
        {
            if (!levels.TryGetValue(source, out var level))
            {
                Put(source, e.Level, e.Version, e.Version == default ? LevelKnowledge.Unknown : LevelKnowledge.Unfed);
                continue;
            }

            _world.Disk.Preexisting.TryAdd(source, level);
            if (version >= e.Version) Put(source, level, version, LevelKnowledge.Known);
        }

        OfferAll();
    }

    public void DealLine(LevelVersion version, Deal deal, SourceId source, Level level, Action acknowledge)
    {
        var e = _table[source];
        if (version > e.Version)
        {
            Put(source, level, version, e.Knowledge);
            _host.Offer(source.Symbol);
        }

        Record(deal, source, level, acknowledge);
    }

    /// <summary>A deal of before the session, told again because it was not acknowledged.</summary>
    public void Record(Deal deal, SourceId source, Level level, Action acknowledge)
    {
        if (_broken) return;
        var known = _world.Scenario.Bug != PlantedBug.DealsNotDeduplicated && (_ledger.IsRecorded(deal.Ticket) || !_pending.Add(deal.Ticket));
        if (known)
        {
            if (_ledger.IsRecorded(deal.Ticket)) acknowledge();
            return;
        }

        if (_world.Scenario.Bug == PlantedBug.AcknowledgedBeforeRecorded) acknowledge();
        var recorded = new DealRecorded(_host.Now, source.Stream.Magic, deal, level, deal.Time);
        var full = _world.Dice.Strikes(Fault.DiskFull);
        var frame = full ? null : _world.Disk.Write(JournalId, [recorded]);
        var delay = _world.Dice.Strikes(Fault.WriteSlow) ? _world.Chance.Milliseconds(50, 3000) : TimeSpan.FromMilliseconds(0.3);
        _host.Soon(delay, () =>
        {
            if (frame is null)
            {
                Break();
                return;
            }

            if (!frame.Synced) Apply(frame);
            frame.Synced = true;
            Seen(frame);
            acknowledge();
        });
    }

    private void Put(SourceId source, Level level, LevelVersion version, LevelKnowledge knowledge) => _table[source] = (level, version, knowledge);

    private void OfferAll()
    {
        foreach (var symbol in _table.Keys.Select(s => s.Symbol).Distinct().Order()) _host.Offer(symbol);
    }

    // The journal of the terminal failed: its actor begins anew from what is stored, and the session with it.
    private void Break()
    {
        if (_broken) return;
        _broken = true;
        _world.Terminal.EndSession();
        _host.Soon(_world.Chance.Milliseconds(500, 3000), () =>
        {
            _broken = false;
            _pending.Clear();
            ReadJournal();

            // What came while the terminal's actor was down was not heard: a new session tells it again.
            _world.Terminal.EndSession();
        });
    }

    private void ReadJournal()
    {
        _ledger = new TerminalLedger();
        foreach (var frame in _world.Disk.Journal(JournalId))
        {
            // A recovery reads behind the writes that are under way: they are durable by then.
            frame.Synced = true;
            Apply(frame);
            Seen(frame);
        }
    }

    private void Apply(Frame frame)
    {
        foreach (var e in frame.Events) _ledger.Apply(e);
    }

    private void Seen(Frame frame)
    {
        if (frame.Seen) return;
        frame.Seen = true;
        _world.Checker.DealRecorded(((DealRecorded)frame.Events[0]).Deal.Ticket);
    }
}
