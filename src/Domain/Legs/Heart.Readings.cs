using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Domain.Legs;

// Readings, baseline, scale and syncs.
public static partial class Heart
{
    private static readonly TimeSpan s_secondLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_readingAgain = TimeSpan.FromSeconds(5);

    private static void AdoptSources(Step step)
    {
        var s = step.State;
        if (s.Configuration is not { } configuration || !s.SourcesKnown) return;

        // What a source held before is known only once its terminal's first complete snapshot is.
        if (s.Contributions.Any(c => c.Knowledge == LevelKnowledge.Unknown)) return;
        var scale = Scale.Of(s.Contributions, configuration.Instrument);
        if (!s.HasBaseline)
        {
            CaptureBaseline(step, configuration, scale);
            return;
        }

        if (s.Scale is null || scale.SameAs(s.Scale)) return;
        if (scale.ChangedFrom(s.Scale) is { } change)
        {
            if (!s.HoldsNothing) return;
            AcceptScale(step, scale, $"{change}; nothing is held");
        }

        Join(step, configuration, scale);
    }

    // Sources that join with a changed scale still bring what they held before.
    private static void AcceptScale(Step step, Scale scale, string why) =>
        step.Raise(new ScaleAccepted(step.Now, scale with { Sources = scale.Sources.RemoveRange(scale.Joined(step.State.Scale!)) }, why));

    private static void Join(Step step, LegConfiguration configuration, Scale scale)
    {
        var s = step.State;
        var joined = scale.Joined(s.Scale!).ToHashSet();
        if (joined.Count == 0) return;

        // What they held before moves nothing: the target with it less the target without it, each rounded.
        var without = s.Contributions.RemoveAll(c => joined.Contains(c.Source));
        var with = without.AddRange(s.Contributions.Where(c => joined.Contains(c.Source)).Select(c => c with { Level = c.Preexisting }));
        var added = configuration.Limits.SyncAtStartup
            ? Contracts.Zero
            : Target.Of(with, configuration.Instrument, s.Leg.Side).Rounded - Target.Of(without, configuration.Instrument, s.Leg.Side).Rounded;
        step.Raise(new SourcesJoined(step.Now, scale, added));
    }

    private static void CaptureBaseline(Step step, LegConfiguration configuration, Scale scale)
    {
        var held = configuration.BaselineHolding;
        if (configuration.Limits.SyncAtStartup)
        {
            step.Raise(new BaselineCaptured(step.Now, Contracts.Zero, Contracts.Zero, held, scale));
            return;
        }

        var asked = Target.OfPreexisting(step.State.Contributions, configuration.Instrument, step.State.Leg.Side).Rounded;
        var common = held.Sign == asked.Sign ? held.Abs() < asked.Abs() ? held : asked : Contracts.Zero;
        step.Raise(new BaselineCaptured(step.Now, held - common, asked - common, common, scale));
    }

    private static void ShrinkUncopied(Step step)
    {
        var s = step.State;
        if (!s.HasBaseline || s.Uncopied.IsZero || s.Target is not { } target || ScaleChange(s) is not null) return;
        if (s.Contributions.Any(c => c.Knowledge == LevelKnowledge.Unknown)) return;
        var shrunk = target.Rounded.Sign != s.Uncopied.Sign ? Contracts.Zero
            : target.Rounded.Abs() < s.Uncopied.Abs() ? target.Rounded
            : s.Uncopied;
        if (shrunk != s.Uncopied) step.Raise(new UncopiedShrunk(step.Now, shrunk));
    }

    // Somebody closed by hand at the venue what MT5 closes now: that deal is done, and trading it once more would open the other side.
    private static void AbsorbDrift(Step step)
    {
        var s = step.State;
        if (!s.HasBaseline || s.Drift.IsZero || s.Drift.Sign != -s.Copied.Sign || s.Target is not { } target || ScaleChange(s) is not null) return;
        if (s.Contributions.Any(c => c.Knowledge == LevelKnowledge.Unknown)) return;
        var asked = target.Rounded - s.Uncopied;
        var keeps = asked.Sign == s.Copied.Sign ? asked.Abs() : Contracts.Zero;

        // Foreign holdings on the same side may be what was taken: until they are used up, no deal opens the other side.
        if (s.Foreign.Sign == s.Copied.Sign) keeps += s.Foreign.Abs();
        var excess = s.Drift.Abs() - keeps;
        if (excess <= Contracts.Zero) return;
        var absorbed = excess < s.Copied.Abs() ? excess : s.Copied.Abs();
        step.Raise(new DriftAbsorbed(step.Now, s.Drift.Sign > 0 ? absorbed : -absorbed));
    }

    private static void TakeReading(Step step, LegReading reading)
    {
        var s = step.State;
        if (!s.HasBaseline || s.Configuration is null || reading.Version <= s.LastOrderVersion || reading.Version <= s.AcceptedVersion) return;
        if (s.Open is not null && s.Phase != OrderPhase.Settling) return;

        if (reading.Quantity == s.Actual && s.Open is null)
        {
            Accept(step, reading);
            return;
        }

        var quietUntil = s.QuietFrom + s.Configuration.Rules.QuietPeriod;
        var quiet = step.Uptime < quietUntil;
        var seenTwice = s.Suspect is { ConfirmedFrom: { } from } suspect && suspect.Reading.Quantity == reading.Quantity && reading.Version >= from;
        if (quiet || !seenTwice)
        {
            // The second look must begin after the first was seen, and both after the quiet period: else both may show the same stale figure.
            step.Raise(new ReadingSuspected(reading, quiet ? null : step.Version));
            var next = step.Uptime + s_secondLook;
            step.Raise(new ReadingAsked(quietUntil is { } until && next < until ? until : next));
            return;
        }

        if (s.Open is not null) Settle(step, reading);
        BookDrift(step, reading);
        Accept(step, reading);
    }

