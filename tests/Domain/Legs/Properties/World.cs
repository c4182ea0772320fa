using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Domain.Tests.Legs.Kit;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>
/// A leg between a model venue and a model terminal in virtual time. Journals before it acts; a crash drops everything but the journal
/// and what is already on its way to the venue. Each decision is shown to the <see cref="Checker"/>.
/// </summary>
internal sealed class World
{
    private static readonly TimeSpan s_validity = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _queue = new();
    private readonly Dictionary<Kind, Queue<(int A, int B)>> _fates = [];
    private readonly List<JournaledEvent> _journal = [];
    private readonly List<ImmutableArray<Contribution>> _told = [];
    private readonly Contribution[] _sources;
    private readonly LegConfiguration _configuration;
    private readonly Checker _checker;
    private LegState _state;
    private DateTimeOffset? _wake;
    private Gate _gate = Gate.Free;
    private long _version;
    private long _ids;
    private long _order;
    private int _process;
    private int _crash = -1;

    public World(Setup setup)
    {
        Setup = setup;
        Venue = new ModelVenue(setup);
        var spot = setup.Product == ProductKind.Spot;
        var instrument = Given.Future with
        {
            Kind = setup.Product,
            LotStep = setup.Step,
            MinQuantity = setup.MinSteps * setup.Step,
            MaxQuantity = setup.MaxSteps * setup.Step,
        };
        var rules = new VenueRules(
            setup.Product, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(3), !spot, setup.ClosesBelowMinimum, setup.Crosses, HonoursExpiry: true);
        var limits = new LegLimits(3, TimeSpan.FromSeconds(20), s_validity, setup.SyncAtStartup, new GuardRails { MaxOrdersPerMinute = 5 });
        _configuration = new LegConfiguration(instrument, rules, limits, new Contracts(Venue.Position));
        _state = new LegState(instrument.Leg(setup.Side));
        _checker = new Checker(setup, _configuration);
        _sources = [.. Enumerable.Range(1, setup.Sources).Select(i => Source(i, i == 1 ? setup.PreexistingHalfSteps : 0))];
        Start();
    }

    public Setup Setup { get; }

    public ModelVenue Venue { get; }

    public DateTimeOffset Now { get; private set; } = Given.Start;

    /// <summary>The monotonic clock: each process has its own.</summary>
    public Uptime Clock => Given.Clock + (Now - Given.Start) - TimeSpan.FromMinutes(_process);

    public LegState State => _state;

    public IReadOnlyList<JournaledEvent> Journal => _journal;

    public void Do(Act act)
    {
        var (a, b) = (act.A, act.B);
        switch (act.Kind)
        {
            case Kind.Level:
                var i = b % _sources.Length;
                SetSource(i, _sources[i] with { Level = LevelOf(a) });
                break;
            case Kind.Wait:
                Advance(TimeSpan.FromMilliseconds(((a * a * a * 40) + b) * (b == 9 ? 10 : 1)));
                break;
            case Kind.SubmitFate or Kind.LookupFate or Kind.CancelFate or Kind.ReadingFate:
                Fates(act.Kind).Enqueue((a, b));
                break;
            case Kind.Manual:
                Venue.Manual(Now, a * Setup.Step);
                _checker.Tampered = true;
                break;
            case Kind.Crash:
                _crash = a;
                if (a == 0) Restart();
                break;
            case Kind.Gate:
                _gate = a switch { 0 => Gate.Closed("paused"), 1 => Gate.Free with { IncreasesHeld = "a sync reduces first" }, _ => Gate.Free };
                Deliver(new LegInput.GateChanged(_gate));
                break;
            case Kind.Sync:
                Sync((a & 1) == 0, (a & 2) == 0, (a & 4) == 0, (a & 24) == 0);
                break;
            case Kind.Knowledge:
                var k = b % _sources.Length;
                SetSource(k, _sources[k] with { Knowledge = a switch { 0 => LevelKnowledge.Unknown, 1 => LevelKnowledge.Unfed, 2 or 3 => LevelKnowledge.Stale, _ => LevelKnowledge.Known } });
                break;
            case Kind.FillOpen:
                foreach (var order in Venue.Orders.Where(o => o.Status == OrderStatus.Open).ToList())
                {
                    Venue.Fill(order, a / 4m, Now);
                    if (b % 3 != 0) AnswerAfter(0.1 + (b * 0.3), () => new LegInput.OrderReported(order.Report(Now)));
                }

                break;
            case Kind.Scale:
                SetSource(0, _sources[0] with { BaseUnitsPerLot = a == 0 ? 2m : 1m });
                break;
            case Kind.Doubt:
                Deliver(new LegInput.ActualDoubted("the line was down"));
                break;
            case Kind.ClearFault:
                if (_state.Fault?.Kind == FaultKind.OrderUnresolved) CancelByHand();
                Deliver(new LegInput.ClearFault("seen"));
                break;
            case Kind.Redeliver when _told.Count > 0:
                Deliver(new LegInput.LevelsChanged(WithKnowledgeOfNow(_told[a % _told.Count]), null));
                break;
            case Kind.TakenByVenue when Setup.Product == ProductKind.Derivative:
                Venue.Manual(Now, -Venue.Position);
                Deliver(new LegInput.TakenByVenue("liquidated"));
                break;
        }
    }

