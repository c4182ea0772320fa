using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Connectors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Venue;

// The legs: which run, what they are offered, what they report.
public sealed partial class VenueActor
{
    private const string RestTimer = "resting-legs";
    private const string FundsTimer = "funds";

    private static readonly TimeSpan s_fundsWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestFundsWait = TimeSpan.FromMinutes(5);

    // A flat leg with nothing to do leaves memory after this time and comes back with the next level or holding.
    private static readonly TimeSpan s_restAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_restLook = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_askInVainAgain = TimeSpan.FromMinutes(1);

    private readonly Dictionary<LegId, Leg> _legs = [];
    private readonly HashSet<LegId> _faultsToEnd = [];
    private long _faultsEndedAt;
    private ImmutableDictionary<string, ConnectorId> _claimedByOthers = ImmutableDictionary<string, ConnectorId>.Empty;
    private bool _increasesHeld;
    private Gate _gate = Gate.Closed("starting");
    private long _offers;
    private Uptime? _fundsBlockedUntil;
    private Uptime _lastFundsRefusal;
    private int _fundsRefusals;

    private void HandleLegs()
    {
        Command<LegReady>(ready =>
        {
            if (!_legs.TryGetValue(ready.Leg, out var leg)) return;
            (leg.OfferUnderWay, leg.OfferWanted, leg.Offered, leg.Gate) = (false, false, null, null);
            leg.Ref = Sender;
            Configure(leg);
            TellGate(leg);
            Offer(leg);
            if (_faultsToEnd.Contains(leg.Id)) EndFault(leg);
            SyncAgain(leg);
            if (leg.Taken is { } taken) leg.Ref.Tell(new LegInput.TakenByVenue(taken));
            if (_line == ConnectorState.Running) ReadHoldings();
        });
        Command<LevelsTaken>(taken =>
        {
            if (!_legs.TryGetValue(taken.Leg, out var leg) || taken.Number != leg.OfferNumber) return;
            leg.OfferUnderWay = false;
            if (leg.OfferWanted) Offer(leg);
        });
        Command<LegChanged>(changed =>
        {
            if (!_legs.TryGetValue(changed.View.Leg, out var leg)) return;
            var (before, after) = (leg.View, changed.View);
            leg.View = after;
            if (before is null) ResolveWhatWaitedForLegs();
            if (after.State == "faulted") leg.Taken = null;
            else _faultsToEnd.Remove(leg.Id);
            leg.IdleSince = IsAtRest(after) ? leg.IdleSince ?? Uptime : null;
            if (after.State == "faulted" && before?.State != "faulted")
                TellTerminals(new Terminals.TerminalNotice("error", $"{_settings.Id} {after.Leg}: {after.Text}"));
            AskForYes(leg, after);
            FollowSync(after);
            FollowMove(after);
        });
        Command<ReadingWanted>(_ =>
        {
            if (_line == ConnectorState.Running) ReadHoldings();
        });
        Command<AccountRefused>(refused => Critical(
            $"the venue refuses the account ({refused.Rejection.Code} {refused.Rejection.Text}). Check key, permissions and position mode, then resume."));
        Command<FundsShort>(_ => WaitForFunds());
        Command<FundsAgain>(_ => UpdateGate());
        Command<AccountClaims>(TakeClaims);
        Command<HoldingClaimed>(TakeClaim);
        Command<LookForRestingLegs>(_ => LayToRest());
    }

    private void TakeClaims(AccountClaims claims)
    {
        var released = _claimedByOthers.Keys.Where(holding => !claims.ByOthers.ContainsKey(holding)).ToHashSet(StringComparer.Ordinal);
        _claimedByOthers = claims.ByOthers;
        if (released.Count == 0) return;
        foreach (var leg in _legs.Values.Where(l => !l.IsOurs && released.Contains(l.Id.Holding))) Claim(leg);
        if (_line == ConnectorState.Running) ResolveUnmapped();
    }