    private static void Accept(Step step, LegReading reading) =>
        step.Raise(new ReadingAccepted(reading.Version, reading.Free is { } free ? reading.Quantity - free : Contracts.Zero));

    // Nobody remembers the order any more: what the holdings changed in its direction, up to its size, was its fill.
    private static void Settle(Step step, LegReading reading)
    {
        var s = step.State;
        var open = s.Open!;
        var change = reading.Quantity - s.Actual;
        var left = open.Order.Quantity - s.Progress.Filled;
        var filled = change.Sign == open.Signed(left).Sign ? change.Abs() < left ? change.Abs() : left : Contracts.Zero;
        if (!filled.IsZero)
            step.Raise(new OrderFilled(step.Now, open.Order.ClientOrderId, s.Progress with { Filled = s.Progress.Filled + filled }));
        Close(step, IntentEnd.SettledByReading, null, $"the venue no longer remembers the order; two readings of {reading.Quantity} settle it", tryUsed: false);
    }

    private static void BookDrift(Step step, LegReading reading)
    {
        var s = step.State;
        var delta = reading.Quantity - s.Actual;
        if (delta.IsZero) return;
        step.Raise(new DriftBooked(step.Now, delta, reading.Quantity));
        if (s.Configuration!.Instrument.Kind == ProductKind.Spot && delta < Contracts.Zero)
        {
            Fault(
                step,
                FaultKind.TakenByVenue,
                "",
                $"the balance of {s.Leg.Holding} fell by {delta.Abs()} and none of our orders explains it; check the account, then resume the connector");
        }
    }

    private static void ApplyPendingSync(Step step)
    {
        var s = step.State;
        if (s.PendingSync is not { } pending || s.Open is not null || !s.HasBaseline || !s.ActualKnown || s.Suspect is not null) return;
        if (s.AcceptedVersion < pending.ReadingFrom || s.Contributions.Any(c => c.Knowledge == LevelKnowledge.Unknown)) return;

        // What came up between the plan and now was not part of the yes.
        if (pending.Terms is { } terms && terms != SyncTerms.Of(s, pending.Options))
        {
            step.Raise(new SyncDeclined(pending.Options.SyncId));
            return;
        }

        if (EndsFault(s, pending.Options))
            step.Raise(new FaultCleared(step.Now, "a sync begins anew"));
        if (pending.Options.AcceptScale && ScaleChange(s) is { } change)
        {
            var scale = Scale.Of(s.Contributions, s.Configuration!.Instrument);
            AcceptScale(step, scale, $"{change}; accepted with the plan");
            Join(step, s.Configuration, scale);
        }

        // One that changes nothing leaves no trace: a periodic sync would fill the journal of a leg at rest.
        var (applied, seen) = (new SyncApplied(step.Now, pending.Options), new SyncSeen(pending.Options.SyncId));
        step.Raise(step.State.Apply(applied) == step.State.Apply(seen) ? seen : applied);
        ShrinkUncopied(step);
    }

    private static void ClearFault(Step step, LegInput.ClearFault clear)
    {
        var s = step.State;
        if (s.Fault is not { } fault || s.FaultVersion >= clear.Asked) return;
        step.Raise(new FaultCleared(step.Now, clear.Why));

        // A person has looked at the order that did not match, or that nobody could look up: what the account holds settles it.
        if (fault.Kind is FaultKind.OrderMismatch or FaultKind.OrderUnresolved && s.Open is not null)
            step.Raise(new OrderPhaseSeen(OrderPhase.Settling, step.Uptime, 0, step.Version));
        Doubt(step, "a person ended a fault; the account is read anew");
    }

    // The line to the venue is back: what was tried in vain, or waited for, may have been for its sake.
    private static void EndWhatTheLineDid(Step step)
    {
        if (step.State.Fault?.Kind == FaultKind.TriesExhausted) step.Raise(new FaultCleared(step.Now, "the line to the venue is back"));
        if (step.State is { WaitRefusals: > 0, Wait: { } wait }) step.Raise(wait with { Until = step.Uptime });
    }

    // Only a reading that begins from now on ends the doubt.
    private static void Doubt(Step step, string why)
    {
        var s = step.State;
        step.Raise(new ActualLost(why));
        step.Raise(new OrderPhaseSeen(s.Phase, s.NextStepAt, s.Attempts, step.Version));
    }

    private static bool NeedsReading(LegState s)
    {
        if (!s.HasBaseline || s.Configuration is null) return false;
        if (s.Open is not null) return s.Phase == OrderPhase.Settling;
        return !s.ActualKnown || s.Suspect is not null || WaitsForBalance(s) || (s.PendingSync is { } pending && s.AcceptedVersion < pending.ReadingFrom);
    }

    // An order by hand that is cancelled frees the balance and changes no holding: nobody tells of it.
    private static bool WaitsForBalance(LegState s) => s.Gate.Open && s.Fault is null && Sizing.IsLocked(s);

    private static void AskForReading(Step step)
    {
        var s = step.State;
        if (!NeedsReading(s) || step.Uptime < s.NextReadingAskAt) return;
        step.Raise(new ReadingAsked(step.Uptime + s_readingAgain));
        step.Do(new LegEffect.RequestReading(s.Suspect is not null ? "a reading differs from what was expected" : s.ActualUnknownWhy));
    }
}
