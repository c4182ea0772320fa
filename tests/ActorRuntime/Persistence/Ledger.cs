using Akka.Actor;
using Akka.Persistence;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

internal sealed record Add(string Text);

internal sealed record AddMany(params string[] Texts);

/// <summary>Runs a test's own code inside the actor, as a command.</summary>
internal sealed record Do(Action<Ledger> Work);

/// <summary>Runs a test's own asynchronous code inside the actor, as a command.</summary>
internal sealed record DoAsync(Func<Ledger, Task> Work);

internal sealed record GetTexts;

/// <summary>A persistent list of texts that reports everything that happens to it.</summary>
internal sealed class Ledger : ReceivePersistentActor
{
    private readonly IActorRef _observer;
    private readonly Recovery _recovery;

    public Ledger(string persistenceId, IActorRef observer, Recovery? recovery = null, Action<Ledger>? onRecovered = null)
    {
        PersistenceId = persistenceId;
        _observer = observer;
        _recovery = recovery ?? Recovery.Default;

        Recover<Added>(e =>
        {
            Texts.Add(e.Text);
            Report($"replayed {e.Text} #{LastSequenceNr}");
            if (e.Text == "bad") throw new InvalidOperationException("a bad event");
        });
        Recover<SnapshotOffer>(offer =>
        {
            Texts.AddRange(((Total)offer.Snapshot).Texts.Split('|', StringSplitOptions.RemoveEmptyEntries));
            Report($"offered {string.Join('|', Texts)} #{offer.Metadata.SequenceNr}");
        });
        Recover<RecoveryCompleted>(_ =>
        {
            Report($"recovered #{LastSequenceNr}");
            onRecovered?.Invoke(this);
        });

        Command<Add>(c => Persist(new Added(c.Text), Apply));
        Command<AddMany>(c => PersistAll(c.Texts.Select(t => new Added(t)), Apply));
        Command<Do>(c => c.Work(this));
        CommandAsync<DoAsync>(c => c.Work(this));
        Command<GetTexts>(_ => Sender.Tell(string.Join('|', Texts)));
        Command<string>(Report);
        Command<SaveSnapshotSuccess>(Report);
        Command<SaveSnapshotFailure>(Report);
        Command<DeleteMessagesSuccess>(Report);
        Command<DeleteMessagesFailure>(Report);
        Command<DeleteSnapshotSuccess>(Report);
        Command<DeleteSnapshotsSuccess>(Report);
        Command<LoadSnapshotResult>(Report);
        Command<Terminated>(_ => Report("child ended"));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    public List<string> Texts { get; } = [];

    public IActorRef CurrentSender => Sender;

    public IActorRef Me => Self;

    public IUntypedActorContext Cell => Context;

    public void Apply(Added e)
    {
        Texts.Add(e.Text);
        Report($"stored {e.Text} #{LastSequenceNr}");
    }

    public void Report(object what) => _observer.Tell(what);

    public void Listen(Action configure) => Become(configure);

    public void On<T>(Action<T> handler) => Command(handler);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Report($"failed {@event} #{sequenceNr}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Report($"rejected {@event} #{sequenceNr}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Report($"recovery failed on {message ?? "nothing"}");

    protected override void PostStop()
    {
        Report("ended");
        base.PostStop();
    }
}
