using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>One process of the host: what the connector does around its legs, in little (line, readings, gate, levels, syncs).</summary>
internal sealed class SimHost
{
    private const string ConnectorTag = "simc";
    private const int FailedReadsUntilLost = 3;
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(15);

    private readonly World _world;
    private readonly DateTimeOffset _began;
    private readonly Dictionary<LegId, SimLeg> _legs = [];
    private bool _running;
    private bool _reading;
    private bool _readAgain;
    private int _failedReads;
    private long _syncs;
    private Uptime? _fundsBlockedUntil;

    public SimHost(World world, int process)
    {
        (_world, _began) = (world, world.Now);
        var tag = world.Scenario.Bug == PlantedBug.ProcessTagReused ? "p00000" : "p" + process.ToString("d5", CultureInfo.InvariantCulture);
        Ids = new OrderIds(ConnectorTag, tag, new VersionCounter());
        world.Disk.ProcessTags.Add(tag);
        Gateway = new SimGateway(world, this);
        Feed = new SimFeed(world, this);
    }

    public OrderIds Ids { get; }

    public VersionCounter Versions { get; } = new();

    public SimGateway Gateway { get; }

    public SimFeed Feed { get; }

    public bool Alive { get; private set; } = true;

    /// <summary>Changes with each connection to the venue: what an old stream brings is not heard.</summary>
    public int StreamEpoch { get; private set; } = 1;

    /// <summary>The clock of the host's machine.</summary>
    public DateTimeOffset Now => _world.Now + _world.HostSkew;

    /// <summary>Its monotonic clock, which each process begins somewhere else.</summary>
    public Uptime Uptime => new(_world.Now - _began + TimeSpan.FromHours(_world.Processes));

    private Gate Gate => _world.Terminal.PausedWhy is { } why ? Gate.Closed(why)
        : !_running ? Gate.Closed("connecting")
        : Gate.Free with { FundsBlockedUntil = _fundsBlockedUntil };

    public void Start()
    {
        _world.Trace.Note("host starts", Ids.ProcessTag);
        StreamEpoch = _world.Processes * 1000;
        RenewLease();
        foreach (var id in _world.Legs()) Open(id);
        Soon(_world.Chance.Milliseconds(10, 500), Connect);
        Soon(TimeSpan.FromSeconds(_world.Chance.Between(30, 120)), PeriodicSync);
    }

    // While the process runs it renews its right to trade in time.
    private void RenewLease()
    {
        _world.LeaseEnds = _world.Now + s_lease;
        Soon(s_lease / 3, RenewLease);
    }

    public void Die() => Alive = false;

    public void Heal()
    {
        foreach (var leg in _legs.Values) Later(leg, Configuration(leg.Id));
    }

    public void Restart(LegId id)
    {
        if (Alive) Open(id);
    }

    public IEnumerable<SimLeg> Legs => _legs.Values;

    public void ReadHoldings()
    {
        if (_reading)
        {
            _readAgain = true;
            return;
        }

        (_reading, _readAgain) = (true, false);
        var (epoch, version) = (StreamEpoch, Versions.Next());
        var began = _world.Now;
        Gateway.ReadHoldings(() => Alive && epoch == StreamEpoch, answer => TakeHoldings(version, began, answer));
    }

    public void Take(LegId leg, LegInput input)
    {
        if (Alive) _legs[leg].Take(input);
    }

    public void TakeReport(LegId leg, OrderReport report)
    {
        if (_world.Disk.ProcessTags.Contains(report.ClientOrderId.ProcessTag)) Take(leg, new LegInput.OrderReported(report));
        if (_world.Chance.Chance(0.5)) ReadHoldings();
    }

    public void StrangerSeen() => PauseSoon("another host trades this account");

    public void InstrumentChanged()
    {
        foreach (var leg in _legs.Values) Later(leg, Configuration(leg.Id));
    }

    public void PauseSoon(string why) => Soon(TimeSpan.FromMilliseconds(1), () =>
    {
        _world.Terminal.PausedWhy ??= why;
        TellGate();
    });

    public void FundsShort()
    {
        _fundsBlockedUntil = Uptime + TimeSpan.FromSeconds(30);
        Soon(TimeSpan.Zero, TellGate);
    }

    public void LoseLine()
    {
        if (!Alive) return;
        StreamEpoch++;
        (_running, _reading) = (false, false);
        _world.Trace.Note("line lost");
        TellGate();
        Soon(_world.Chance.Milliseconds(1000, 8000), Connect);
    }

    public void TellGate()
    {
        // One sender, one mailbox: what is heard later is never older.
        foreach (var leg in _legs.Values) Soon(TimeSpan.FromMilliseconds(1), () => leg.Take(new LegInput.GateChanged(Gate)));
    }

