using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Simulation.Bugs;

/// <summary>What a leg hears, with one mistake in its making.</summary>
internal sealed class BuggyInputs(PlantedBug bug)
{
    private readonly Dictionary<ClientOrderId, OrderReport> _reports = [];
    private long _levels;

    public LegSnapshot Twist(LegSnapshot snapshot) =>
        bug == PlantedBug.OpenIntentForgottenInSnapshot ? snapshot with { Open = null } : snapshot;

    public LegInput Twist(LegInput input, DateTimeOffset now)
    {
        if (bug == PlantedBug.None) return input;
        if (ReportIn(input) is { } report) _reports[report.ClientOrderId] = report;
        return (bug, input) switch
        {
            (PlantedBug.TimeoutTakenAsRefusal, LegInput.SubmitAnswered { Outcome: SubmitOutcome.Unknown { Why: "timeout" } } a) => Refused(a),
            (PlantedBug.ServerErrorTakenAsRefusal, LegInput.SubmitAnswered { Outcome: SubmitOutcome.Unknown u } a) when u.Why.StartsWith('5') => Refused(a),
            (PlantedBug.DuplicateTakenAsRefusal, LegInput.SubmitAnswered { Outcome: SubmitOutcome.Rejected { Rejection.Class: RejectionClass.Query } } a) => Refused(a),
            (PlantedBug.NotFoundTakenAsProof, LegInput.LookupAnswered { Outcome: LookupOutcome.NotFound } a) => a with { StartedAt = a.StartedAt + TimeSpan.FromSeconds(60), StartedUptime = a.StartedUptime + TimeSpan.FromSeconds(60) },
            (PlantedBug.IncompleteTakenAsNotFound, LegInput.LookupAnswered { Outcome: LookupOutcome.Incomplete } a) => a with { Outcome = new LookupOutcome.NotFound() },
            (PlantedBug.CancelTakenAsClosed, LegInput.CancelAnswered { Outcome: CancelOutcome.Accepted { Report: null } } a) => Cancelled(a),
            (PlantedBug.NothingToCancelTakenAsCancelled, LegInput.CancelAnswered { Outcome: CancelOutcome.NothingToCancel } a) => Cancelled(a),
            (PlantedBug.PartialFillIgnored, _) => WithReport(input, r => r is { IsClosed: true, Status: not OrderStatus.Filled } ? r with { Filled = Contracts.Zero } : r),
            (PlantedBug.FillsAddedUp, LegInput.OrderReported) => WithReport(input, r => r with { Filled = r.Filled + r.Filled }),
            (PlantedBug.SilenceTakenAsFlat, LegInput.LevelsChanged l) => l with
            {
                Contributions = [.. l.Contributions.Select(c => c.Knowledge == LevelKnowledge.Unknown ? c with { Knowledge = LevelKnowledge.Known } : c)],
            },
            (PlantedBug.OldLevelBelieved, LegInput.LevelsChanged l) => l with
            {
                Contributions = [.. l.Contributions.Select(c => c with { Version = new LevelVersion(1_000_000, ++_levels) })],
            },
            (PlantedBug.GateIgnored, LegInput.GateChanged) => new LegInput.GateChanged(Gate.Free),
            (PlantedBug.QuietPeriodIgnored, LegInput.Configure c) => WithRules(c, r => r with { QuietPeriod = TimeSpan.Zero }),
            (PlantedBug.VisibilityIgnored, LegInput.Configure c) => WithRules(c, r => r with { VisibilityDelay = TimeSpan.Zero }),
            (PlantedBug.MemoryIgnored, LegInput.Configure c) => WithRules(c, r => r with { Memory = TimeSpan.FromDays(1000) }),
            _ => input,
        };
    }

    private static LegInput Refused(LegInput.SubmitAnswered a) =>
        a with { Outcome = new SubmitOutcome.Rejected(new Rejection(RejectionClass.Transient, "", "taken as a refusal")) };

    private LegInput Cancelled(LegInput.CancelAnswered a) =>
        _reports.TryGetValue(a.ClientOrderId, out var last) ? a with { Outcome = new CancelOutcome.Accepted(last with { Status = OrderStatus.Cancelled }) } : a;

    private static LegInput.Configure WithRules(LegInput.Configure c, Func<Domain.Connectors.VenueRules, Domain.Connectors.VenueRules> change) =>
        new(c.Configuration with { Rules = change(c.Configuration.Rules) });

    private static OrderReport? ReportIn(LegInput input) => input switch
    {
        LegInput.SubmitAnswered { Outcome: SubmitOutcome.Confirmed c } => c.Report,
        LegInput.LookupAnswered { Outcome: LookupOutcome.Found f } => f.Report,
        LegInput.CancelAnswered { Outcome: CancelOutcome.Accepted { Report: { } r } } => r,
        LegInput.OrderReported o => o.Report,
        _ => null,
    };

    private static LegInput WithReport(LegInput input, Func<OrderReport, OrderReport> change) => input switch
    {
        LegInput.SubmitAnswered { Outcome: SubmitOutcome.Confirmed c } a => a with { Outcome = new SubmitOutcome.Confirmed(change(c.Report)) },
        LegInput.LookupAnswered { Outcome: LookupOutcome.Found f } a => a with { Outcome = new LookupOutcome.Found(change(f.Report)) },
        LegInput.CancelAnswered { Outcome: CancelOutcome.Accepted { Report: { } r } } a => a with { Outcome = new CancelOutcome.Accepted(change(r)) },
        LegInput.OrderReported o => new LegInput.OrderReported(change(o.Report)),
        _ => input,
    };
}
