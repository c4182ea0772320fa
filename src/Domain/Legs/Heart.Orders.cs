using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Domain.Legs;

// Orders in flight: answers, reports, time-outs, and what proves an end.
public static partial class Heart
{
    /// <summary>Look-ups that must fail in a row, beyond the venue's memory, before a person is asked to look.</summary>
    public const int FailedLookUpsUntilFault = 8;

    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_fundsWait = TimeSpan.FromSeconds(30);

    private static void TakeSubmitAnswer(Step step, LegInput.SubmitAnswered answer)
    {
        if (IsOpen(step.State, answer.ClientOrderId) && step.State.SubmissionOver is null) step.Raise(new SubmissionEnded(step.Uptime));
        if (answer.Outcome is SubmitOutcome.Confirmed confirmed)
        {
            // The report is evidence whenever it comes, also for an order that is closed by now.
            TakeReport(step, confirmed.Report);
            return;
        }

        if (!IsOpen(step.State, answer.ClientOrderId) || step.State.Phase is not (OrderPhase.Sending or OrderPhase.Unknown)) return;
        switch (answer.Outcome)
        {
            case SubmitOutcome.Rejected { Rejection: { Class: RejectionClass.Query } r }:
                BecomeUnknown(step, step.Uptime);
                break;
            case SubmitOutcome.Rejected rejected:
                Refuse(step, IntentEnd.Rejected, rejected.Rejection);
                break;
            case SubmitOutcome.DeniedLocally denied:
                Refuse(step, IntentEnd.DeniedLocally, denied.Reason);
                break;
            case SubmitOutcome.Unknown:
                BecomeUnknown(step, step.Uptime);
                break;
        }
    }

    private static void Refuse(Step step, IntentEnd end, Rejection rejection)
    {
        // A refusal proves that nothing lives only while nothing else has shown that it does; what it means needs the settings.
        var s = step.State;
        if (s.VenueOrderId is not null || !s.Progress.Filled.IsZero || s.Configuration is null)
        {
            BecomeUnknown(step, step.Uptime);
            return;
        }

        var increasing = s.Open!.Increasing;
        var quantity = s.Open.Order.Quantity;
        var tryUsed = rejection.Class is RejectionClass.Transient or RejectionClass.ReRead
            || (rejection.Class == RejectionClass.Funds && !increasing);
        var (goal, actual) = (s.Goal ?? s.Actual, s.Actual);
        Close(step, end, rejection, $"{(end == IntentEnd.Rejected ? "the venue refused it" : "it never left")}: {Words(rejection)}", tryUsed);

        switch (rejection.Class)
        {
            case RejectionClass.Wait:
                // Each try is an intent in the journal: a venue that goes on asking to wait is asked ever less often. Its first advice is followed.
                var refusals = step.State.WaitRefusals + 1;
                var least = refusals == 1 && rejection.RetryAfter is not null ? s_firstRetry : Doubled(s_firstWait, refusals - 1, s_longestWait);
                var pause = Longer(least, rejection.RetryAfter ?? TimeSpan.Zero);
                step.Raise(new WaitSeen(step.Uptime + pause, $"the venue asks to wait: {Words(rejection)}", refusals));
                break;
            case RejectionClass.ReRead:
                Doubt(step, $"the venue refused an order that its position should have allowed: {Words(rejection)}");
                break;
            case RejectionClass.Split:
                Split(step, quantity, rejection);
                break;
            // Cut by a maximum that the venue's refusals taught, and too small now: that is no remainder, and a person should look.
            case RejectionClass.BelowMinimum when quantity >= s.LearntMaximum && quantity < (goal - actual).Abs():
                Fault(step, FaultKind.Rejected, rejection.Code, $"the venue refused more than {quantity} as too much and {quantity} as too little ({Words(rejection)}); look at the symbol's mapping");
                break;
            case RejectionClass.BelowMinimum:
                step.Raise(new RemainderSeen(goal, actual));
                break;
            case RejectionClass.Permanent:
                Fault(step, FaultKind.Rejected, rejection.Code, Words(rejection));
                break;
            case RejectionClass.Funds when increasing:
                // The gate of the connector follows; until it does, this leg must not ask again.
                var blocked = step.Uptime + s_fundsWait;
                if (s.Gate.FundsBlockedUntil is { } longer && longer > blocked) blocked = longer;
                step.Raise(new GateSeen(step.State.Gate with { FundsBlockedUntil = blocked }));
                step.Do(new LegEffect.ReportFundsShort(rejection));
                break;
            case RejectionClass.Account:
                step.Raise(new GateSeen(Gate.Closed($"the venue refuses the account: {Words(rejection)}")));
                step.Do(new LegEffect.ReportAccountProblem(rejection));
                break;
        }
    }