    // That another trades it is journaled before it counts, and that it is ours again too: what the other left there is looked at by a sync before anything is traded.
    private void TakeClaim(HoldingClaimed claimed)
    {
        var ours = claimed.Owner == _settings.Id;
        if ((_state.OwnerOf(claimed.Holding) ?? claimed.Former ?? _settings.Id) == claimed.Owner)
        {
            Owned();
            return;
        }

        Store(new HoldingOwned(Now, claimed.Holding, claimed.Owner, ours), _ =>
        {
            Owned();
            if (ours) SyncMoved();
        });

        void Owned()
        {
            foreach (var leg in _legs.Values.Where(l => l.Id.Holding == claimed.Holding))
            {
                (leg.Owner, leg.IsOurs) = (claimed.Owner, ours);
                TellGate(leg);
            }
        }
    }

    private ConnectorId? ClaimedByOther(string holding) => _claimedByOthers.TryGetValue(holding, out var other) ? other : null;

    private void OpenKnownLegs()
    {
        foreach (var id in _state.Legs.Keys) Open(id);
    }

    private Leg Open(LegId id)
    {
        if (_legs.TryGetValue(id, out var leg)) return leg;
        _legs[id] = leg = new Leg(id, _state.Legs[id]);
        Claim(leg);
        StartActor(leg);
        return leg;
    }

    private void Claim(Leg leg) => Claim(leg.Id.Holding);

    private void Claim(string holding) => _around.Connectors.Tell(new ClaimHolding(_settings.Id, AccountKey, holding, _state.OwnerOf(holding) is { } owner && owner != _settings.Id ? owner : null));

    private void StartActor(Leg leg) =>
        _legsActor.Tell(new StartLeg(leg.Id, new LegSurroundings(_settings.Id, Self, _gateway, _ids, _around.Versions, _around.History, _around.Time)));

    private void Configure(Leg leg)
    {
        // The instrument may change with the mapping; one that the venue no longer lists is delisted, not forgotten, also when that happened while nobody was here.
        // A venue that lists on demand names only what it was asked for.
        leg.Instrument = _state.Legs[leg.Id];
        if (_instruments.TryGetValue(leg.Instrument, out var instrument)) leg.LastInstrument = instrument;
        else if (_gateway.Capabilities.ListsOnDemand) leg.LastInstrument = leg.LastInstrument is { } named && named.Id == leg.Instrument ? named : null;
        else if (leg.LastInstrument is { } last && last.Id == leg.Instrument) leg.LastInstrument = last with { Status = InstrumentStatus.Delisted };
        else if (!_instruments.IsEmpty) leg.LastInstrument = Instrument.Gone(leg.Instrument, _gateway.Capabilities.Rules.Kind, leg.Id.Holding);
        if (leg.LastInstrument is null || _state.Captured is null) return;
        leg.Ref?.Tell(new LegInput.Configure(new LegConfiguration(
            leg.LastInstrument, _gateway.Capabilities.Rules, LegLimits.Of(_settings), _state.Captured.GetValueOrDefault(leg.Id))));
    }

    // At most one undelivered offer a leg; the newest levels win.
    private void Offer(Leg leg)
    {
        if (leg.Asleep) Wake(leg);
        if (leg.Ref is null) return;
        if (leg.OfferUnderWay)
        {
            leg.OfferWanted = true;
            return;
        }

        Configure(leg, onlyIfNew: true);
        var levels = LevelsOf(leg);
        (leg.OfferUnderWay, leg.OfferWanted, leg.Offered, leg.OfferNumber) = (true, false, levels, ++_offers);
        leg.Ref.Tell(new LevelsOffered(leg.OfferNumber, levels.Contributions, levels.Price));
    }

