using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>One incarnation of a leg: the product's shell with a mailbox, a journal, a timer and a line to the venue, as the actor connects it.</summary>
internal sealed class SimLeg : ILegPorts
{
    private const int FramesPerSnapshot = 8;

    private readonly World _world;
    private readonly SimHost _host;
    private readonly LegShell _shell;
    private readonly BuggyPorts _ports;
    private readonly Queue<LegInput> _mailbox = new();
    private readonly Witness _witness;
    private readonly BuggyInputs _inputs;
    private bool _busy;
    private bool _persisting;
    private bool _stopped;
    private long _wake;
    private int _frames;

    public SimLeg(World world, SimHost host, LegId id)
    {
        (_world, _host, Id) = (world, host, id);
        _ports = new BuggyPorts(world, this);
        _inputs = new BuggyInputs(world.Scenario.Bug);
        _shell = new LegShell(id, world.Scenario.Bug == PlantedBug.None ? this : _ports);
        _witness = new Witness(world.Checker, id);
    }

    public LegId Id { get; }

    public LegState State => _shell.State;

    public bool Alive => !_stopped && _host.Alive;

    public void Start()
    {
        var journal = _world.Disk.Journal(Id.ToString());
        foreach (var frame in journal) Durable(frame);
        var from = 0;
        if (_world.Disk.Snapshot(Id) is { } saved && _world.Dice.Strikes(Fault.RecoveryFromSnapshot))
        {
            _shell.Recover(_inputs.Twist(saved.Snapshot));
            from = saved.Frames;
        }

        var frames = _world.Scenario.Bug == PlantedBug.LastWriteForgotten ? journal.Count - 1 : journal.Count;
        for (var i = from; i < frames; i++)
            foreach (var e in journal[i].Events) _shell.Recover((JournaledEvent)e);
        _world.Checker.LegStarted(Id.ToString(), _world.HostSkew);
        Take(new LegInput.Recovered());
    }

    /// <summary>Takes an input as the mailbox does: one after the other, none while events are being stored.</summary>
    public void Take(LegInput input)
    {
        if (!Alive) return;
        _mailbox.Enqueue(input);
        Work();
    }

    private void Work()
    {
        while (!_busy && !_persisting && Alive && _mailbox.TryDequeue(out var input))
        {
            _busy = true;
            var answer = input is LegInput.SubmitAnswered or LegInput.LookupAnswered or LegInput.CancelAnswered or LegInput.ReadingArrived or LegInput.OrderReported;
            if (answer) _world.Pass(Boundary.BeforeAnswer);
            if (input is LegInput.LevelsChanged levels) input = _host.WithKnowledgeOfNow(levels);
            if (_world.Trace.Read) _world.Trace.Say("  leg hears", Id.ToString(), 0m, input.ToString());
            _witness.Hears(input);
            _shell.Handle(_inputs.Twist(input, _host.Now));
            if (answer) _world.Pass(Boundary.AfterAnswer);
            _busy = false;
        }
    }

    public Moment NextMoment() => new(_host.Now, _host.Uptime, _host.Versions.Next(), _host.Ids.Next());

    public void Persist(IReadOnlyList<JournaledEvent> events, Action stored)
    {
        _world.Pass(Boundary.BeforeJournal);
        _persisting = true;
        var delay = _world.Dice.Strikes(Fault.WriteSlow) ? _world.Chance.Milliseconds(50, 3000) : TimeSpan.FromMilliseconds(0.2);
        var full = _world.Dice.Strikes(Fault.DiskFull);
        var frame = !full || _world.Dice.Strikes(Fault.DiskFullButStored) ? _world.Disk.Write(Id.ToString(), events) : null;
        _world.Timeline.After(delay, () =>
        {
            if (!Alive) return;
            _world.Pass(Boundary.JournalWritten);
            if (full && _world.Scenario.Bug != PlantedBug.FailedWriteIgnored)
            {
                if (frame is not null) frame.Synced = true;
                Fail();
                return;
            }

            if (frame is not null)
            {
                if (_world.Scenario.Bug != PlantedBug.WriteNotSynced) Sync(frame);
                else _world.Timeline.After(TimeSpan.FromSeconds(2), () => Sync(frame));
            }

            _world.Pass(Boundary.Journaled);
            _persisting = false;
            var idle = !_busy;
            _busy = true;
            stored();
            if (idle) _busy = false;
            if (++_frames % FramesPerSnapshot == 0) _world.Disk.SaveSnapshot(Id, _shell.State);
            Work();
        });
    }

    public void Submit(OrderRequest order) =>
        _host.Gateway.Submit(Id, order, () => Alive, outcome => Later(new LegInput.SubmitAnswered(order.ClientOrderId, outcome)));

    public void LookUp(OrderKey order)
    {
        var (startedAt, startedUptime) = (_host.Now, _host.Uptime);
        _world.Trace.Note("look-up", order.ClientOrderId.Value);
        _host.Gateway.Find(order, () => Alive, outcome => Later(new LegInput.LookupAnswered(order.ClientOrderId, startedAt, startedUptime, outcome)));
    }

    public void Cancel(OrderKey order)
    {
        _world.Trace.Note("cancel", order.ClientOrderId.Value);
        _host.Gateway.Cancel(order, () => Alive, outcome => Later(new LegInput.CancelAnswered(order.ClientOrderId, outcome)));
    }

    public void RequestReading(string why) => _world.Timeline.After(TimeSpan.Zero, () =>
    {
        if (Alive) _host.ReadHoldings();
    });

    public void ReportAccountProblem(Rejection rejection) => _host.PauseSoon(rejection.Text);

    public void ReportFundsShort(Rejection rejection) => _host.FundsShort();

    public void WakeAt(Uptime? moment)
    {
        var wake = ++_wake;
        if (moment is not { } at) return;
        var delay = at - _host.Uptime;
        _world.Timeline.After(delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1), () =>
        {
            if (wake == _wake) Take(new LegInput.Tick());
        });
    }

    public void Changed(LegState state, IReadOnlyList<LegEvent> events)
    {
        foreach (var e in events) _world.Trace.Note("event", e.GetType().Name, 0m, _world.Trace.Read ? e.ToString() : null);
        _witness.Believes(state);
    }

    private void Sync(Frame frame)
    {
        if (!_world.Disk.Journal(Id.ToString()).Contains(frame)) return;
        frame.Synced = true;
        Durable(frame);
    }

    private void Durable(Frame frame)
    {
        if (frame.Seen) return;
        frame.Seen = true;
        foreach (var e in frame.Events)
        {
            _world.Trace.Note("journaled", e.GetType().Name, 0m, _world.Trace.Read ? $"{Id} {e}" : null);
            _witness.Journaled((JournaledEvent)e, frame.At);
        }
    }

    // An answer is a message like any other: it never arrives within the call that asked.
    private void Later(LegInput input) => _world.Timeline.After(TimeSpan.Zero, () => Take(input));

    // A failed write stops the leg; its supervisor starts it again after a while.
    private void Fail()
    {
        _stopped = true;
        _world.Trace.Note("write fails, leg stops", Id.ToString());
        _world.Timeline.After(_world.Chance.Milliseconds(800, 5000), () => _host.Restart(Id));
    }
}
