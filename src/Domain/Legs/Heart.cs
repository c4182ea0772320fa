using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Legs;

/// <summary>
/// The heart: decides what a leg does. Pure: no clock, no I/O; time, versions and fresh ids come in with each input.
/// <code>
/// None ──IntentDecided──► Sending ──confirmed open──► Resting ──timeout, goal turned──► Cancelling
///   ▲                        │ unknown, no answer, restart │ lost                          │
///   │                        ▼                             ▼                               ▼
///   └──IntentClosed──── Unknown ──beyond memory──► Settling          (each: closed report → IntentClosed)
/// </code>
/// Level-triggered: every input ends in the same look at the leg, so a lost or repeated input delays and never doubles.
/// </summary>
public static partial class Heart
{
    /// <summary>Decides about one input.</summary>
    public static Decision Decide(LegState state, LegInput input, Moment moment)
    {
        var step = new Step(state, moment);
        Take(step, input);
        AdoptSources(step);
        ShrinkUncopied(step);
        AbsorbDrift(step);
        FollowOrder(step);
        ApplyPendingSync(step);
        StartOrder(step);
        AskForReading(step);
        return new Decision(step.Events, step.Effects, step.State, WakeAt(step.State, moment.Uptime));
    }

    // What is no longer listed has no facts any more: it keeps the contract size that the leg was scaled with.
    private static LegConfiguration WithKnownScale(LegState s, LegConfiguration configuration) =>
        configuration.Instrument is { Status: InstrumentStatus.Delisted } gone && s.Scale is { } scale && scale.Instrument == gone.Id
            ? configuration with { Instrument = gone with { ContractSize = scale.ContractSize } }
            : configuration;