    private (ImmutableArray<Contribution> Contributions, Price? Price) LevelsOf(Leg leg)
    {
        var contributions = ImmutableArray.CreateBuilder<Contribution>();
        Price? price = null;
        foreach (var bound in _state.Sources.Values)
        {
            if (!bound.Legs.Contains(leg.Id) || RouteOf(bound.Source.Stream) is not { } route) continue;
            var contribution = _table.ContributionOf(bound, route, _state.Preexisting(bound.Source));

            // What a stream that came back holds from before is captured first.
            contributions.Add(_state.IsBaselined(bound.Source.Stream) ? contribution : contribution with { Knowledge = LevelKnowledge.Unknown });

            // MT5 quotes one of its own units; one of the instrument's holds as many as the mapping's scale says.
            if (_table.PriceOf(bound.Source.Symbol) is { } quoted) price = new Price(quoted.Value * bound.MappingScale);
        }

        return (contributions.ToImmutable(), price);
    }

    // The same levels under a newer version are no news.
    private bool IsNewTo(Leg leg)
    {
        if (leg.Offered is not { } before) return true;
        var now = LevelsOf(leg);
        if (now.Price != before.Price || now.Contributions.Length != before.Contributions.Length) return true;
        for (var i = 0; i < now.Contributions.Length; i++)
        {
            var c = now.Contributions[i];
            if (before.Contributions[i] with { Version = c.Version, Tickets = c.Tickets } != c) return true;
        }

        return false;
    }

    private void Configure(Leg leg, bool onlyIfNew)
    {
        if (onlyIfNew && leg.LastInstrument is not null && leg.Instrument == _state.Legs[leg.Id]) return;
        Configure(leg);
    }

    private void WaitForFunds()
    {
        // Several legs that were refused together are one refusal; a long time without any begins the count anew.
        if (_fundsBlockedUntil > Uptime) return;
        if (Uptime - _lastFundsRefusal > 2 * s_longestFundsWait) _fundsRefusals = 0;
        _lastFundsRefusal = Uptime;
        var wait = s_fundsWait * Math.Pow(2, Math.Min(_fundsRefusals++, 4));
        if (wait > s_longestFundsWait) wait = s_longestFundsWait;
        _fundsBlockedUntil = Uptime + wait;
        Timers.StartSingleTimer(FundsTimer, new FundsAgain(), wait);
        _log.Warning("{0}: funds are short; increasing orders wait {1} s, reducing ones go on", _settings.Id, (int)wait.TotalSeconds);
        UpdateGate();
    }

    private void UpdateGate()
    {
        ShowPanel();
        var why = _around.Lease.HoldsBack is { } held ? held
            : _line != ConnectorState.Running ? _lineText
            : _state.PausedWhy is { } paused ? $"paused: {paused}"
            : AwaitingFirstPlan ? "the first plan waits for your yes"
            : null;
        if (_fundsBlockedUntil <= Uptime) _fundsBlockedUntil = null;
        var heldIncreases = _increasesHeld ? "a sync is under way: reducing orders come first"
            : _syncFirst is { } first ? $"the {WhyText(first)} comes first"
            : null;
        _gate = new Gate(why is null, why ?? "", heldIncreases, _fundsBlockedUntil);
        foreach (var leg in _legs.Values) TellGate(leg);
    }

    private void TellGate(Leg leg)
    {
        var gate = !leg.IsOurs
            ? Gate.Closed(leg.Owner is { } other
                ? $"connector {other} trades {leg.Id.Holding} of this account already; one account is traded by one connector an instrument"
                : "waiting for its place at the account")
            : _state.IsMoved(leg.Id) ? GateOfMoved(leg.Id)
            : _gate;
        if (leg.Ref is null || gate == leg.Gate) return;
        leg.Gate = gate;
        leg.Ref.Tell(new LegInput.GateChanged(gate));
    }

    // A person resumed: the faults that waited for it end. A leg that starts just now is told when it has.
    private void EndFaults(long asked)
    {
        _faultsEndedAt = asked;
        foreach (var id in _state.Legs.Keys)
        {
            if (!_legs.TryGetValue(id, out var leg)) _faultsToEnd.Add(id);
            else if (!leg.Asleep && leg.View is null or { State: "faulted" }) _faultsToEnd.Add(id);
            if (leg is not null) EndFault(leg);
        }
    }

