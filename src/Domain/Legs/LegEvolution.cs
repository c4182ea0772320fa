using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Domain.Legs;

/// <summary>How events change a leg. Total: no event throws, whatever the state; recovery uses nothing else.</summary>
public static class LegEvolution
{
    /// <summary>The state after an event.</summary>
    public static LegState Apply(this LegState s, LegEvent e) => e switch
    {
        JournaledEvent journaled => ApplyJournaled(s, journaled),
        ObservedEvent observed => ApplyObserved(s, observed),
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.GetType().Name, "A leg event that has no rule."),
    };

    private static LegState ApplyJournaled(LegState s, JournaledEvent e) => e switch
    {
        BaselineCaptured b => s with { HasBaseline = true, Foreign = b.Foreign, Uncopied = b.Uncopied, Copied = b.Copied, Scale = b.Scale },
        SourcesJoined j => s with { Scale = j.Scale, Uncopied = s.Uncopied + j.UncopiedAdded },
        ScaleAccepted a => s with { Scale = a.Scale },
        UncopiedShrunk u => s with { Uncopied = u.Uncopied },
        IntentDecided d => Decided(s, d),
        OrderAcknowledged a when s.Open?.Order.ClientOrderId == a.ClientOrderId => s with { VenueOrderId = a.VenueOrderId, WaitRefusals = 0 },
        OrderAcknowledged => s,
        OrderFilled f => Filled(s, f),
        OrderCostsTold c => CostsTold(s, c),
        IntentClosed c => Closed(s, c),
        DriftBooked d => s with { Drift = s.Drift + d.Delta },
        DriftAbsorbed d => s with { Drift = s.Drift - d.Amount, Copied = s.Copied + d.Amount },
        SyncApplied a => Synced(s, a),
        LegFaulted f => s with { Fault = f },
        FaultCleared => s with { Fault = null, TriesUsed = 0, LearntMaximum = null },
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.GetType().Name, "A journaled event that has no rule."),
    };

    private static LegState ApplyObserved(LegState s, ObservedEvent e) => e switch
    {
        ConfigurationSeen c => s with
        {
            Configuration = c.Configuration,
            LearntMaximum = s.Configuration?.Instrument.Id == c.Configuration.Instrument.Id ? s.LearntMaximum : null,
        },
        RecoverySeen r => Recovered(s, r),
        OrderTimed { Decided: { } intent } t => s with
        {
            QuietFrom = t.At,
            OpenSince = t.At,
            SubmissionOver = null,
            Increases = intent.Increasing ? Bounded(s.Increases, t.At, LegState.RememberedDecisions) : s.Increases,
        },
        OrderTimed t => s with { QuietFrom = t.At },
        FaultTimed f => s with { FaultVersion = f.Version },
        ContributionsSeen c => s with { Contributions = c.Contributions, SourcesKnown = true },
        GateSeen g => s with { Gate = g.Gate },
        PriceSeen p => s with { Price = p.Price },
        ReadingAccepted r => s with { ActualKnown = true, AcceptedVersion = r.Version, Locked = r.Locked, Suspect = null },
        ReadingAsked r => s with { NextReadingAskAt = r.NextAskAt },
        ReadingSuspected r => s with { Suspect = r },
        ActualLost l => s with { ActualKnown = false, ActualUnknownWhy = l.Why, Suspect = null, NextReadingAskAt = default },
        OrderPhaseSeen p => s with
        {
            Phase = p.Phase,
            NextStepAt = p.NextStepAt,
            Attempts = p.Attempts,
            LastOrderVersion = Math.Max(s.LastOrderVersion, p.Version),
            Suspect = null,
        },
        SubmissionEnded over => s with { SubmissionOver = over.At },
        WaitSeen w => s with { Wait = w, WaitRefusals = w.Refusals },
        MaximumSeen m => s with { LearntMaximum = m.Maximum },
        RemainderSeen r => s with { RefusedRemainder = r },
        SyncWaiting w => s with { PendingSync = w },
        SyncSeen n => s with { PendingSync = null, LastSyncId = n.SyncId, LastSyncDeclined = false },
        SyncDeclined d => s with { PendingSync = null, LastSyncId = d.SyncId, LastSyncDeclined = true },
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.GetType().Name, "An observed event that has no rule."),
    };

    // How long ago the journal's last order was, only the wall clock can say, and it may have been set since: the quiet period and the order's
    // validity begin anew, and a clock that went back makes no increase younger than this run.
    private static LegState Recovered(LegState s, RecoverySeen r) => s with
    {
        QuietFrom = s.LastOrderAt == default ? null : r.Uptime,
        OpenSince = r.Uptime,
        SubmissionOver = r.Uptime,
        Increases = [.. s.RecentIncreases.Select(at => at < r.At ? r.Uptime - (r.At - at) : r.Uptime).Order()],
        LastOrderVersion = s.HasBaseline ? Math.Max(s.LastOrderVersion, r.Version) : s.LastOrderVersion,
    };

    private static LegState Decided(LegState s, IntentDecided d) => s with
    {
        Open = d.Intent,
        VenueOrderId = null,
        Progress = FillProgress.None,
        Intents = d.Intent.Number,
        LastOrderAt = d.At,
        Phase = OrderPhase.Sending,
        Attempts = 0,
        Wait = null,
        RecentIncreases = d.Intent.Increasing ? Bounded(s.RecentIncreases, d.At, LegState.RememberedDecisions) : s.RecentIncreases,
    };

    private static LegState Filled(LegState s, OrderFilled f)
    {
        if (s.Open is { } open && open.Order.ClientOrderId == f.ClientOrderId)
            return s with { Copied = s.Copied + Change(open, s.Progress, f.Progress), Progress = f.Progress, LastOrderAt = f.At, WaitRefusals = 0 };

        var late = s.Closed.FirstOrDefault(c => c.Intent.Order.ClientOrderId == f.ClientOrderId);
        return late is null
            ? s
            : s with
            {
                Copied = s.Copied + Change(late.Intent, late.Progress, f.Progress),
                Closed = s.Closed.Replace(late, late with { Progress = f.Progress }),
                LastOrderAt = f.At,
            };
    }

    private static LegState CostsTold(LegState s, OrderCostsTold c)
    {
        FillProgress With(FillProgress progress) => progress with { AveragePrice = c.AveragePrice, Fees = c.Fees };
        if (s.Open?.Order.ClientOrderId == c.ClientOrderId) return s with { Progress = With(s.Progress) };
        var closed = s.Closed.FirstOrDefault(o => o.Intent.Order.ClientOrderId == c.ClientOrderId);
        return closed is null ? s : s with { Closed = s.Closed.Replace(closed, closed with { Progress = With(closed.Progress) }) };
    }

    private static LegState Closed(LegState s, IntentClosed c)
    {
        if (s.Open is not { } open || open.Order.ClientOrderId != c.ClientOrderId) return s;
        return s with
        {
            Open = null,
            VenueOrderId = null,
            Progress = FillProgress.None,
            Phase = OrderPhase.None,
            Attempts = 0,
            LastOrderAt = c.At,
            TriesUsed = c.End == IntentEnd.Filled ? 0 : s.TriesUsed + (c.TryUsed ? 1 : 0),
            Closed = Bounded(s.Closed, new ClosedOrder(open, s.Progress), LegState.RememberedOrders),
        };
    }

    // Ending drift or foreign makes it ours: the actual stays, the goal moves to the target.
    private static LegState Synced(LegState s, SyncApplied a)
    {
        var foreign = a.Options.EndForeign ? Contracts.Zero : s.Foreign;
        return s with
        {
            Copied = s.Copied + s.Drift + (s.Foreign - foreign),
            Foreign = foreign,
            Drift = Contracts.Zero,
            Uncopied = a.Options.EndUncopied ? Contracts.Zero : s.Uncopied,
            TriesUsed = 0,
            Wait = null,
            RefusedRemainder = a.Options.ByPerson ? null : s.RefusedRemainder,
            LearntMaximum = a.Options.ByPerson ? null : s.LearntMaximum,
            PendingSync = null,
            LastSyncId = a.Options.SyncId,
            LastSyncDeclined = false,
        };
    }

    private static Contracts Change(Intent intent, FillProgress before, FillProgress after) =>
        intent.Signed(after.Filled - before.Filled) - (after.FeeInBase - before.FeeInBase);

    private static ImmutableArray<T> Bounded<T>(ImmutableArray<T> items, T item, int limit) =>
        (items.Length < limit ? items : items.RemoveAt(0)).Add(item);
}