    private static void Split(Step step, Contracts refused, Rejection rejection)
    {
        var instrument = step.State.Configuration!.Instrument;
        var half = Target.RoundToStep(refused.Value / 2m, instrument.LotStep);
        if (half.Value < Math.Max(instrument.MinQuantity, instrument.LotStep))
            Fault(step, FaultKind.Rejected, rejection.Code, Words(rejection));
        else
            step.Raise(new MaximumSeen(half));
    }

    private static void TakeReport(Step step, OrderReport report)
    {
        if (!IsOpen(step.State, report.ClientOrderId))
        {
            TakeLateFill(step, report);
            return;
        }

        var s = step.State;
        var open = s.Open!;
        if (Mismatch(open, report) is { } mismatch)
        {
            Fault(step, FaultKind.OrderMismatch, "", mismatch);
            BecomeUnknown(step, step.Uptime + s_longestRetry);
            return;
        }

        if (report.Filled < s.Progress.Filled) return;
        TakeProgress(step, report);
        if (report.IsClosed)
        {
            var filled = report.Filled >= open.Order.Quantity;
            var rejected = report.Status == OrderStatus.Rejected && report.Filled.IsZero;
            var tryUsed = !filled && !Turned(step.State);
            Close(
                step,
                filled ? IntentEnd.Filled : rejected ? IntentEnd.Rejected : IntentEnd.Unfilled,
                null,
                $"the venue reports order {report.VenueOrderId} {report.Status} with {report.Filled} of {open.Order.Quantity} filled",
                tryUsed);
            if (report.Quantity < open.Order.Quantity) Doubt(step, "the venue cut a reducing order to what is held: that is less than was known");
            return;
        }

        if (s.VenueOrderId is null) step.Raise(new OrderAcknowledged(step.Now, report.ClientOrderId, report.VenueOrderId));
        if (s.Phase != OrderPhase.Cancelling)
            step.Raise(new OrderPhaseSeen(OrderPhase.Resting, s.OpenSince + s.Configuration?.Limits.OrderTimeout ?? step.Uptime, 0, step.Version));
    }

    private static void TakeLateFill(Step step, OrderReport report)
    {
        var closed = step.State.Closed.FirstOrDefault(c => c.Intent.Order.ClientOrderId == report.ClientOrderId);
        if (closed is null || Mismatch(closed.Intent, report) is not null) return;
        var progress = Grown(closed.Progress, report);
        if (report.Filled < closed.Progress.Filled) return;
        if (SameAmounts(progress, closed.Progress))
        {
            TakeCosts(step, report.ClientOrderId, closed.Progress, progress);
            return;
        }

        var before = step.State.Copied;
        step.Raise(new OrderFilled(step.Now, report.ClientOrderId, progress));

        // A reading may have shown the fill before the report did, and booked it as drift.
        var change = step.State.Copied - before;
        var drift = step.State.Drift;
        if (drift.Sign == change.Sign && !drift.IsZero)
        {
            var explained = drift.Abs() < change.Abs() ? drift : change;
            step.Raise(new DriftBooked(step.Now, -explained, step.State.Actual - explained));
        }

        Doubt(step, "an order filled after it was closed");
    }

    private static void TakeProgress(Step step, OrderReport report)
    {
        var progress = Grown(step.State.Progress, report);
        if (SameAmounts(progress, step.State.Progress)) TakeCosts(step, report.ClientOrderId, step.State.Progress, progress);
        else step.Raise(new OrderFilled(step.Now, report.ClientOrderId, progress));
    }

    // Whoever tells of an order may know its price and fees later than its end. Each such event knows more than the last: none is told twice.
    private static void TakeCosts(Step step, ClientOrderId id, FillProgress before, FillProgress now)
    {
        if (Covers(before.Fees, now.Fees) && (before.AveragePrice is not null || now.AveragePrice is null)) return;
        step.Raise(new OrderCostsTold(step.Now, id, now.AveragePrice ?? before.AveragePrice, now.Fees));
    }

    // Figures are cumulative: a report that does not know a fee yet takes none back.
    private static FillProgress Grown(FillProgress before, OrderReport report)
    {
        var progress = FillProgress.Of(report);
        return progress with
        {
            FeeInBase = progress.FeeInBase < before.FeeInBase ? before.FeeInBase : progress.FeeInBase,
            Fees = Covers(progress.Fees, before.Fees) ? progress.Fees : before.Fees,
        };
    }

