using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>A leg as people and programs see it. Quantities are contracts.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Instrument">The instrument it is traded through; null before it is configured.</param>
/// <param name="Target">Rounded target; null while it is not known.</param>
/// <param name="Goal">What it is driven to; null while it is not known.</param>
/// <param name="Actual">What it holds, as far as confirmed.</param>
/// <param name="ActualKnown">False while the actual is not confirmed.</param>
/// <param name="RoundingResidual">Exact less rounded target.</param>
/// <param name="Untradable">Goal less actual where the venue accepts no order for it; else 0.</param>
/// <param name="Uncopied">Part of the target that is not copied.</param>
/// <param name="Foreign">Holdings from before.</param>
/// <param name="Drift">Unexplained changes since the last sync.</param>
/// <param name="Phase">Where the open order stands.</param>
/// <param name="OpenOrder">The open order's id.</param>
/// <param name="State">One of idle, working, waiting, faulted.</param>
/// <param name="Text">Why it waits or what it does, for a person.</param>
/// <param name="ScaleChange">What changed in the scale; null when nothing.</param>
/// <param name="Converged">Nothing left to do: no order in flight, no hold, goal reached (but for remainders).</param>
/// <param name="Orders">How many intents there have been.</param>
/// <param name="LevelKnowledge">The worst knowledge among its sources.</param>
/// <param name="Reducing">A reducing order is in flight or comes next, or a sync still waits.</param>
/// <param name="LastSyncId">The last sync that was applied, waits or was declined; null before the first.</param>
/// <param name="LastSyncDeclined">It was not applied: what it would have ended was not what had been shown.</param>
/// <param name="SyncWaits">It waits for a confirmed reading, or for the end of an order.</param>
public sealed record LegView(
    LegId Leg,
    InstrumentId? Instrument,
    Contracts? Target,
    Contracts? Goal,
    Contracts Actual,
    bool ActualKnown,
    decimal RoundingResidual,
    Contracts Untradable,
    Contracts Uncopied,
    Contracts Foreign,
    Contracts Drift,
    OrderPhase Phase,
    ClientOrderId? OpenOrder,
    string State,
    string Text,
    string? ScaleChange,
    bool Converged,
    long Orders,
    LevelKnowledge LevelKnowledge,
    bool Reducing,
    string? LastSyncId,
    bool LastSyncDeclined = false,
    bool SyncWaits = false)
{
    /// <summary>The view of a state at a time.</summary>
    public static LegView Of(LegState s, Uptime now)
    {
        var obstacle = Heart.Obstacle(s, now);
        var next = s.Open is null ? Sizing.Next(s, now) : null;
        var untradable = next is SizedStep.Untradable && s.Goal is { } goal ? goal - s.Actual : Contracts.Zero;
        var (state, text) = s.Fault is { } fault ? ("faulted", fault.Text)
            : s.Open is { } open ? ("working", $"{open.Order.Side} {open.Order.Quantity} {open.Order.Instrument}: {s.Phase}")
            : obstacle is not null ? ("waiting", obstacle)
            : next switch
            {
                SizedStep.Held held => ("waiting", held.Why),
                SizedStep.Untradable small => ("idle", small.Why),
                SizedStep.Order => ("working", "about to order"),
                _ => ("idle", ShortOnSpot(s)),
            };
        return new LegView(
            s.Leg,
            s.Configuration?.Instrument.Id,
            s.Target?.Rounded,
            s.Goal,
            s.Actual,
            s.ActualKnown,
            s.Target?.RoundingResidual ?? 0m,
            untradable,
            s.Uncopied,
            s.Foreign,
            s.Drift,
            s.Phase,
            s.Open?.Order.ClientOrderId,
            state,
            text,
            Heart.ScaleChange(s),
            state == "idle" && obstacle is null,
            s.Intents,
            s.Contributions.IsEmpty ? LevelKnowledge.Known : Worst(s),
            s.PendingSync is not null || s.Open is { Increasing: false } || (obstacle is null && next is SizedStep.Order { Increasing: false }),
            s.PendingSync?.Options.SyncId ?? s.LastSyncId,
            s.PendingSync is null && s.LastSyncDeclined,
            s.PendingSync is not null);
    }

    private static string ShortOnSpot(LegState s) =>
        s is { Configuration.Instrument.Kind: ProductKind.Spot, Target: { Exact: < 0m } target } ? $"MT5 is short by {AmountText.Of(-target.Exact)}: spot holds no short" : "";

    private static LevelKnowledge Worst(LegState s)
    {
        foreach (var k in (ReadOnlySpan<LevelKnowledge>)[Legs.LevelKnowledge.Unknown, Legs.LevelKnowledge.Unfed, Legs.LevelKnowledge.Stale])
            if (s.Contributions.Any(c => c.Knowledge == k)) return k;
        return Legs.LevelKnowledge.Known;
    }
}

