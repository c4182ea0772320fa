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
    private static readonly TimeSpan s_longestFundsWait = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LegId, Leg> _legs = [];
    private ImmutableDictionary<string, ConnectorId> _claimedByOthers = ImmutableDictionary<string, ConnectorId>.Empty;
    private bool _increasesHeld;
    private Gate _gate = Gate.Closed("starting");
    private long _offers;

    private void HandleLegs()
    {
        Command<LegStarted>(started =>
        {
            if (_legs.TryGetValue(started.Leg, out var leg)) leg.Ref = started.Ref;
        });
        Command<LegReady>(ready =>
        {
            if (!_legs.TryGetValue(ready.Leg, out var leg)) return;
            (leg.OfferUnderWay, leg.OfferWanted) = (false, false);
            leg.Ref = Sender;
            Configure(leg);
            leg.Ref.Tell(new LegInput.GateChanged(_gate));
            Offer(leg);
            ReadHoldings();
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
            if (after.State == "faulted" && before?.State != "faulted")
                foreach (var terminal in _terminals.Values) terminal.Tell(new Terminals.TerminalNotice("error", $"{_settings.Id} {after.Leg}: {after.Text}"));
            if (after.ScaleChange is not null && before?.ScaleChange is null) WantSync(SyncKind.ScaleChange, Domain.Connectors.SyncScope.StreamLegs);
            FollowSync(after);
        });
        Command<ReadingWanted>(_ =>
        {
            if (_line == ConnectorState.Running) ReadHoldings();
        });
        Command<AccountRefused>(refused => Critical(
            $"the venue refuses the account ({refused.Rejection.Code} {refused.Rejection.Text}). Check key, permissions and position mode, then resume."));
        Command<FundsShort>(_ => WaitForFunds());
        Command<FundsAgain>(_ => UpdateGate());
        Command<AccountClaims>(claims => _claimedByOthers = claims.ByOthers);
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
        _around.Connectors.Tell(new ClaimHolding(_settings.Id, AccountKey, id.Holding));
        _legsActor.Tell(new StartLeg(id, new LegSurroundings(_settings.Id, Self, _gateway, _ids, _around.Versions, _around.History)));
        return leg;
    }

    private void Configure(Leg leg)
    {
        // The instrument may change with the mapping; one that the venue no longer lists is delisted, not forgotten.
        leg.Instrument = _state.Legs[leg.Id];
        if (_instruments.TryGetValue(leg.Instrument, out var instrument)) leg.LastInstrument = instrument;
        else if (leg.LastInstrument is not null) leg.LastInstrument = leg.LastInstrument with { Status = InstrumentStatus.Delisted };
        if (leg.LastInstrument is null || _state.Captured is null) return;
        leg.Ref?.Tell(new LegInput.Configure(new LegConfiguration(
            leg.LastInstrument, _gateway.Capabilities.Rules, LegLimits.Of(_settings), _state.Captured.GetValueOrDefault(leg.Id))));
    }

    // At most one undelivered offer a leg; the newest levels win.
    private void Offer(Leg leg)
    {
        if (leg.Ref is null) return;
        if (leg.OfferUnderWay)
        {
            leg.OfferWanted = true;
            return;
        }

        Configure(leg, onlyIfNew: true);
        var contributions = ImmutableArray.CreateBuilder<Contribution>();
        Price? price = null;
        foreach (var bound in _state.Sources.Values)
        {
            if (!bound.Legs.Contains(leg.Id) || RouteOf(bound.Source.Stream) is not { } route) continue;
            contributions.Add(_table.ContributionOf(bound, route, _state.Preexisting(bound.Source)));
            price = _table.PriceOf(bound.Source.Symbol) ?? price;
        }

        (leg.OfferUnderWay, leg.OfferWanted, leg.OfferNumber) = (true, false, ++_offers);
        leg.Ref.Tell(new LevelsOffered(leg.OfferNumber, contributions.ToImmutable(), price));
    }

    private void Configure(Leg leg, bool onlyIfNew)
    {
        if (onlyIfNew && leg.LastInstrument is not null && leg.Instrument == _state.Legs[leg.Id]) return;
        Configure(leg);
    }

    private void WaitForFunds()
    {
        var wait = s_fundsWait * Math.Pow(2, Math.Min(_fundsRefusals++, 4));
        if (wait > s_longestFundsWait) wait = s_longestFundsWait;
        _fundsBlockedUntil = Now + wait;
        Timers.StartSingleTimer("funds", new FundsAgain(), wait);
        _log.Warning("{0}: funds are short; increasing orders wait {1} s, reducing ones go on", _settings.Id, (int)wait.TotalSeconds);
        UpdateGate();
    }

    private void UpdateGate()
    {
        ShowPanel();
        var why = _line != ConnectorState.Running ? _lineText
            : _state.PausedWhy is { } paused ? $"paused: {paused}"
            : AwaitingFirstPlan ? "the first plan waits for your yes"
            : null;
        if (_fundsBlockedUntil <= Now) _fundsBlockedUntil = null;
        var gate = new Gate(why is null, why ?? "", _increasesHeld ? "a sync is under way: reducing orders come first" : null, _fundsBlockedUntil);
        if (gate == _gate) return;
        _gate = gate;
        foreach (var leg in _legs.Values) leg.Ref?.Tell(new LegInput.GateChanged(gate));
    }

    private sealed record FundsAgain;

    private sealed class Leg(LegId id, InstrumentId instrument)
    {
        public LegId Id { get; } = id;

        public InstrumentId Instrument { get; set; } = instrument;

        public Instrument? LastInstrument { get; set; }

        public IActorRef? Ref { get; set; }

        public LegView? View { get; set; }

        public bool OfferUnderWay { get; set; }

        public bool OfferWanted { get; set; }

        public long OfferNumber { get; set; }
    }
}