    private void EndFault(Leg leg) => leg.Ref?.Tell(new LegInput.ClearFault("a person resumed the connector", _faultsEndedAt));

    // A change of scale, or a move, waits for a sync. A leg that could not be asked (a fault, a silent terminal) is asked again when that changes, or after
    // a while: each sync reads the account.
    private void AskForYes(Leg leg, LegView view)
    {
        if (leg.IsOthers || WaitsForYes(view) is not { } change)
        {
            (leg.ScaleShown, leg.AskedInVain) = (null, null);
            return;
        }

        if (leg.ScaleShown == change || (leg.AskedInVain is { } vain && vain.As == AskedAs(view) && Uptime - vain.At < s_askInVainAgain)) return;
        WantSync(SyncKind.ScaleChange, Domain.Connectors.SyncScope.StreamLegs);
    }

    private string? WaitsForYes(LegView view) =>
        view.ScaleChange ?? (_state.IsMoved(view.Leg) && _move?.Legs.Contains(view.Leg) != true ? "moved" : null);

    private (string? Change, string State, LevelKnowledge Levels, bool ActualKnown, ClientOrderId? Open) AskedAs(LegView view) =>
        (WaitsForYes(view), view.State, view.LevelKnowledge, view.ActualKnown, view.OpenOrder);

    private void StartRestingLegs()
    {
        if (!Timers.IsTimerActive(RestTimer)) Timers.StartPeriodicTimer(RestTimer, new LookForRestingLegs(), s_restLook);
    }

    private static bool IsAtRest(LegView v) =>
        v is { State: "idle", Converged: true, ActualKnown: true, Phase: OrderPhase.None, ScaleChange: null, LevelKnowledge: LevelKnowledge.Known or LevelKnowledge.Stale }
        && v.Actual.IsZero && v.Goal is { IsZero: true } && v.Target is { IsZero: true } && v.Uncopied.IsZero && v.Foreign.IsZero && v.Drift.IsZero;

    private void LayToRest()
    {
        if (_run is not null) return;
        foreach (var leg in _legs.Values.Where(l => l is { Asleep: false, OfferUnderWay: false, OfferWanted: false } && l.IdleSince + s_restAfter <= Uptime && !_state.IsMoved(l.Id)))
        {
            (leg.Asleep, leg.Ref, leg.IdleSince) = (true, null, null);
            _legsActor.Tell(new StopLeg(leg.Id));
        }
    }

    private void Wake(Leg leg)
    {
        (leg.Asleep, leg.OfferWanted, leg.Offered) = (false, true, null);
        StartActor(leg);
    }

    private sealed record FundsAgain;

    private sealed record LookForRestingLegs;

    private sealed class Leg(LegId id, InstrumentId instrument)
    {
        public LegId Id { get; } = id;

        public InstrumentId Instrument { get; set; } = instrument;

        public Instrument? LastInstrument { get; set; }

        // Null until it says that it is ready.
        public IActorRef? Ref { get; set; }

        public LegView? View { get; set; }

        // Who trades this holding of the account; null while nobody has said.
        public ConnectorId? Owner { get; set; }

        public bool IsOurs { get; set; }

        public bool IsOthers => Owner is not null && !IsOurs;

        public Gate? Gate { get; set; }

        // The change of scale that a plan has shown already.
        public string? ScaleShown { get; set; }

        // How it was when a sync last asked it about such a change and it did not know.
        public ((string? Change, string State, LevelKnowledge Levels, bool ActualKnown, ClientOrderId? Open) As, Uptime At)? AskedInVain { get; set; }

        public Uptime? IdleSince { get; set; }

        // What the venue took, until the leg has journaled its fault: it may be restarting as it hears of it.
        public string? Taken { get; set; }

        public bool Asleep { get; set; }

        // What it was offered last; null when it has to hear it all again.
        public (ImmutableArray<Contribution> Contributions, Price? Price)? Offered { get; set; }

        public bool OfferUnderWay { get; set; }

        public bool OfferWanted { get; set; }

        public long OfferNumber { get; set; }
    }
}
