using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Keeps the test actor the sender of what an async test sends after an await, on whatever thread that goes on.</summary>
internal sealed class ActorCellKeepingSynchronizationContext(ActorCell cell, SynchronizationContext? inner) : SynchronizationContext
{
    public SynchronizationContext? Inner => inner;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (inner is null)
            ThreadPool.QueueUserWorkItem(static work => work.Context.Run(work.d, work.state), (Context: this, d, state), preferLocal: false);
        else
            inner.Post(_ => Run(d, state), null);
    }

    public override void Send(SendOrPostCallback d, object? state) => Run(d, state);

    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback d, object? state)
    {
        var (context, current) = (Current, ActorCell.Current);
        SetSynchronizationContext(this);
        ActorCell.Current = cell;
        try
        {
            d(state);
        }
        finally
        {
            ActorCell.Current = current;
            SetSynchronizationContext(context);
        }
    }
}
