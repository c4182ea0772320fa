using System.Threading.Channels;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Queues what it receives for the test.</summary>
internal sealed class InternalTestActor(ChannelWriter<MessageEnvelope> queue) : ActorBase
{
    private Func<object, bool>? _ignore;
    private AutoPilot? _pilot;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case SetIgnore ignore:
                _ignore = ignore.Ignore;
                return true;
            case WatchRequest watch:
                Context.Watch(watch.Actor);
                watch.Done.TrySetResult(watch.Actor);
                return true;
            case UnwatchRequest unwatch:
                Context.Unwatch(unwatch.Actor);
                unwatch.Done.TrySetResult(unwatch.Actor);
                return true;
            case SetAutoPilot pilot:
                _pilot = pilot.AutoPilot;
                return true;
        }
        if (_pilot is not null and not NoAutoPilot)
        {
            var next = _pilot.Run(Sender, message);
            if (next is not KeepRunning)
                _pilot = next;
        }
        if (_ignore?.Invoke(message) != true)
            queue.TryWrite(new RealMessageEnvelope(message, Sender));
        return true;
    }
}

internal sealed record SetIgnore(Func<object, bool>? Ignore);

internal sealed record SetAutoPilot(AutoPilot AutoPilot);

internal sealed record WatchRequest(IActorRef Actor, TaskCompletionSource<IActorRef> Done);

internal sealed record UnwatchRequest(IActorRef Actor, TaskCompletionSource<IActorRef> Done);
