using Akka.Actor;
using Akka.Persistence.Journal;

namespace Akka.Persistence;

/// <summary>Recovery: snapshot, then events page by page, then <see cref="RecoveryCompleted"/>. Everything else waits.</summary>
public abstract partial class Eventsourced
{
    /// <summary>Events of one replay request: what a recovering actor holds in memory at most.</summary>
    internal const int ReplayPageSize = 500;

    private ICancelable? _recoveryTimeout;
    private Recovery _recovery = Recovery.Default;
    private long _replayed;
    private int _replayedOfPage;
    private bool _heardSinceTick;

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        StartRecovery();
        base.AroundPreStart();
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception reason, object message)
    {
        StartRecovery();
        base.AroundPostRestart(reason, message);
    }

    private void StartRecovery()
    {
        EndConstruction();
        if (string.IsNullOrWhiteSpace(Id))
            throw new InvalidOperationException($"PersistenceId is null or blank for PersistentActor [{Self.Path}]. It must name the actor's events for ever.");
        _journal = Extension.Journal(JournalPluginId);
        _snapshots = Extension.Snapshots(SnapshotPluginId);
        _recovery = Recovery;
        _phase = Phase.LoadingSnapshot;

        var self = Self;
        var instanceId = _instanceId;
        _snapshots.Load(Id, _recovery.FromSnapshot.Limit(_recovery.ToSequenceNr), _recovery.ToSequenceNr,
            reply => self.Tell(new SnapshotForRecovery(reply, instanceId), ActorRefs.NoSender));
        StartRecoveryTimer();
    }

    private void Recovering(object message)
    {
        switch (message)
        {
            case JournalResponse response when response.ActorInstanceId != _instanceId:
                break; // of an incarnation that is gone
            case SnapshotForRecovery { Reply: LoadSnapshotFailed failed }:
                FailRecovery(failed.Cause, message: null);
                break;
            case SnapshotForRecovery { Reply: LoadSnapshotResult result }:
                Offer(result.Snapshot);
                break;
            case ReplayedPage page:
                Replay(page);
                break;
            case ReplayFailure failure:
                FailRecovery(failure.Cause, message: null);
                break;
            case RecoveryTick:
                CheckProgress();
                break;
            case JournalResponse:
                break;
            default:
                _waitingCommands.Keep();
                break;
        }
    }

    private void Offer(SelectedSnapshot? snapshot)
    {
        if (snapshot is not null)
        {
            var offer = new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot);
            var before = LastSequenceNr;
            LastSequenceNr = snapshot.Metadata.SequenceNr;
            try
            {
                // An actor that does not know the offer is rebuilt from its events.
                if (!base.AroundReceive(TryRecover, offer)) LastSequenceNr = before;
            }
            catch (Exception cause)
            {
                FailRecovery(cause, offer);
                return;
            }
        }

        _phase = Phase.Replaying;
        RequestPage();
    }

    private void RequestPage()
    {
        _heardSinceTick = true;
        var max = Math.Min(ReplayPageSize, _recovery.ReplayMax - _replayed);
        _journal.Replay(new ReplayRequest(Id, LastSequenceNr + 1, _recovery.ToSequenceNr, max, _instanceId, Self));
    }

    /// <summary>Replays one event and comes back for the next, so that a stop or a failure is noticed between two of them.</summary>
    private void Replay(ReplayedPage page)
    {
        if (_replayedOfPage < page.Events.Count)
        {
            if (ReplayOne(page.Events[_replayedOfPage++])) Cell.EnqueueFirst([new Envelope(page, ActorRefs.NoSender)]);
            return;
        }

        _replayedOfPage = 0;
        var more = page.Events.Count == ReplayPageSize && _replayed < _recovery.ReplayMax && LastSequenceNr < page.HighestSequenceNr;
        if (more) RequestPage();
        else CompleteRecovery(page.HighestSequenceNr);
    }

    private bool ReplayOne(StoredEvent stored)
    {
        object? payload = null;
        try
        {
            payload = stored.ReadPayload();
            LastSequenceNr = Math.Max(LastSequenceNr, stored.SequenceNr);
            _replayed++;
            base.AroundReceive(TryRecover, payload);
            return true;
        }
        catch (Exception cause)
        {
            FailRecovery(cause, payload);
            return false;
        }
    }

    private void CompleteRecovery(long highestSequenceNr)
    {
        StopRecoveryTimer();
        OnReplaySuccess();
        _sequenceNr = LastSequenceNr = Math.Max(highestSequenceNr, LastSequenceNr);
        _phase = Phase.ProcessingCommands;
        try
        {
            base.AroundReceive(TryRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            // In finally, for the supervisor may resume an actor whose handler threw.
            SendCollected();
            if (_pendingStashingHandlers > 0) _phase = Phase.PersistingEvents;
            else _waitingCommands.ReturnAll();
        }
    }

    private void FailRecovery(Exception cause, object? message)
    {
        StopRecoveryTimer();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void CheckProgress()
    {
        if (_heardSinceTick)
        {
            _heardSinceTick = false;
            return;
        }

        var seconds = Extension.RecoveryTimeout.TotalSeconds;
        FailRecovery(
            new RecoveryTimedOutException(_phase == Phase.LoadingSnapshot
                ? $"Recovery timed out, didn't get snapshot within {seconds}s."
                : $"Recovery timed out, didn't get event within {seconds}s, highest sequence number seen {LastSequenceNr}."),
            message: null);
    }

    private void StartRecoveryTimer()
    {
        // The first tick always finds the mark of the request itself missing: one whole period without an answer is the limit.
        _heardSinceTick = false;
        _recoveryTimeout = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            Extension.RecoveryTimeout, Extension.RecoveryTimeout, Self, new RecoveryTick(_instanceId), Self);
    }

    private void StopRecoveryTimer()
    {
        _recoveryTimeout?.Cancel();
        _recoveryTimeout = null;
    }

    /// <summary>What the snapshot store answered to the load that begins a recovery.</summary>
    private sealed record SnapshotForRecovery(object Reply, int ActorInstanceId) : JournalResponse(ActorInstanceId);

    /// <summary>Asks whether recovery got on since the last tick.</summary>
    private sealed record RecoveryTick(int ActorInstanceId) : JournalResponse(ActorInstanceId);
}
