using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>
/// Watches inputs and events and keeps books of its own; says at once when a rule is broken. Shares no arithmetic with the heart.
/// </summary>
internal sealed class Checker(Setup setup, LegConfiguration configuration)
{
    private readonly HashSet<ClientOrderId> _sent = [];
    private readonly HashSet<ClientOrderId> _onTheWay = [];
    private readonly Dictionary<ClientOrderId, Intent> _journaled = [];
    private readonly Dictionary<ClientOrderId, (decimal Filled, decimal Fee)> _fills = [];
    private readonly Dictionary<ClientOrderId, decimal> _costs = [];
    private readonly Dictionary<ClientOrderId, List<OrderReport>> _reports = [];
    private readonly Dictionary<SourceId, Contribution> _levels = [];
    private readonly Dictionary<SourceId, decimal> _acceptedScale = [];
    private readonly List<DateTimeOffset> _increases = [];
    private readonly List<LegReading> _readings = [];
    private readonly HashSet<ClientOrderId> _letGo = [];
    private Intent? _open;
    private Gate _gate = Gate.Free;
    private FaultKind? _fault;
    private LegInput _input = null!;
    private DateTimeOffset _now;
    private long _readFrom;
    private long _lastEvent;
    private DateTimeOffset _lastOrderAt;
    private bool _mayAcceptScale;
    private bool _settled;
    private bool _synced;
    private bool _resumed;
    private decimal _actual;
    private decimal _uncopied;
    private decimal _drift;
    private decimal _copied;

    public decimal Foreign { get; private set; }

    /// <summary>True once somebody else traded on the account.</summary>
    public bool Tampered { get; set; }

    /// <summary>Rounded toward zero to the step; on spot not below zero.</summary>
    public decimal Target()
    {
        var sum = 0m;
        foreach (var c in _levels.Values)
        {
            var lots = setup.Side == PositionSide.Long ? c.Level.Long.Value : setup.Side == PositionSide.Short ? -c.Level.Short.Value : c.Level.Long.Value - c.Level.Short.Value;
            sum += lots * c.BaseUnitsPerLot;
        }

        if (setup.Product == ProductKind.Spot && sum < 0m) sum = 0m;
        return sum - (sum % setup.Step);
    }

    public void Crashed()
    {
        _readings.Clear();
        _levels.Clear();
        _readFrom = long.MaxValue;
    }

    public void OnItsWay(ClientOrderId id) => _onTheWay.Add(id);

    public void Arrived(ClientOrderId id) => _onTheWay.Remove(id);

    public void Sent(OrderRequest order)
    {
        Must(_journaled.ContainsKey(order.ClientOrderId), "an order is sent only after its intent is journaled");
        Must(_sent.Add(order.ClientOrderId), "an id is sent once");
        Must(_open?.Order == order, "only the open intent is sent");
    }

    public void Decided(LegInput input, Decision decision, DateTimeOffset now, Uptime clock, long version)
    {
        (_input, _now, _settled) = (input, now, false);
        Hear(input, version);
        foreach (var e in decision.Events)
        {
            Take(e);
            if (e is IntentDecided or OrderFilled or IntentClosed) _lastOrderAt = now;
            if (e is JournaledEvent) Must(e is not OrderFilled { Progress.Filled.Value: < 0m }, "fills are never negative");
        }

        Must(decision.State.Actual.Value == _actual, $"the actual {decision.State.Actual} is explained by baseline, fills and drift: {_actual}");
        Must(_actual == Foreign + _drift + _copied, "actual is foreign, drift and copied");
        Must(decision.WakeAt is not { } wake || wake > clock, "a leg that is woken at once has not finished deciding");
        Must(decision.Effects.OfType<LegEffect.Submit>().Count() <= 1, "at most one order a decision");
        Must(decision.Events.Length < 20, "a decision is short");
        if (decision.Events.OfType<OrderPhaseSeen>().Any()) _lastEvent = version;
    }

