using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>System messages kept back while the actor is suspended or waits for its children.</summary>
    private Queue<SystemMessage>? _held;

    /// <summary>Who failed: this actor or, when it escalated, a child; null while all is well.</summary>
    private IActorRef? _failed;

    private int _faultSuspensions;

    /// <summary>The incarnation failed while it was being restarted; only a new restart or the end can follow.</summary>
    private bool _failedFatally;

    private bool _terminated;

    public void SystemInvoke(SystemMessage message)
    {
        if (_terminated)
        {
            System.HandleDeadSystemMessage(message);
            return;
        }
        if (Holds(message))
        {
            (_held ??= new Queue<SystemMessage>()).Enqueue(message);
            return;
        }
        var mode = HoldMode();
        Process(message);
        // What was held goes on as soon as its reason is over, before anything younger.
        while (_held is { Count: > 0 } && HoldMode() < mode)
        {
            mode = HoldMode();
            var held = _held;
            _held = null;
            while (held.TryDequeue(out var next))
                SystemInvoke(next);
        }
    }

    private int HoldMode() => IsWaitingForChildren ? 2 : _faultSuspensions > 0 ? 1 : 0;

    private bool Holds(SystemMessage message) => HoldMode() switch
    {
        2 => message.StashWhenWaitingForChildren,
        1 => message.StashWhenFailed,
        _ => false,
    };

    private void Process(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case RunActorTask task:
                    RunContinuation(task);
                    break;
                case DeathWatchNotification death:
                    HandleDeath(death);
                    break;
                case Watch watch:
                    AddWatcher(watch);
                    break;
                case Unwatch unwatch:
                    RemoveWatcher(unwatch);
                    break;
                case Failed failed:
                    HandleFailure(failed);
                    break;
                case Create:
                    CreateActor();
                    break;
                case Recreate recreate:
                    FaultRecreate(recreate.Cause);
                    break;
                case Suspend:
                    FaultSuspend();
                    break;
                case Resume resume:
                    FaultResume(resume.CausedByFailure);
                    break;
                case Terminate:
                    TerminateActor();
                    break;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    /// <summary>Suspends this actor and its children and asks the supervisor what to do.</summary>
    private void HandleInvokeFailure(Exception cause, IReadOnlyCollection<IActorRef>? notSuspended = null)
    {
        if (_failed is not null)
            return;
        try
        {
            SuspendNonRecursive();
            // An escalated failure comes from a child that is suspended already.
            _failed = _message is Failed escalated ? escalated.Child : Self;
            foreach (var child in GetChildren())
            {
                if (!child.Equals(_failed) && notSuspended?.Contains(child) != true)
                    child.AsInternal().Suspend();
            }
            Parent.SendSystemMessage(new Failed(Self, cause, Self.Path.Uid));
        }
        catch (Exception e)
        {
            PublishError(e, $"Emergency stop: exception in failure handling for {cause.GetType()}.");
            StopAllChildren();
            FinishTerminate();
        }
    }

    /// <summary>A child failed: the supervisor strategy decides.</summary>
    private void HandleFailure(Failed failed)
    {
        if (_actor is null || _children?.Find(failed.Child) is not { } stats || stats.Child.Path.Uid != failed.Uid)
            return;
        var (message, sender) = (_message, _sender);
        // The strategy sees the child as the sender; an escalation finds the failure as the current message.
        (_message, _sender) = (failed, failed.Child);
        if (!_actor.EffectiveStrategy.HandleFailure(this, failed.Child, failed.Cause, stats, GetChildStats()))
            throw failed.Cause;
        (_message, _sender) = (message, sender);
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
        }
        else if (IsNormal)
        {
            var failedActor = _actor;
            if (!_failedFatally)
            {
                try
                {
                    _timers?.CancelAll();
                    failedActor.AroundPreRestart(cause, _message is Failed ? null! : _message!);
                    ReturnStash(failedActor);
                }
                catch (Exception e)
                {
                    PublishError(new PreRestartException(Self, e, cause, _message), e.Message);
                }
                ReleaseActor();
            }
            if (!WaitForChildren(new WaitReason(WaitKind.Recreation, cause)))
                FinishRecreate(cause, failedActor);
        }
        else
        {
            // The end is under way; only the count of suspensions must stay balanced.
            FaultResume(null);
        }
    }

    private void FaultSuspend()
    {
        SuspendNonRecursive();
        foreach (var child in GetChildren())
            child.AsInternal().Suspend();
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            FaultCreate();
        }
        else if (_failedFatally && causedByFailure is not null)
        {
            FaultRecreate(causedByFailure);
        }
        else
        {
            var perpetrator = _failed;
            ResumeNonRecursive();
            if (causedByFailure is not null)
                _failed = null;
            foreach (var child in GetChildren())
                child.AsInternal().Resume(child.Equals(perpetrator) ? causedByFailure : null);
        }
    }

    private void FaultCreate()
    {
        CancelReceiveTimeout();
        StopAllChildren();
        if (!WaitForChildren(WaitReason.Creation))
            FinishCreate();
    }

    private void FinishCreate()
    {
        ResumeNonRecursive();
        _failed = null;
        try
        {
            CreateActor();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void FinishRecreate(Exception cause, ActorBase? failedActor)
    {
        // Children that PreRestart spared are restarted after their parent.
        var survivors = GetChildren().ToArray();
        try
        {
            ResumeNonRecursive();
            _failed = null;
            var fresh = NewActor();
            _actor = fresh;
            _failedFatally = false;
            fresh.AroundPostRestart(cause, null!);
            ClearMessage();
            CheckReceiveTimeout(reschedule: true);
            foreach (var child in survivors)
                child.AsInternal().Restart(cause);
        }
        catch (Exception e)
        {
            _actor ??= failedActor;
            _failedFatally = true;
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(Self, e, cause), survivors);
        }
    }

    private void TerminateActor()
    {
        SetReceiveTimeout(null);
        UnwatchAll();
        StopAllChildren();
        var terminatingBefore = IsTerminating;
        // Also when there never was a child: from now on none can be made, which nobody would stop.
        if (Children().SetWaitReason(WaitReason.Termination))
        {
            if (terminatingBefore)
                return;
            SuspendNonRecursive();
            // A failure during the end is nobody's business any more.
            _failed = Self;
        }
        else
        {
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        if (_terminated)
            return;
        _terminated = true;
        var actor = _actor;
        try
        {
            if (actor is not null && !_failedFatally)
            {
                _timers?.CancelAll();
                ForgetAwaiting();
                actor.AroundPostStop();
                ReturnStash(actor);
            }
        }
        catch (Exception e)
        {
            PublishError(e, e.Message);
        }
        ReleaseActor();
        CancelReceiveTimeout();
        if (_subscribed)
            System.EventStream.Unsubscribe(Self);
        _mailbox.Close();
        // Once more, for whoever subscribed it meanwhile; who does so from now on sees that it has ended.
        if (_subscribed)
            System.EventStream.Unsubscribe(Self);
        Parent.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        TellWatchersOfDeath();
        UnwatchAll();
        _actor = null;
        _behaviour = null;
        _lowerBehaviours = null;
        ClearMessage();
        if (_held is not null)
        {
            foreach (var message in _held)
                System.HandleDeadSystemMessage(message);
            _held = null;
        }
    }

    /// <summary>Into the mailbox, from where the next incarnation or dead letters take it.</summary>
    private static void ReturnStash(ActorBase actor) => (actor as IActorStash)?.Stash?.UnstashAll(static _ => true);

    private void ClearMessage() => (_message, _sender) = (null, null);

    private void SuspendNonRecursive()
    {
        _faultSuspensions++;
        _mailbox.SetSuspended(true);
    }

    private void ResumeNonRecursive()
    {
        if (_faultSuspensions > 0)
            _faultSuspensions--;
        UpdateSuspension();
    }

    private void UpdateSuspension() => _mailbox.SetSuspended(_faultSuspensions > 0 || _awaiting > 0);
}