    private static void Take(Step step, LegInput input)
    {
        switch (input)
        {
            case LegInput.Recovered:
                step.Raise(new RecoverySeen(step.Now, step.Uptime, step.Version));
                if (step.State.Open is not null) step.Raise(new OrderPhaseSeen(OrderPhase.Unknown, step.Uptime, 0, step.Version));
                break;
            case LegInput.Configure configure:
                step.Raise(new ConfigurationSeen(WithKnownScale(step.State, configure.Configuration)));
                break;
            case LegInput.LevelsChanged levels:
                TakeLevels(step, levels);
                break;
            case LegInput.GateChanged gate:
                step.Raise(new GateSeen(gate.Gate));
                break;
            case LegInput.ReadingArrived reading:
                TakeReading(step, reading.Reading);
                break;
            case LegInput.ActualDoubted doubted:
                Doubt(step, doubted.Why);
                EndWhatTheLineDid(step);
                break;
            case LegInput.SubmitAnswered answer:
                TakeSubmitAnswer(step, answer);
                break;
            case LegInput.LookupAnswered answer:
                TakeLookupAnswer(step, answer);
                break;
            case LegInput.CancelAnswered answer:
                TakeCancelAnswer(step, answer);
                break;
            case LegInput.OrderReported reported:
                TakeReport(step, reported.Report);
                break;
            case LegInput.TakenByVenue taken:
                Fault(step, FaultKind.TakenByVenue, "", $"{taken.Why}; check the account, then resume the connector");
                Doubt(step, "the venue closed (part of) the position");
                break;
            case LegInput.Sync sync:
                // What a person asked for is not lost to a periodic sync that comes before it was applied.
                if (step.State.PendingSync is not { Options.ByPerson: true } || sync.Options.ByPerson)
                    step.Raise(new SyncWaiting(sync.Options, sync.ReadingFrom, sync.Terms));
                break;
            case LegInput.ClearFault clear:
                ClearFault(step, clear);
                break;
            case LegInput.Tick:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(input), input.GetType().Name, "An input that has no rule.");
        }
    }

    // A late or repeated message never takes a level back: per source the newest version wins.
    private static void TakeLevels(Step step, LegInput.LevelsChanged levels)
    {
        var held = step.State.Contributions.ToDictionary(c => c.Source);
        var merged = levels.Contributions
            .Select(c => held.TryGetValue(c.Source, out var ours) && c.Version < ours.Version ? ours with { Knowledge = c.Knowledge } : c)
            .OrderBy(c => c.Source)
            .ToImmutableArray();
        step.Raise(new ContributionsSeen(merged));
        if (levels.Price is { } price) step.Raise(new PriceSeen(price));
    }

    // A fault that only a person ends is never replaced by one that the next sync would end.
    private static void Fault(Step step, FaultKind kind, string code, string text)
    {
        if (step.State.Fault is { } fault && (fault.Kind == kind || !EndsWithSync(fault.Kind))) return;
        step.Raise(new LegFaulted(step.Now, kind, code, text));

        // Whoever asked for the waiting sync did not know of this: it does not end the fault.
        if (!EndsWithSync(kind) && step.State.PendingSync is { Options.ByPerson: true } pending)
            step.Raise(pending with { Options = pending.Options with { ByPerson = false } });
    }

    /// <summary>True for a fault that a sync ends; the others wait for a person.</summary>
    public static bool EndsWithSync(FaultKind kind) => kind is FaultKind.TriesExhausted or FaultKind.Rejected;

    /// <summary>True when a sync with these options ends the leg's fault: whoever asked for it knew of the fault.</summary>
    public static bool EndsFault(LegState s, SyncOptions options) =>
        s.Fault is { } fault && (EndsWithSync(fault.Kind) || (options.ByPerson && s.FaultVersion < options.Asked));

    private static void StartOrder(Step step)
    {
        var s = step.State;
        if (s.Open is not null || Obstacle(s, step.Uptime) is not null) return;
        if (Sizing.Next(s, step.Uptime) is not SizedStep.Order sized) return;

        var configuration = s.Configuration!;
        var target = s.Target!.Value;
        var order = new Orders.OrderRequest(
            step.Moment.FreshId,
            configuration.Instrument.Id,
            s.Leg.Side,
            sized.Side,
            sized.Quantity,
            sized.ReduceOnly,
            step.Now + configuration.Limits.OrderValidity,
            s.Price);
        var reason = new IntentReason(
            s.Contributions, target.Exact, target.Rounded, s.Uncopied, s.Foreign, s.Drift, s.Goal!.Value, s.Actual, configuration.Instrument.ContractSize);
        step.Raise(new IntentDecided(step.Now, new Intent(order, s.Intents + 1, step.Now, sized.Increasing, reason)));
        step.Raise(new OrderPhaseSeen(OrderPhase.Sending, step.Uptime + configuration.Limits.OrderTimeout, 0, step.Version));
        step.Do(new LegEffect.Submit(order));
    }

    /// <summary>Why a leg without an order in flight may not start one, for a person; null when it may.</summary>
    public static string? Obstacle(LegState s, Uptime now)
    {
        if (s.Configuration is null) return "waiting for the connector";
        if (!s.SourcesKnown) return "waiting for the streams";
        if (!s.HasBaseline) return "the baseline is not captured yet";
        if (s.Fault is { } fault) return $"faulted: {fault.Text}";
        if (!s.Gate.Open) return s.Gate.Why;
        if (ScaleChange(s) is { } change) return $"held: {change}; a plan waits for your yes";
        foreach (var c in s.Contributions)
        {
            if (c.Knowledge == LevelKnowledge.Unknown) return $"held: the level of {c.Source} is not known (no complete snapshot of its terminal yet)";
            if (c.Knowledge == LevelKnowledge.Unfed) return $"held: the Expert Advisor no longer lists {c.Source.Stream}; list it again or release it";
        }

        if (!s.ActualKnown) return $"held: the actual is not known ({s.ActualUnknownWhy})";
        if (s.Suspect is { } suspect) return $"held: a reading says {suspect.Reading.Quantity} where {s.Actual} was expected; it is read again";
        if (s.PendingSync is not null) return "a sync waits for a confirmed reading";
        if (s.Wait is { } wait && now < wait.Until) return wait.Why;
        return null;
    }

    /// <summary>What changed in the scale while something is held, for a person; null when nothing did.</summary>
    public static string? ScaleChange(LegState s) =>
        s.Scale is null || s.Configuration is null || !s.SourcesKnown
            ? null
            : Scale.Of(s.Contributions, s.Configuration.Instrument).ChangedFrom(s.Scale);

    private static Uptime? WakeAt(LegState s, Uptime now)
    {
        Uptime? wake = null;
        void At(Uptime? moment)
        {
            if (moment is { } m && (wake is null || m < wake)) wake = m < now ? now : m;
        }

        if (s.Open is not null && s.Configuration is not null && s.Phase is not (OrderPhase.Settling or OrderPhase.None)) At(s.NextStepAt);
        if (NeedsReading(s)) At(s.NextReadingAskAt);
        if (s.Open is null)
        {
            if (s.Wait is { } wait && now < wait.Until) At(wait.Until);
            if (Obstacle(s, now) is null && Sizing.Next(s, now) is SizedStep.Held { Until: { } until }) At(until);
        }

        return wake;
    }

    /// <summary>One decision under way: events are applied as they are raised.</summary>
    private sealed class Step(LegState state, Moment moment)
    {
        private readonly ImmutableArray<LegEvent>.Builder _events = ImmutableArray.CreateBuilder<LegEvent>();
        private readonly ImmutableArray<LegEffect>.Builder _effects = ImmutableArray.CreateBuilder<LegEffect>();

        public LegState State { get; private set; } = state;

        public Moment Moment { get; } = moment;

        public DateTimeOffset Now => Moment.Now;

        public Uptime Uptime => Moment.Uptime;

        public long Version => Moment.Version;

        public ImmutableArray<LegEvent> Events => _events.ToImmutable();

        public ImmutableArray<LegEffect> Effects => _effects.ToImmutable();

        public void Raise(LegEvent e)
        {
            State = State.Apply(e);
            _events.Add(e);
            if (e is LegFaulted) Raise(new FaultTimed(Version));
            if (e is IntentDecided or OrderFilled or IntentClosed) Raise(new OrderTimed(Uptime, (e as IntentDecided)?.Intent));
        }

        public void Do(LegEffect effect) => _effects.Add(effect);
    }
}
