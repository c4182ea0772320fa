using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Checking;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>Says in plain figures and words what one leg hears and journals; the checker knows no type of the product.</summary>
internal sealed class Witness(Checker checker, LegId id)
{
    private readonly string _leg = id.ToString();

    public void Hears(LegInput input)
    {
        switch (input)
        {
            case LegInput.LevelsChanged levels:
                checker.Told(_leg, [.. levels.Contributions.Select(c => new ToldLevel(
                    c.Source.ToString(), c.Level.Long.Value, c.Level.Short.Value, c.Knowledge.ToString(), c.Version.Session, c.Version.Seq))]);
                break;
            case LegInput.GateChanged gate:
                checker.GateTold(_leg, gate.Gate.Open);
                break;
            case LegInput.ActualDoubted or LegInput.TakenByVenue:
                checker.Doubted(_leg);
                break;
            case LegInput.ReadingArrived reading:
                checker.ReadingTold(_leg, reading.Reading.Version);
                break;
            case LegInput.SubmitAnswered { Outcome: SubmitOutcome.Rejected r } answer:
                checker.Refused(_leg, answer.ClientOrderId.Value, r.Rejection.Class.ToString());
                break;
            case LegInput.SubmitAnswered { Outcome: SubmitOutcome.DeniedLocally } answer:
                checker.Denied(_leg, answer.ClientOrderId.Value);
                break;
            case LegInput.SubmitAnswered { Outcome: SubmitOutcome.Confirmed c }:
                Report(c.Report);
                break;
            case LegInput.LookupAnswered { Outcome: LookupOutcome.Found f }:
                Report(f.Report);
                break;
            case LegInput.LookupAnswered { Outcome: LookupOutcome.NotFound } answer:
                checker.NotFound(_leg, answer.ClientOrderId.Value, answer.StartedAt);
                break;
            case LegInput.CancelAnswered { Outcome: CancelOutcome.Accepted { Report: { } report } }:
                Report(report);
                break;
            case LegInput.OrderReported reported:
                Report(reported.Report);
                break;
            case LegInput.Sync sync:
                checker.SyncAsked(_leg, sync.Options.ByPerson);
                break;
            case LegInput.ClearFault:
                checker.PersonLooked(_leg);
                break;
        }
    }

    public void Journaled(JournaledEvent e, DateTimeOffset at)
    {
        switch (e)
        {
            case BaselineCaptured b:
                checker.Baseline(_leg, b.Foreign.Value, b.Uncopied.Value, b.Copied.Value);
                break;
            case SourcesJoined j:
                checker.UncopiedBecomes(_leg, j.UncopiedAdded.Value, added: true);
                break;
            case UncopiedShrunk u:
                checker.UncopiedBecomes(_leg, u.Uncopied.Value, added: false);
                break;
            case IntentDecided d:
                var o = d.Intent.Order;
                checker.IntentJournaled(_leg, new IntentFacts(
                    o.ClientOrderId.Value, o.Side == OrderSide.Buy ? o.Quantity.Value : -o.Quantity.Value, o.ReduceOnly, d.Intent.Increasing, d.At, at, o.NotAfter,
                    d.Intent.Reason.Actual.Value, d.Intent.Reason.Goal.Value));
                break;
            case OrderFilled f:
                checker.FillJournaled(_leg, f.ClientOrderId.Value, f.Progress.Filled.Value, f.Progress.FeeInBase.Value);
                break;
            case IntentClosed c:
                checker.IntentClosed(_leg, c.ClientOrderId.Value, c.End.ToString(), at);
                break;
            case DriftBooked d:
                checker.DriftJournaled(_leg, d.Delta.Value);
                break;
            case DriftAbsorbed d:
                checker.DriftAbsorbed(_leg, d.Amount.Value);
                break;
            case SyncApplied s:
                checker.SyncApplied(_leg, s.Options.EndUncopied, s.Options.EndForeign);
                break;
            case LegFaulted f:
                checker.Faulted(_leg, f.Kind.ToString());
                break;
            case FaultCleared:
                checker.FaultEnded(_leg);
                break;
        }
    }

    public void Believes(LegState state) => checker.Believes(_leg, state.Actual.Value, state.Open?.Order.ClientOrderId.Value);

    private void Report(OrderReport r) => checker.Reported(_leg, r.ClientOrderId.Value, r.IsClosed, r.Filled.Value);
}
