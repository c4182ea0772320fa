using System.Collections.Immutable;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Storage.History;

namespace CSMultiConnector.Actors.History;

/// <summary>How journaled events read to a person, with the facts behind them. Pure, so the history can be rebuilt from the journal.</summary>
public static class HistoryText
{
    /// <summary>The kind of a deal's entry.</summary>
    public const string Deal = "deal";

    /// <summary>The kind of an intent's entry.</summary>
    public const string Intent = "intent";

    /// <summary>The kind of an entry about what an order's fills cost.</summary>
    public const string Costs = "costs";

    /// <summary>An entry about a leg's event.</summary>
    public static HistoryEntry Of(ConnectorId connector, LegId leg, JournaledEvent e, HistorySource source)
    {
        var (kind, severity, text) = e switch
        {
            BaselineCaptured b => ("baseline", HistorySeverity.Info, $"baseline: {b.Foreign} at the venue is not ours, {b.Uncopied} in MT5 is not copied, {b.Copied} agrees"),
            SourcesJoined j => ("sources", HistorySeverity.Info, $"fed by {j.Scale.Sources.Count} sources now; {j.UncopiedAdded} that they held before is not copied"),
            ScaleAccepted a => ("scale", HistorySeverity.Warning, $"new scale: {a.Why}"),
            UncopiedShrunk u => ("uncopied", HistorySeverity.Info, $"uncopied part shrank to {u.Uncopied}"),
            IntentDecided d => (Intent, HistorySeverity.Info, Describe(d.Intent)),
            OrderAcknowledged a => ("order-open", HistorySeverity.Info, $"order {a.ClientOrderId} is open at the venue as {a.VenueOrderId}"),
            OrderFilled f => ("fill", HistorySeverity.Info, $"order {f.ClientOrderId}: {f.Progress.Filled} filled so far{At(f.Progress.AveragePrice, f.Progress.Fees)}"),
            OrderCostsTold c => (Costs, HistorySeverity.Info, $"order {c.ClientOrderId}: filled{At(c.AveragePrice, c.Fees)}"),
            IntentClosed c => ("intent-end", c.End == IntentEnd.Filled ? HistorySeverity.Info : HistorySeverity.Warning, $"order {c.ClientOrderId}: {c.End} ({c.Evidence})"),
            DriftBooked d => ("drift", HistorySeverity.Warning, $"the account holds {d.Reading}; a change of {d.Delta} is explained by none of our orders"),
            DriftAbsorbed d => ("drift", HistorySeverity.Info, $"MT5 closed what the account no longer held: {d.Amount} of the drift is settled without an order"),
            SyncApplied s => ("sync", HistorySeverity.Info, $"sync {s.Options.SyncId} applied"),
            LegFaulted f => ("fault", HistorySeverity.Error, $"faulted: {f.Text}"),
            FaultCleared c => ("fault-end", HistorySeverity.Info, $"fault ended: {c.Why}"),
            _ => ("other", HistorySeverity.Info, e.GetType().Name),
        };
        return new HistoryEntry
        {
            Time = e.At, Kind = kind, Severity = severity, Connector = connector, Leg = leg, Text = text, Data = JournalJson.Write(e), Source = source,
        };
    }

    /// <summary>An entry about a connector's event.</summary>
    public static HistoryEntry Of(ConnectorId connector, IJournalRecord e, HistorySource source)
    {
        var (at, kind, severity, text) = e switch
        {
            ConnectorPaused p => (p.At, "paused", HistorySeverity.Warning, $"paused: {p.Why}"),
            ConnectorResumed r => (r.At, "resumed", HistorySeverity.Info, "trades again"),
            ProcessTagTaken t => (t.At, "process", HistorySeverity.Info, $"this process makes order ids with the tag {t.Tag}"),
            AccountBound b => (b.At, "account", HistorySeverity.Info, $"trades account {b.AccountId}"),
            HoldingsCaptured h => (h.At, "baseline", HistorySeverity.Info, $"the account held {h.Holdings.Length} things before"),
            StreamBaselined s => (s.At, "baseline", HistorySeverity.Info, $"{s.Stream} held {s.Levels.Length} symbols before"),
            StreamLeft s => (s.At, "baseline", HistorySeverity.Info, $"no route covers {s.Stream} any more"),
            SourceBound b => (b.At, "mapping", HistorySeverity.Info, $"{b.Source} feeds {string.Join(" and ", b.Legs)} through {b.Instrument}"),
            HoldingOwned { TakenOver: true } o => (o.At, "account", HistorySeverity.Warning, $"trades {o.Holding} from now on, which another connector traded before; a sync comes first"),
            HoldingOwned o => (o.At, "account", HistorySeverity.Warning, $"connector {o.Owner} trades {o.Holding} of this account"),
            LegOpened l => (l.At, "leg", HistorySeverity.Info, $"leg {l.Leg} is traded through {l.Instrument}"),
            FirstPlanSettled f => (f.At, "plan", HistorySeverity.Info, "the first plan is settled"),
            MoveAccepted m => (m.At, "mapping", HistorySeverity.Info, $"the changed mapping counts from now on for {string.Join(", ", m.Legs)}"),
            SyncStarted s => (s.At, "sync", HistorySeverity.Info, $"{s.Why} ({s.Scope}){(s.PlanId is { } plan ? $", plan {plan}" : "")}"),
            _ => (default, "other", HistorySeverity.Info, e.GetType().Name),
        };
        return new HistoryEntry { Time = at, Kind = kind, Severity = severity, Connector = connector, Text = text, Data = JournalJson.Write(e), Source = source };
    }

    /// <summary>An entry about a deal.</summary>
    public static HistoryEntry Of(TerminalId terminal, DealRecorded e, HistorySource source) => new()
    {
        Time = e.At,
        Kind = Deal,
        Terminal = terminal,
        Text = $"deal {e.Deal.Ticket} of magic {e.Stream}: {e.Deal.Side} {e.Deal.Volume} {e.Deal.Symbol} ({e.Deal.Entry}, {e.Deal.Reason}); the stream holds {e.Level}",
        Data = JournalJson.Write(e),
        Source = source,
    };

    /// <summary>An entry about what is not journaled.</summary>
    public static HistoryEntry Of(ConnectorNoted noted) => new()
    {
        Time = noted.At,
        Kind = "connector",
        Severity = noted.State switch
        {
            ConnectorState.Faulted => HistorySeverity.Error,
            ConnectorState.Reconnecting or ConnectorState.Standby => HistorySeverity.Warning,
            _ => HistorySeverity.Info,
        },
        Connector = noted.Connector,
        Text = noted.Text,
    };

    private static string Describe(Intent i) =>
        $"order {i.Order.ClientOrderId}: {i.Order.Side} {i.Order.Quantity} {i.Order.Instrument}{(i.Order.ReduceOnly ? " reduce-only" : "")}, "
        + $"because the goal is {i.Reason.Goal} and {i.Reason.Actual} is held (target {i.Reason.TargetExact:0.##########}, uncopied {i.Reason.Uncopied}, foreign {i.Reason.Foreign}, drift {i.Reason.Drift})";

    private static string At(Price? average, ImmutableArray<Fee> fees) =>
        (average is { } price ? $" at {price}" : "") + (fees.IsDefaultOrEmpty ? "" : $", fee {string.Join(" and ", fees.Select(f => $"{AmountText.Of(f.Amount)} {f.Asset}"))}");
}