    private void Hear(LegInput input, long version)
    {
        switch (input)
        {
            case LegInput.Recovered:
                _readFrom = version;
                break;
            case LegInput.ActualDoubted or LegInput.TakenByVenue:
                _readFrom = version;
                break;
            case LegInput.ClearFault when _fault is not null:
                _readFrom = version;
                if (_open is not null) _letGo.Add(_open.Order.ClientOrderId);
                break;
            case LegInput.LevelsChanged levels:
                foreach (var c in levels.Contributions)
                {
                    _levels[c.Source] = !_levels.TryGetValue(c.Source, out var ours) || c.Version >= ours.Version ? c : ours with { Knowledge = c.Knowledge, BaseUnitsPerLot = c.BaseUnitsPerLot };
                }

                break;
            case LegInput.GateChanged gate:
                _gate = gate.Gate;
                break;
            case LegInput.ReadingArrived { Reading: var reading }:
                _readings.Add(reading);
                break;
            case LegInput.Sync sync:
                _mayAcceptScale |= sync.Options.AcceptScale;
                _resumed |= sync.Options.ByPerson;
                break;
            case LegInput.SubmitAnswered { Outcome: SubmitOutcome.Confirmed confirmed }:
                Heard(confirmed.Report);
                break;
            case LegInput.LookupAnswered { Outcome: LookupOutcome.Found found }:
                Heard(found.Report);
                break;
            case LegInput.CancelAnswered { Outcome: CancelOutcome.Accepted { Report: { } report } }:
                Heard(report);
                break;
            case LegInput.OrderReported reported:
                Heard(reported.Report);
                break;
        }
    }

    private void Heard(OrderReport report)
    {
        if (!_reports.TryGetValue(report.ClientOrderId, out var list)) _reports[report.ClientOrderId] = list = [];
        list.Add(report);
    }

    private void Take(LegEvent e)
    {
        switch (e)
        {
            case BaselineCaptured b:
                Captured(b);
                break;
            case UncopiedShrunk u:
                Must(Math.Abs(u.Uncopied.Value) < Math.Abs(_uncopied) && u.Uncopied.Value * _uncopied >= 0m, "uncopied shrinks and never passes zero");
                _uncopied = u.Uncopied.Value;
                break;
            case ScaleAccepted a:
                Must(_mayAcceptScale || (_copied == 0m && _uncopied == 0m && _open is null), "a changed scale counts only after a yes or while nothing is held");
                Remember(a.Scale);
                break;
            case SourcesJoined:
                Must(false, "no source joins in these scenarios");
                break;
            case IntentDecided d:
                Started(d.Intent);
                break;
            case OrderFilled f:
                Filled(f);
                break;
            case OrderCostsTold c:
                Must(_journaled.ContainsKey(c.ClientOrderId), "only orders of ours cost");
                Must(c.Fees.Sum(f => f.Amount) > _costs.GetValueOrDefault(c.ClientOrderId), "costs are told once, and then only more of them");
                _costs[c.ClientOrderId] = c.Fees.Sum(f => f.Amount);
                break;
            case IntentClosed c:
                Closed(c);
                break;
            case DriftBooked d:
                Drifted(d);
                break;
            case DriftAbsorbed d:
                Must(Math.Sign(d.Amount.Value) == Math.Sign(_drift) && Math.Sign(_drift) == -Math.Sign(_copied), "only drift that took from us is absorbed");
                Must(Math.Abs(d.Amount.Value) <= Math.Abs(_drift) && Math.Abs(d.Amount.Value) <= Math.Abs(_copied), "no more than there is of either");
                var beyond = Target() - _uncopied + Foreign + _drift;
                Must(Math.Sign(beyond) == Math.Sign(_drift) && Math.Abs(d.Amount.Value) <= Math.Abs(beyond), "only as far as the goal would lie on the other side");
                _drift -= d.Amount.Value;
                _copied += d.Amount.Value;
                break;
            case SyncApplied s:
                Must(_open is null, "a sync is applied between orders");
                _synced = true; // it may have made the drift of a fill ours that is reported only later
                _copied += _drift + (s.Options.EndForeign ? Foreign : 0m);
                _drift = 0m;
                if (s.Options.EndForeign) Foreign = 0m;
                if (s.Options.EndUncopied) _uncopied = 0m;
                break;
            case LegFaulted f:
                Must(_fault is not (FaultKind.TakenByVenue or FaultKind.OrderMismatch or FaultKind.OrderUnresolved), "a fault that a person ends is not replaced");
                Must(f.Kind != FaultKind.TakenByVenue || setup.Product != ProductKind.Spot || Tampered || _synced, "a balance that only our orders move is never taken for a fall");
                _fault = f.Kind;
                _resumed = false;
                break;
            case FaultCleared:
                Must(
                    _fault is FaultKind.TriesExhausted or FaultKind.Rejected || _resumed || _input is LegInput.ClearFault || (_fault == FaultKind.OrderUnresolved && _open is null),
                    "only a person ends such a fault, or the end of the order that nobody could look up");
                _fault = null;
                break;
        }
    }

