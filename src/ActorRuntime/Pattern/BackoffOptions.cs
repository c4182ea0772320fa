using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Makes options of a <see cref="BackoffSupervisor"/>.</summary>
public static class Backoff
{
    /// <summary>Starts the child again, after a growing delay, when it has stopped.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay, above zero.</param>
    /// <param name="maxBackoff">The longest delay, not below the first.</param>
    /// <param name="randomFactor">How much of a delay is added at random, 0 to 1.</param>
    /// <param name="maxNrOfRetries">How many starts before the supervisor stops; -1 for any number.</param>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new StandardBackoffOptions(new BackoffSettings(false, childProps, childName, minBackoff, maxBackoff, randomFactor))
            .WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>Starts the child again, after a growing delay, when it has thrown; a child that stops by itself ends the supervisor.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay, above zero.</param>
    /// <param name="maxBackoff">The longest delay, not below the first.</param>
    /// <param name="randomFactor">How much of a delay is added at random, 0 to 1.</param>
    /// <param name="maxNrOfRetries">How many starts before the supervisor stops; -1 for any number.</param>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new StandardBackoffOptions(new BackoffSettings(true, childProps, childName, minBackoff, maxBackoff, randomFactor))
            .WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>How a <see cref="BackoffSupervisor"/> behaves. Immutable.</summary>
public abstract class BackoffOptions
{
    /// <summary>Made by <see cref="Backoff"/>.</summary>
    protected BackoffOptions()
    {
    }

    /// <summary>Forgets earlier starts once the child has run this long. The default, with the first delay.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>Forgets earlier starts when told so by <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Deals with the child's exceptions by this strategy.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Stops the child on every exception.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>Stops after so many starts; -1 for any number.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answers with this while the child is away; else its messages are dead letters.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>Stops for good when the child stops after such a message, or when one comes while it is away.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    internal abstract BackoffSettings Settings { get; }
}

/// <summary>When earlier starts are forgotten.</summary>
public interface IBackoffReset;

internal sealed record ManualReset : IBackoffReset;

internal sealed record AutoReset(TimeSpan ResetBackoff) : IBackoffReset;

internal sealed record BackoffSettings(
    bool OnFailure, Props ChildProps, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor)
{
    public IBackoffReset Reset { get; init; } = new AutoReset(MinBackoff);

    public SupervisorStrategy Strategy { get; init; } = SupervisorStrategy.DefaultStrategy;

    public object? ReplyWhileStopped { get; init; }

    public Func<object, bool>? FinalStopMessage { get; init; }

    /// <exception cref="ArgumentException">A delay or the random factor is out of range.</exception>
    public void Validate()
    {
#pragma warning disable MA0015 // The parameter is the caller's, not one of this method.
        if (MinBackoff <= TimeSpan.Zero)
            throw new ArgumentException("MinBackoff must be greater than 0");
        if (MaxBackoff < MinBackoff)
            throw new ArgumentException("MaxBackoff must be greater than MinBackoff");
        if (RandomFactor is < 0.0 or > 1.0)
            throw new ArgumentException("RandomFactor must be between 0.0 and 1.0");
#pragma warning restore MA0015
    }

    /// <summary>The delay before the start after so many starts: doubles each time, up to the longest, plus a random part.</summary>
    public TimeSpan DelayBefore(int restarts)
    {
        // Doubling more often than this is beyond any longest delay.
        if (restarts >= 30)
            return MaxBackoff;
        var delay = Math.Min(MaxBackoff.Ticks, MinBackoff.Ticks * Math.Pow(2, restarts));
        return TimeSpan.FromTicks((long)Math.Min(delay * (1.0 + (Random.Shared.NextDouble() * RandomFactor)), long.MaxValue / 2));
    }
}

internal sealed class StandardBackoffOptions(BackoffSettings settings) : BackoffOptions
{
    internal override BackoffSettings Settings => settings;

    private OneForOneStrategy OneForOne => (OneForOneStrategy)settings.Strategy;

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(settings with { Reset = new AutoReset(resetBackoff) });

    public override BackoffOptions WithManualReset() => With(settings with { Reset = new ManualReset() });

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => With(settings with { Strategy = supervisorStrategy });

    public override BackoffOptions WithDefaultStoppingStrategy() => With(settings with
    {
        Strategy = new OneForOneStrategy(OneForOne.MaxNumberOfRetries, OneForOne.WithinTimeRangeMilliseconds, SupervisorStrategy.StoppingStrategy.Decider),
    });

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        With(settings with { Strategy = OneForOne.WithMaxNrOfRetries(maxNrOfRetries) });

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => With(settings with { ReplyWhileStopped = replyWhileStopped });

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        With(settings with { FinalStopMessage = isFinalStopMessage });

    private static StandardBackoffOptions With(BackoffSettings changed) => new(changed);
}