/// <summary>What a leg would order if a sync were applied to it now.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Instrument">What would be traded; null when the leg is not configured.</param>
/// <param name="Side">Buy or sell; meaningless without quantity.</param>
/// <param name="Quantity">Contracts of the first order; zero = none.</param>
/// <param name="Actual">What it holds.</param>
/// <param name="Goal">What it would be driven to.</param>
/// <param name="Reduces">True when the order shrinks the leg.</param>
/// <param name="Why">Reasons, for a person.</param>
/// <param name="NotKnown">Why nothing can be said yet; null when it can.</param>
/// <param name="NeedsYes">The sync ends a drift or a baseline or changes a scale: with plan first a person is asked.</param>
public sealed record SyncProposal(
    LegId Leg,
    InstrumentId? Instrument,
    OrderSide Side,
    Contracts Quantity,
    Contracts Actual,
    Contracts? Goal,
    bool Reduces,
    string Why,
    string? NotKnown,
    bool NeedsYes = false)
{
    /// <summary>What the sync would end; it is applied only while this holds.</summary>
    public SyncTerms? Terms { get; private init; }

    /// <summary>What would follow from a sync with these options. Pure; changes nothing.</summary>
    public static SyncProposal Of(LegState s, SyncOptions options, Uptime now) => Propose(s, options, now) with { Terms = SyncTerms.Of(s, options) };

    private static SyncProposal Propose(LegState s, SyncOptions options, Uptime now)
    {
        var reasons = new List<string>();
        if (!s.Drift.IsZero) reasons.Add($"ends a drift of {s.Drift}");
        if (options.EndUncopied && !s.Uncopied.IsZero) reasons.Add($"copies {s.Uncopied} that MT5 held before");
        if (options.EndForeign && !s.Foreign.IsZero) reasons.Add($"no longer leaves alone {s.Foreign} that the account held before");
        var after = s;
        if (options.AcceptScale && Heart.ScaleChange(s) is { } change)
        {
            reasons.Add(change);
            after = after.Apply(new ScaleAccepted(default, Scale.Of(s.Contributions, s.Configuration!.Instrument), change));
        }

        after = after.Apply(new SyncApplied(default, options)) with { Gate = Gate.Free };
        if (Heart.EndsFault(after, options))
        {
            reasons.Add($"ends the fault \"{after.Fault!.Text}\"");
            after = after.Apply(new FaultCleared(default, ""));
        }

        var needsYes = reasons.Count > 0;
        if (s.Open is not null) return Nothing(after, reasons, "an order is in flight");
        if (Heart.Obstacle(after, now) is { } obstacle) return Nothing(after, reasons, obstacle);
        if (reasons.Count == 0) reasons.Add("MT5 holds something else");
        return Sizing.Next(after, now) switch
        {
            SizedStep.Order order => new SyncProposal(
                s.Leg, s.Configuration!.Instrument.Id, order.Side, order.Quantity, after.Actual, after.Goal, !order.Increasing, string.Join("; ", reasons), null, needsYes),

            // What only waits (a closed market, a guard rail) would be sent later: it is part of what a person says yes to.
            SizedStep.Held held => Wanted(after, [.. reasons, $"waits: {held.Why}"], needsYes),
            _ => Nothing(after, reasons, null),
        };
    }

    private static SyncProposal Wanted(LegState s, List<string> reasons, bool needsYes)
    {
        var (goal, actual, instrument) = (s.Goal!.Value, s.Actual, s.Configuration!.Instrument);
        var difference = goal - actual;
        return new SyncProposal(
            s.Leg,
            instrument.Id,
            difference.Sign > 0 ? OrderSide.Buy : OrderSide.Sell,
            Target.RoundToStep(Math.Abs(difference.Value), instrument.LotStep),
            actual,
            goal,
            goal.Abs() < actual.Abs() && goal.Sign != -actual.Sign,
            string.Join("; ", reasons),
            null,
            needsYes);
    }

    private static SyncProposal Nothing(LegState s, List<string> reasons, string? notKnown) => new(
        s.Leg, s.Configuration?.Instrument.Id, OrderSide.Buy, Contracts.Zero, s.Actual, s.Goal, false, string.Join("; ", reasons), notKnown);
}
