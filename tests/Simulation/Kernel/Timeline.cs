namespace CSMultiConnector.Simulation.Kernel;

/// <summary>Virtual time: one queue, one thread; what is due at the same moment runs in the order in which it was asked for.</summary>
internal sealed class Timeline
{
    /// <summary>More than any history needs; a queue that grows past it is a defect of the simulation.</summary>
    private const int MostWaiting = 100_000;

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> _queue = new();
    private long _order;

    /// <summary>True time, which no clock of the world shows exactly.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    public void After(TimeSpan delay, Action action)
    {
        if (_queue.Count >= MostWaiting) throw new InvalidOperationException("The simulated world asks for more and more.");
        _queue.Enqueue(action, (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), ++_order));
    }

    /// <summary>Runs everything that is due until then, each through <paramref name="guard"/>.</summary>
    public void RunUntil(DateTimeOffset end, Action<Action> guard)
    {
        while (_queue.TryPeek(out var action, out var due) && due.At <= end)
        {
            _queue.Dequeue();
            Now = due.At;
            guard(action);
        }

        Now = end;
    }
}