    private void Captured(BaselineCaptured b)
    {
        Must(_levels.Count == setup.Sources && _levels.Values.All(c => c.Knowledge != LevelKnowledge.Unknown), "a baseline is taken from known levels");
        var held = setup.HeldSteps * setup.Step;
        (Foreign, _uncopied, _copied, _actual) = (b.Foreign.Value, b.Uncopied.Value, b.Copied.Value, held);
        Must(Foreign + _copied == held, "the baseline explains the holding");
        if (setup.SyncAtStartup) Must(Foreign == 0m && _uncopied == 0m, "with a sync at startup nothing is foreign or uncopied");
        else Must(_copied == 0m || (_copied * held > 0m && Math.Abs(_copied) <= Math.Abs(held)), "common is the smaller of both, of the same sign");
        Remember(b.Scale);
    }

    private void Remember(Scale scale)
    {
        foreach (var (source, perLot) in scale.Sources) _acceptedScale[source] = perLot;
    }

    private void Started(Intent intent)
    {
        var order = intent.Order;
        var step = setup.Step;
        Must(_open is null, "at most one intent in flight");
        Must(_journaled.TryAdd(order.ClientOrderId, intent), "an id is used once");
        Must(_fault is null, "a faulted leg starts nothing");
        Must(_gate.Open, "a closed gate starts nothing");
        Must(_levels.Values.All(c => c.Knowledge is LevelKnowledge.Known or LevelKnowledge.Stale), "an unknown or unfed level starts nothing");
        Must(_levels.Values.All(c => _acceptedScale[c.Source] == c.BaseUnitsPerLot), "a changed scale starts nothing");
        Must(_readings.Any(r => r.Version > _readFrom && r.Quantity.Value == _actual || r.Version > _readFrom && r.Version > _lastEvent) || _sent.Count > 0 && _readings.Any(r => r.Version > _readFrom), "an unread actual starts nothing");

        var goal = Target() - _uncopied + Foreign + _drift;
        if (setup.Side == PositionSide.Short) goal = Math.Min(goal, 0m);
        else if (setup.Side == PositionSide.Long || setup.Product == ProductKind.Spot) goal = Math.Max(goal, 0m);
        var change = order.Side == OrderSide.Buy ? order.Quantity.Value : -order.Quantity.Value;
        Must(order.Quantity.Value > 0m && order.Quantity.Value % step == 0m, "a quantity is a multiple of the step");
        Must(change * (goal - _actual) > 0m && Math.Abs(change) <= Math.Abs(goal - _actual), $"{change} leads from {_actual} towards {goal} and not past it");
        Must(order.Quantity.Value <= (configuration.Instrument.MaxQuantity ?? decimal.MaxValue), "not above the maximum");
        var after = _actual + change;
        var flat = Math.Abs(after) < step;
        Must(order.Quantity.Value >= configuration.Instrument.MinQuantity || (setup.ClosesBelowMinimum && flat), "not below the minimum, but to close");
        var enlarges = Math.Abs(after) > Math.Abs(_actual) || after * _actual < 0m;
        Must(!order.ReduceOnly || !enlarges, "reduce-only orders shrink");
        Must(intent.Increasing == enlarges, "an intent says whether it enlarges the leg");
        Must(setup.Crosses || after * _actual >= 0m, "no order crosses zero where the venue does not allow it");
        Must(!enlarges || _gate.IncreasesHeld is null, "held increases start nothing");
        Must(order.NotAfter == _now + configuration.Limits.OrderValidity, "an order has a not-after time");
        if (enlarges)
        {
            _increases.Add(_now);
            Must(_increases.Count(t => t > _now - TimeSpan.FromMinutes(1)) <= configuration.Limits.GuardRails.MaxOrdersPerMinute, "the guard rail of orders a minute holds, also over restarts");
        }

        _open = intent;
    }

