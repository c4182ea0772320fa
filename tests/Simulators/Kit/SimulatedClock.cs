namespace CSMultiConnector.Simulators.Kit;

/// <summary>The venue's clock: the injected time plus an offset that a test sets, to play a client whose clock is wrong.</summary>
internal sealed class SimulatedClock(TimeProvider time)
{
    private long _offsetTicks;

    public TimeProvider Time => time;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public DateTimeOffset Now => time.GetUtcNow() + Offset;

    public long NowMs => Now.ToUnixTimeMilliseconds();

    public long NowUs => (Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
