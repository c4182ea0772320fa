using Akka.TestKit;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Both clocks as the scheduler moves them; its own monotonic clock is the machine's.</summary>
internal sealed class VirtualTime(TestScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override long GetTimestamp() => scheduler.Now.UtcTicks;
}