    private void Filled(OrderFilled f)
    {
        Must(_journaled.TryGetValue(f.ClientOrderId, out var intent), "only orders of ours fill");
        var before = _fills.GetValueOrDefault(f.ClientOrderId);
        var (filled, fee) = (f.Progress.Filled.Value, f.Progress.FeeInBase.Value);
        Must(filled >= before.Filled && fee >= before.Fee && filled <= intent!.Order.Quantity.Value, "fills grow, and not past the order");
        var seen = _reports.GetValueOrDefault(f.ClientOrderId)?.Any(r => r.Filled.Value == filled) ?? false;
        Must(seen || _input is LegInput.ReadingArrived, "a fill was reported, or is settled by a reading");
        var change = (intent!.Order.Side == OrderSide.Buy ? filled - before.Filled : before.Filled - filled) - (fee - before.Fee);
        _fills[f.ClientOrderId] = (filled, fee);
        _copied += change;
        _actual += change;
    }

    private void Closed(IntentClosed c)
    {
        Must(_open?.Order.ClientOrderId == c.ClientOrderId, "the open intent ends");
        var intent = _open!;
        var reports = _reports.GetValueOrDefault(c.ClientOrderId) ?? [];
        switch (c.End)
        {
            case IntentEnd.Filled or IntentEnd.Unfilled:
                Must(reports.Any(r => r.IsClosed), "a closed report was seen");
                break;
            case IntentEnd.Rejected:
                Must(_input is LegInput.SubmitAnswered { Outcome: SubmitOutcome.Rejected } || reports.Any(r => r.Status == OrderStatus.Rejected), "the venue refused it");
                break;
            case IntentEnd.DeniedLocally:
                Must(_input is LegInput.SubmitAnswered { Outcome: SubmitOutcome.DeniedLocally }, "it was denied before it left");
                break;
            case IntentEnd.NeverPlaced:
                Must(
                    _input is LegInput.LookupAnswered { Outcome: LookupOutcome.NotFound } l && l.StartedAt > intent.Order.NotAfter + configuration.Rules.VisibilityDelay
                        && l.StartedAt < intent.DecidedAt + configuration.Rules.Memory && reports.Count == 0,
                    "never placed needs a complete look-up after validity, within memory");
                Must(!_onTheWay.Contains(c.ClientOrderId), "what is on its way is not never placed");
                break;
            case IntentEnd.SettledByReading:
                Must(_input is LegInput.ReadingArrived && (_letGo.Contains(c.ClientOrderId) || _now >= intent.DecidedAt + configuration.Rules.Memory), "readings settle only what the venue forgot");
                Must(AgreedTwice(((LegInput.ReadingArrived)_input).Reading), "two agreeing readings settle an order");
                Must(_now >= _lastOrderAt + configuration.Rules.QuietPeriod || _fills.ContainsKey(c.ClientOrderId), "they come after the quiet period");
                _settled = true;
                break;
        }

        _open = null;
    }

    private void Drifted(DriftBooked d)
    {
        if (_input is LegInput.ReadingArrived arrived)
        {
            Must(_open is null, "drift is booked between orders");
            Must(_settled || _now >= _lastOrderAt + configuration.Rules.QuietPeriod, "within the quiet period no drift is booked");
            Must(arrived.Reading.Quantity.Value == _actual + d.Delta.Value, "drift is what the reading shows and the books do not");
            Must(AgreedTwice(arrived.Reading), "drift needs two agreeing readings");
        }
        else
        {
            Must(Math.Abs(_drift + d.Delta.Value) < Math.Abs(_drift), "only a late fill takes drift back");
        }

        _drift += d.Delta.Value;
        _actual += d.Delta.Value;
    }

    private bool AgreedTwice(LegReading reading) => _readings.Any(r => r.Version < reading.Version && r.Quantity == reading.Quantity);

    private static void Must(bool holds, string rule)
    {
        if (!holds) throw new RuleBrokenException(rule);
    }
}

/// <summary>A rule of the heart is broken.</summary>
internal sealed class RuleBrokenException(string rule) : Exception("The rule is broken: " + rule);