    private static bool Covers(ImmutableArray<Fee> all, ImmutableArray<Fee> some) =>
        some.IsDefaultOrEmpty || (!all.IsDefault && some.All(s => all.Any(a => a.Asset == s.Asset && a.Amount >= s.Amount)));

    private static bool SameAmounts(FillProgress a, FillProgress b) => a.Filled == b.Filled && a.FeeInBase == b.FeeInBase;

    // Its age says nothing: the venue dates it by a clock of its own, and an id of ours is used once, for ever.
    private static string? Mismatch(Intent intent, OrderReport report)
    {
        var order = intent.Order;

        // A venue may cut an order that only reduces to what there is to reduce.
        var sizeFits = report.Quantity == order.Quantity || (order.ReduceOnly && report.Quantity < order.Quantity);
        if (report.Instrument != order.Instrument || report.Side != order.Side || !sizeFits)
        {
            return $"the venue knows order {order.ClientOrderId} as {report.Side} {report.Quantity} {report.Instrument}, "
                + $"but {order.Side} {order.Quantity} {order.Instrument} was sent; check the account's orders, then resume the connector";
        }

        return null;
    }

    private static void TakeLookupAnswer(Step step, LegInput.LookupAnswered answer)
    {
        if (answer.Outcome is LookupOutcome.Found found)
        {
            TakeReport(step, found.Report);
            var s = step.State;
            if (IsOpen(s, answer.ClientOrderId) && s.Phase == OrderPhase.Cancelling && s.Fault?.Kind != FaultKind.OrderMismatch)
                SendCancel(step);
            return;
        }

        if (!IsOpen(step.State, answer.ClientOrderId) || step.State.Phase is not (OrderPhase.Unknown or OrderPhase.Cancelling)) return;
        if (step.State.Configuration is null) return;

        var open = step.State.Open!;
        var gone = CanNoLongerAppear(step.State, answer.StartedAt, answer.StartedUptime);
        if (answer.Outcome is LookupOutcome.NotFound && gone && NeverSeen(step.State) && Remembered(step.State, answer.StartedAt, answer.StartedUptime))
        {
            Close(step, IntentEnd.NeverPlaced, null, $"its validity ended at {open.Order.NotAfter:O} and every look-up of the venue answers that it has no such order", tryUsed: true);
            return;
        }

        // Beyond the venue's memory readings settle what it answers not to know. A look-up that failed is no answer, however often: the order may rest,
        // and only a person can look there.
        if (!gone || Remembered(step.State, step.Now, step.Uptime)) return;
        if (answer.Outcome is LookupOutcome.NotFound)
            step.Raise(new OrderPhaseSeen(OrderPhase.Settling, step.Uptime, 0, step.Version));
        else if (step.State.Attempts >= FailedLookUpsUntilFault)
            Fault(step, FaultKind.OrderUnresolved, "", Unresolved(open));
    }

    private static string Unresolved(Intent intent) =>
        $"nobody can say what became of order {intent.Order.ClientOrderId} ({intent.Order.Side} {intent.Order.Quantity} {intent.Order.Instrument}, decided {intent.DecidedAt:O}): "
        + "every look-up at the venue fails; look at the account's orders, cancel it if it is still open, then resume";

    // Validity and visibility are over by both clocks: the wall clock may have been set, and only it dates what the venue was told.
    // And the submission was over before the look-up began: a process that was stopped may write what it checked long ago.
    private static bool CanNoLongerAppear(LegState s, DateTimeOffset at, Uptime uptime)
    {
        var (order, delay) = (s.Open!.Order, s.Configuration!.Rules.VisibilityDelay);
        return s.SubmissionOver is { } over && uptime > over + delay
            && at > order.NotAfter + delay && uptime > s.OpenSince + (order.NotAfter - s.Open.DecidedAt) + delay;
    }

    private static bool NeverSeen(LegState s) => s.VenueOrderId is null && s.Progress.Filled.IsZero;

    // Only while the venue still remembers, by both clocks, does its not knowing an order mean that there was none.
    private static bool Remembered(LegState s, DateTimeOffset at, Uptime uptime)
    {
        var memory = s.Configuration!.Rules.Memory;
        return at - s.Open!.DecidedAt < memory && uptime - s.OpenSince < memory;
    }

