namespace CSMultiConnector.Storage.Lease;

/// <summary>
/// A stretch of time that is over as soon as either clock says so: the wall clock goes on while a virtual machine is stopped, the monotonic
/// one does not follow when somebody sets the clock back.
/// </summary>
internal readonly struct LeaseTerm
{
    private readonly TimeProvider _time;
    private readonly long _timestamp;
    private readonly DateTimeOffset _beganAt;

    private LeaseTerm(TimeProvider time) => (_time, _timestamp, _beganAt) = (time, time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Begins now; taken before the request is sent that asks for it.</summary>
    public static LeaseTerm Begin(TimeProvider time) => new(time);

    /// <summary>How old it is: the larger of what the clocks say.</summary>
    public TimeSpan Age
    {
        get
        {
            var (monotonic, wall) = (_time.GetElapsedTime(_timestamp), _time.GetUtcNow() - _beganAt);
            return monotonic > wall ? monotonic : wall;
        }
    }

    /// <summary>When it reaches an age, by the wall clock as it was at the beginning.</summary>
    public DateTimeOffset EndOf(TimeSpan age) => _beganAt + age;
}