    // As the fault asks for: a person cancels at the venue what is still open there.
    private void CancelByHand()
    {
        foreach (var order in Venue.Orders.Where(o => o.Status == OrderStatus.Open).ToList()) Venue.Close(order, OrderStatus.Cancelled);
    }

    public void Advance(TimeSpan time)
    {
        var end = Now + time;
        while (true)
        {
            var next = _queue.TryPeek(out _, out var at) ? at.At : DateTimeOffset.MaxValue;
            var ticks = _wake is { } w && w < next;
            if (ticks) next = _wake!.Value;
            if (next > end) break;
            Now = next > Now ? next : Now;
            if (ticks) Deliver(new LegInput.Tick());
            else _queue.Dequeue()();
        }

        Now = end;
    }

    /// <summary>The faults stop: everything answers and says the truth, and a person syncs every minute.</summary>
    public void Heal(TimeSpan time)
    {
        _fates.Clear();
        _crash = -1;
        _gate = Gate.Free;
        Deliver(new LegInput.GateChanged(_gate));
        for (var i = 0; i < _sources.Length; i++) SetSource(i, _sources[i] with { Knowledge = LevelKnowledge.Known });
        for (var end = Now + time; Now < end;)
        {
            Sync(endUncopied: true, endForeign: !Setup.KeepForeign, acceptScale: true, byPerson: true);
            Advance(TimeSpan.FromMinutes(1));
            if (!_state.Gate.Open) Deliver(new LegInput.GateChanged(_gate));
        }
    }

    /// <summary>What the journal alone makes of the leg.</summary>
    public LegState Replayed() => _journal.Aggregate(new LegState(_state.Leg), (s, e) => s.Apply(e));

    /// <summary>What the terminal asks, worked out apart from the heart.</summary>
    public decimal Target() => _checker.Target();

    public decimal Foreign => _checker.Foreign;

    private void Start()
    {
        Deliver(new LegInput.Recovered());
        Deliver(new LegInput.Configure(_configuration));
        Tell(_sources.Select(s => s with { Knowledge = LevelKnowledge.Unknown, Level = Level.Flat, Version = default }));
        Deliver(new LegInput.GateChanged(_gate));
        After(0.5, Mine(() => Tell(_sources)));
    }

    private void Restart()
    {
        _process++;
        _crash = -1;
        _checker.Crashed();
        _state = Replayed();
        _wake = null;
        _told.Clear();
        Start();
    }

    private void Deliver(LegInput input)
    {
        var id = ClientOrderId.Create("prop", _process.ToString("d6", CultureInfo.InvariantCulture), _ids);
        var decision = Heart.Decide(_state, input, new Moment(Now, Clock, ++_version, id));
        if (decision.Journaled.Any() && _crash == 2)
        {
            Restart();
            return;
        }

        _checker.Decided(input, decision, Now, Clock, _version);
        _journal.AddRange(decision.Journaled);
        if (decision.Effects.Length > 0 && _crash == 1)
        {
            Restart();
            return;
        }

        if (decision.Events.OfType<IntentDecided>().Any()) _ids++;
        _state = decision.State;
        _wake = decision.WakeAt is { } wake ? Now + (wake - Clock) : null;
        foreach (var effect in decision.Effects) CarryOut(effect);
    }

    private void CarryOut(LegEffect effect)
    {
        switch (effect)
        {
            case LegEffect.Submit submit:
                Submit(submit.Order);
                break;
            case LegEffect.LookUp lookUp:
                LookUp(lookUp.Order);
                break;
            case LegEffect.Cancel cancel:
                Cancel(cancel.Order);
                break;
            case LegEffect.RequestReading:
                Read();
                break;
        }
    }