    private static void TakeCancelAnswer(Step step, LegInput.CancelAnswered answer)
    {
        if (answer.Outcome is CancelOutcome.Accepted { Report: { } report })
        {
            TakeReport(step, report);
            return;
        }

        if (!IsOpen(step.State, answer.ClientOrderId) || step.State.Phase != OrderPhase.Cancelling) return;

        // Whatever the venue says of a cancel, only the order's own state proves its end: look it up.
        // The first time at once; a venue that goes on saying so is not asked without pause.
        var atOnce = step.State.Attempts <= 1 && answer.Outcome is (CancelOutcome.NothingToCancel or CancelOutcome.Accepted);
        var delay = atOnce ? TimeSpan.Zero : Backoff(step.State.Attempts);
        step.Raise(new OrderPhaseSeen(OrderPhase.Cancelling, step.Uptime + delay, step.State.Attempts, step.Version));
    }

    private static void FollowOrder(Step step)
    {
        var s = step.State;
        if (s.Open is not { } open || s.Configuration is null) return;
        if (s.Phase == OrderPhase.Sending && step.Uptime >= s.NextStepAt)
        {
            // An answer that never comes must not stop the leg for ever.
            BecomeUnknown(step, step.Uptime);
            s = step.State;
        }

        switch (s.Phase)
        {
            case OrderPhase.Resting when step.Uptime >= s.NextStepAt || Turned(s):
                SendCancel(step);
                break;
            case OrderPhase.Cancelling or OrderPhase.Unknown when step.Uptime >= s.NextStepAt:
                step.Raise(new OrderPhaseSeen(s.Phase, step.Uptime + Backoff(s.Attempts), s.Attempts + 1, step.Version));
                step.Do(new LegEffect.LookUp(open.Key(s.VenueOrderId)));
                break;
        }
    }

    private static void SendCancel(Step step)
    {
        var s = step.State;
        step.Raise(new OrderPhaseSeen(OrderPhase.Cancelling, step.Uptime + Backoff(s.Attempts), s.Attempts + 1, step.Version));
        step.Do(new LegEffect.Cancel(s.Open!.Key(s.VenueOrderId)));
    }

    /// <summary>True when what is left of the open order no longer leads towards the goal, or leads past it.</summary>
    private static bool Turned(LegState s)
    {
        if (s.Open is not { } open || s.Goal is not { } goal || ScaleChange(s) is not null) return false;
        if (s.Contributions.Any(c => c.Knowledge == LevelKnowledge.Unknown)) return false;
        var left = goal - s.Actual;
        var rest = open.Order.Quantity - s.Progress.Filled;
        return left.Sign != open.Signed(open.Order.Quantity).Sign
            || (s.Configuration is { } c && (rest - left.Abs()).Value >= c.Instrument.LotStep);
    }

    private static void BecomeUnknown(Step step, Uptime nextLookup) =>
        step.Raise(new OrderPhaseSeen(OrderPhase.Unknown, nextLookup, 0, step.Version));

    private static void Close(Step step, IntentEnd end, Rejection? rejection, string evidence, bool tryUsed)
    {
        step.Raise(new IntentClosed(step.Now, step.State.Open!.Order.ClientOrderId, end, rejection, evidence, tryUsed));
        step.Raise(new OrderPhaseSeen(OrderPhase.None, default, 0, step.Version));
        if (step.State.Fault?.Kind == FaultKind.OrderUnresolved) step.Raise(new FaultCleared(step.Now, "the order's end is known"));
        if (!tryUsed) return;

        // Before the leg is configured nobody has said how many tries are allowed: the count stands, the next one judges it.
        var limit = step.State.Configuration?.Limits.MaxOrderResubmitTries ?? int.MaxValue;
        if (step.State.TriesUsed > limit)
        {
            Fault(
                step,
                FaultKind.TriesExhausted,
                rejection?.Code ?? "",
                $"{step.State.TriesUsed} orders in a row were not filled (allowed: {limit} new tries); the last one: {evidence}. The next sync tries again");
        }
        else
        {
            var pause = Longer(Backoff(step.State.TriesUsed - 1), rejection?.RetryAfter ?? TimeSpan.Zero);
            step.Raise(new WaitSeen(step.Uptime + pause, $"trying again soon ({step.State.TriesUsed} of {limit} tries used): {evidence}"));
        }
    }

    private static bool IsOpen(LegState s, ClientOrderId id) => s.Open?.Order.ClientOrderId == id;

    private static string Words(Rejection r) => r.Code.Length == 0 ? r.Text : $"{r.Code} {r.Text}";

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Backoff(int attempts) => Doubled(s_firstRetry, attempts, s_longestRetry);

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest)
    {
        var delay = first * Math.Pow(2, Math.Clamp(times, 0, 16));
        return delay < longest ? delay : longest;
    }
}
