using Akka.Actor;
using Akka.Persistence.Journal;

namespace Akka.Persistence;

/// <summary>
/// Commands, and the handlers of stored events between them. Transitions: ProcessingCommands → PersistingEvents when a
/// command left a stashing handler pending; back when the last of those has run.
/// </summary>
public abstract partial class Eventsourced
{
    private bool _inReceive;
    private bool _taskRunning;

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        if (IsRecovering)
        {
            Recovering(message);
            return true;
        }

        if (message is JournalResponse response)
        {
            if (response.ActorInstanceId == _instanceId) HandleResponse(response);
            return true;
        }

        if (_phase == Phase.PersistingEvents)
        {
            _waitingCommands.Keep();
            return true;
        }

        return ReceiveOne(receive, message);
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            StopRecoveryTimer();
            ReturnStashes();
        }
        finally
        {
            // What waits behind a write that is under way is given up with its handlers: that write may yet fail, and history has no gaps.
            SendCollected();
            base.AroundPreRestart(cause, message is JournalResponse response ? Payload(response)! : message);
        }
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        try
        {
            StopRecoveryTimer();
            ReturnStashes();
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    /// <summary>Runs a command's handler to its end before the next message; events that it persists go out when it has ended.</summary>
    /// <param name="action">The handler.</param>
    protected void RunTask(Func<Task> action)
    {
        if (_taskRunning) throw new NotSupportedException("RunTask calls cannot be nested.");
        _taskRunning = true;
        Cell.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _taskRunning = false;
                // A task that never waited ends inside its Receive, which then does this itself.
                if (!_inReceive) AfterCommand(failed);
            }
        });
    }

    private static object? Payload(JournalResponse response) => response switch
    {
        WriteMessageSuccess m => m.Payload,
        WriteMessageRejected m => m.Payload,
        WriteMessageFailure m => m.Payload,
        LoopMessageSuccess m => m.Payload,
        _ => null,
    };

    private bool ReceiveOne(Receive receive, object message)
    {
        var failed = true;
        _inReceive = true;
        try
        {
            var handled = base.AroundReceive(receive, message);
            failed = false;
            return handled;
        }
        finally
        {
            _inReceive = false;
            if (!_taskRunning) AfterCommand(failed);
        }
    }

    private void AfterCommand(bool failed)
    {
        SendCollected();
        if (_pendingStashingHandlers > 0) _phase = Phase.PersistingEvents;
        else Unstash(failed);
    }

    private void HandleResponse(JournalResponse response)
    {
        switch (response)
        {
            case WriteMessagesSuccessful:
                _writing = false;
                if (_waiting.Count > 0) SendWrite();
                break;
            case WriteMessagesFailed:
                // Nothing may be stored behind what is missing: _writing stays true until the actor, which the next answer stops, has ended.
                break;
            case WriteMessageSuccess m:
                LastSequenceNr = Math.Max(LastSequenceNr, m.SequenceNr);
                RunHandler(m.Payload);
                break;
            case LoopMessageSuccess m:
                RunHandler(m.Payload);
                break;
            case WriteMessageRejected m:
                LastSequenceNr = Math.Max(LastSequenceNr, m.SequenceNr);
                EndHandler(failed: false);
                OnPersistRejected(m.Cause, m.Payload, m.SequenceNr);
                break;
            case WriteMessageFailure m:
                EndHandler(failed: false);
                try
                {
                    OnPersistFailure(m.Cause, m.Payload, m.SequenceNr);
                }
                finally
                {
                    Context.Stop(Self);
                }

                break;
        }
    }

    private void RunHandler(object payload)
    {
        var failed = true;
        try
        {
            _pendingHandlers.Peek().Handler(payload);
            failed = false;
        }
        finally
        {
            SendCollected();
            EndHandler(failed);
        }
    }

    private void EndHandler(bool failed)
    {
        if (_pendingHandlers.Dequeue().Stashing) _pendingStashingHandlers--;
        if (_pendingStashingHandlers > 0)
        {
            _phase = Phase.PersistingEvents;
            return;
        }

        _phase = Phase.ProcessingCommands;
        Unstash(failed);
    }

    /// <summary>Commands come back one at a time, each before anything newer; all at once before a restart.</summary>
    private void Unstash(bool all)
    {
        if (all) _waitingCommands.ReturnAll();
        else _waitingCommands.ReturnOne();
    }

    private void ReturnStashes()
    {
        _waitingCommands.ReturnAll();
        Stash?.UnstashAll(static _ => true);
    }

    /// <summary>Hands over what a command or handler persisted; it waits while an earlier write is under way.</summary>
    private void SendCollected()
    {
        foreach (var item in _collected) _waiting.Enqueue(item);
        _collected.Clear();
        if (!_writing && _waiting.Count > 0) SendWrite();
    }

    private void SendWrite()
    {
        var items = new List<WriteItem>(Math.Min(_waiting.Count, MaxItemsPerWrite));
        while (items.Count < MaxItemsPerWrite && _waiting.TryDequeue(out var item)) items.Add(item);
        _writing = true;
        _journal.Write(new JournalWrite(Id, _writerUuid, _instanceId, Self, items));
    }
}