    private void Submit(OrderRequest order)
    {
        _checker.Sent(order);
        var (fate, b) = Fate(Kind.SubmitFate);
        var id = order.ClientOrderId;
        var part = b % 4 / 4m;
        switch (fate)
        {
            case < 30 or > 95: // filled at once
                Place(order, 0.05, b, o => Venue.Fill(o, 1m, Now), answered: true);
                break;
            case < 38: // filled in part, the rest expires
                Place(order, 0.05, b, o => FillAndClose(o, part), answered: true);
                break;
            case < 50: // rests
                Place(order, 0.05, b, o => Venue.Fill(o, part, Now), answered: true);
                break;
            case < 58: // lives, but the answer is lost
                Place(order, 0.05, b, o => Venue.Fill(o, b < 5 ? 1m : part, Now), answered: false);
                AnswerAfter(b % 2 == 0 ? 6 : 40, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.Unknown("timeout")));
                break;
            case < 66: // never arrives
                AnswerAfter(b % 2 == 0 ? 1 : 40, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.Unknown("line dropped")));
                break;
            case < 73: // arrives at the last moment
                Place(order, s_validity.TotalSeconds, b, o => Venue.Fill(o, b < 5 ? 1m : part, Now), answered: false);
                AnswerAfter(0.2, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.Unknown("504")));
                break;
            case < 78: // closed, and its fill shows later
                Place(order, 0.05, b, o => FillLate(o, part), answered: true);
                break;
            case 78 or 79: // the venue says that it knows the id, and does
                Place(order, 0.05, b, o => Venue.Fill(o, 1m, Now), answered: false);
                AnswerAfter(0.2, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.Rejected(Given.Rejection(RejectionClass.Query))));
                break;
            case < 83:
                AnswerAfter(0.1, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.DeniedLocally(Given.Rejection(RejectionClass.Transient))));
                break;
            default:
                var classes = Enum.GetValues<RejectionClass>().Where(c => c != RejectionClass.Query).ToArray();
                AnswerAfter(0.1, () => new LegInput.SubmitAnswered(id, new SubmitOutcome.Rejected(Given.Rejection(classes[fate % classes.Length]))));
                break;
        }
    }

    // What is on its way to the venue arrives whatever becomes of us.
    private void Place(OrderRequest order, double after, int b, Action<VenueOrder> then, bool answered)
    {
        var process = _process;
        _checker.OnItsWay(order.ClientOrderId);
        After(after, () =>
        {
            _checker.Arrived(order.ClientOrderId);
            var visible = Now + TimeSpan.FromSeconds(b % 2 == 0 ? 0 : 1.9);
            var rejection = Venue.Accept(order, Now, visible);
            if (rejection is null) then(Venue.Find(order.ClientOrderId)!);
            SubmitOutcome outcome = rejection is null ? new SubmitOutcome.Confirmed(Venue.Find(order.ClientOrderId)!.Report(Now)) : new SubmitOutcome.Rejected(rejection);
            if (answered && process == _process) AnswerAfter(0.1, () => new LegInput.SubmitAnswered(order.ClientOrderId, outcome));
        });
    }

    private void FillAndClose(VenueOrder order, decimal part)
    {
        Venue.Fill(order, part, Now);
        Venue.Close(order, OrderStatus.Expired);
    }

    private void FillLate(VenueOrder order, decimal part)
    {
        FillAndClose(order, part);

        // Until its report comes, a sale looks like a fall of the balance.
        _checker.Tampered |= order.Request.Side == OrderSide.Sell;
        order.FillsVisibleAt = Now + TimeSpan.FromSeconds(9);
        AnswerAfter(9.1, () => new LegInput.OrderReported(order.Report(Now)));
    }

    private void LookUp(OrderKey key)
    {
        var (fate, b) = Fate(Kind.LookupFate);
        if (fate == 2) return;
        var (started, startedClock) = (Now, Clock);
        After(0.1, Mine(() =>
        {
            var order = Venue.Find(key.ClientOrderId);
            var known = order is not null && Now >= order.VisibleAt && Now - order.CreatedAt < _configuration.Rules.Memory;
            LookupOutcome outcome = fate == 1 ? new LookupOutcome.Incomplete("503")
                : known ? new LookupOutcome.Found(order!.Report(Now))
                : new LookupOutcome.NotFound();
            AnswerAfter(fate == 3 ? 6 + b : 0.1, () => new LegInput.LookupAnswered(key.ClientOrderId, started, startedClock, outcome));
        }));
    }

    private void Cancel(OrderKey key)
    {
        var (fate, _) = Fate(Kind.CancelFate);
        var order = Venue.Find(key.ClientOrderId);
        var live = order is { Status: OrderStatus.Open };
        void Answer(double after, CancelOutcome outcome) => AnswerAfter(after, () => new LegInput.CancelAnswered(key.ClientOrderId, outcome));
        switch (fate)
        {
            case 2:
                Answer(5, new CancelOutcome.Unknown("timeout"));
                break;
            case 4:
                Answer(0.1, new CancelOutcome.Rejected(Given.Rejection(RejectionClass.Transient)));
                break;
            case var _ when !live:
                Answer(0.1, new CancelOutcome.NothingToCancel());
                break;
            case 1:
                After(1, () => Venue.Close(order!, OrderStatus.Cancelled));
                Answer(0.1, new CancelOutcome.Accepted(null));
                break;
            case 3:
                Venue.Close(order!, OrderStatus.Cancelled);
                Answer(5, new CancelOutcome.Unknown("timeout"));
                break;
            default:
                Venue.Close(order!, OrderStatus.Cancelled);
                Answer(0.1, new CancelOutcome.Accepted(order!.Report(Now)));
                break;
        }
    }

    private void Read()
    {
        var (fate, b) = Fate(Kind.ReadingFate);
        if (fate == 1) return;
        var version = ++_version;
        After(0.2, Mine(() =>
        {
            // A venue may show, for its quiet period, what was before.
            var quantity = fate == 2 ? Venue.PositionAt(Now - TimeSpan.FromSeconds(2.9)) : Venue.Position;
            Contracts? free = Setup.Product == ProductKind.Spot ? new Contracts(quantity) : null;
            AnswerAfter(fate == 3 ? 2 + b : 0.2, () => new LegInput.ReadingArrived(new LegReading(version, new Contracts(quantity), free)));
        }));
    }

    private void Sync(bool endUncopied, bool endForeign, bool acceptScale, bool byPerson)
    {
        var options = new SyncOptions("sync", endUncopied, endForeign && !Setup.KeepForeign, acceptScale && byPerson, byPerson);
        Deliver(new LegInput.Sync(options, ++_version));

        // The connector reads the account for a sync, whatever the leg asks for.
        Read();
    }

    private void SetSource(int index, Contribution changed)
    {
        _sources[index] = changed with { Version = new LevelVersion(1, ++_order), Preexisting = _sources[index].Preexisting };
        Tell(_sources);
    }

    private void Tell(IEnumerable<Contribution> sources)
    {
        var told = sources.ToImmutableArray();
        if (told.All(s => s.Version != default)) _told.Add(told);
        Deliver(new LegInput.LevelsChanged(told, null));
    }

    // An old message brings old levels; how well they are known, and their scale, is said by the connector as of now.
    private ImmutableArray<Contribution> WithKnowledgeOfNow(ImmutableArray<Contribution> old) =>
        [.. old.Select((c, i) => c with { Knowledge = _sources[i].Knowledge, BaseUnitsPerLot = _sources[i].BaseUnitsPerLot })];

    private Contribution Source(int magic, int halfSteps)
    {
        var level = LevelOf(halfSteps);
        return Given.Lots(0m, magic) with { Level = level, Preexisting = level, Version = new LevelVersion(1, ++_order) };
    }

    private Level LevelOf(int halfSteps) => Level.OfNet(new Lots(halfSteps * Setup.Step / 2m));

    private Queue<(int A, int B)> Fates(Kind kind) => _fates.TryGetValue(kind, out var q) ? q : _fates[kind] = new();

    private (int A, int B) Fate(Kind kind) => Fates(kind).TryDequeue(out var fate) ? fate : (0, 0);

    private void After(double seconds, Action action) => _queue.Enqueue(action, (Now + TimeSpan.FromSeconds(seconds), ++_order));

    private void AnswerAfter(double seconds, Func<LegInput> input) => After(seconds, Mine(() => Deliver(input())));

    // What this process waits for dies with it.
    private Action Mine(Action action)
    {
        var process = _process;
        return () =>
        {
            if (process == _process) action();
        };
    }
}