    public void Sync(bool byPerson)
    {
        if (!_running || !Feed.Synchronised) return;
        var options = new SyncOptions($"{Ids.ProcessTag}-{++_syncs}", true, !_world.Scenario.KeepForeign, AcceptScale: byPerson, byPerson);
        var from = Versions.Next();
        _world.Trace.Note("sync", options.SyncId);
        ReadHoldings();
        foreach (var leg in _legs.Values) Later(leg, new LegInput.Sync(options, from));
    }

    public void Offer(SymbolName symbol)
    {
        var told = Feed.Contributions(symbol);
        foreach (var leg in _legs.Values.Where(l => SymbolOf(l.Id) == symbol))
        {
            var delay = TimeSpan.FromMilliseconds(1);
            if (_world.Dice.Strikes(Fault.LevelsReordered)) delay = _world.Chance.Milliseconds(10, 10_000);
            Tell(leg.Id, told, delay);
            if (_world.Dice.Strikes(Fault.LevelsDuplicated)) Tell(leg.Id, told, delay + _world.Chance.Milliseconds(10, 10_000));
        }
    }

    // An old message brings old levels; how well they are known is said as of now.
    public LegInput.LevelsChanged WithKnowledgeOfNow(LegInput.LevelsChanged levels) =>
        levels with { Contributions = [.. levels.Contributions.Select(c => c with { Knowledge = Feed.KnowledgeOf(c.Source) })] };

    public void Soon(TimeSpan delay, Action action) => _world.Timeline.After(delay, () =>
    {
        if (Alive) action();
    });

    private void Open(LegId id)
    {
        var leg = new SimLeg(_world, this, id);
        _legs[id] = leg;
        leg.Start();
        if (_world.Disk.Captured is not null) leg.Take(Configuration(id));
        leg.Take(new LegInput.LevelsChanged(Feed.Contributions(SymbolOf(id)), null));
        leg.Take(new LegInput.GateChanged(Gate));
    }

    private static SymbolName SymbolOf(LegId id) => new(id.Holding.Replace("USDT", "", StringComparison.Ordinal));

    private void Tell(LegId id, ImmutableArray<Contribution> told, TimeSpan delay) => Soon(delay, () => Take(id, new LegInput.LevelsChanged(told, new Price(100m))));

    private LegInput.Configure Configuration(LegId id)
    {
        var instrument = Array.Find(_world.Instruments, i => i.HoldingName == id.Holding)!;
        var captured = _world.Disk.Captured?.GetValueOrDefault(id) ?? default;
        return new LegInput.Configure(new LegConfiguration(
            instrument with { Status = _world.Venue.StatusOf(instrument.Id) }, _world.Scenario.Venue.Rules, _world.Scenario.Limits, captured));
    }

    private void Connect()
    {
        if (!_running) ReadHoldings();
        Soon(TimeSpan.FromSeconds(15), () =>
        {
            if (!_running && !_reading) Connect();
        });
    }

    private void TakeHoldings(long version, DateTimeOffset began, ImmutableDictionary<LegId, decimal>? answer)
    {
        _reading = false;
        if (answer is null && _world.Scenario.Bug == PlantedBug.FailedReadingIsFlat) answer = ImmutableDictionary<LegId, decimal>.Empty;
        if (answer is null)
        {
            _readAgain = false;
            if (!_running || ++_failedReads >= FailedReadsUntilLost) LoseLine();
            return;
        }

        _failedReads = 0;
        if (_world.Scenario.Bug == PlantedBug.ReadingStampedLate) version = Versions.Next();
        _world.Checker.ReadingBegan(version, began);
        if (_world.Disk.Captured is null)
        {
            _world.Disk.Captured = _world.Legs().ToDictionary(l => l, l => new Contracts(answer.GetValueOrDefault(l)));
            foreach (var leg in _legs.Values.ToArray()) leg.Take(Configuration(leg.Id));
        }

        if (!_running) BecomeRunning();
        foreach (var leg in _legs.Values.ToArray())
        {
            var held = answer.GetValueOrDefault(leg.Id);
            leg.Take(new LegInput.ReadingArrived(new LegReading(
                version, new Contracts(held), _world.Scenario.Venue.Kind == ProductKind.Spot ? new Contracts(held) : null)));
        }

        if (_readAgain) ReadHoldings();
    }

    private void BecomeRunning()
    {
        foreach (var leg in _legs.Values.ToArray()) leg.Take(new LegInput.ActualDoubted("the line to the venue was down"));
        _running = true;
        _world.Trace.Note("line up");
        foreach (var leg in _legs.Values.ToArray()) leg.Take(new LegInput.GateChanged(Gate));
    }

    private void PeriodicSync()
    {
        if (_world.Terminal.PausedWhy is null) Sync(byPerson: false);
        Soon(TimeSpan.FromSeconds(_world.Chance.Between(60, 180)), PeriodicSync);
    }

    private void Later(SimLeg leg, LegInput input) => Soon(TimeSpan.FromMilliseconds(1), () => leg.Take(input));
}
