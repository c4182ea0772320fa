using Akka.Actor;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

/// <summary>
/// Hands a venue's events to an actor, a few at a time: while the actor is busy the rest stays in the gateway's queue, which is bounded and tells of a gap when
/// it overflows. A mailbox would take everything and tell nothing.
/// </summary>
internal static class VenueStream
{
    /// <summary>Events that the actor has not taken; with as many the stream is not read on.</summary>
    public const int Window = 32;

    /// <summary>Follows the stream until it ends or is cancelled. Never throws: the end comes as <see cref="StreamEnded"/>, a cancellation as nothing.</summary>
    public static async Task FollowAsync(IVenueGateway gateway, IActorRef to, long stream, CancellationToken cancellation)
    {
        // Not disposed: the actor may take the last event after the stream has ended.
        var room = new SemaphoreSlim(Window);
        var why = "closed by the venue";
        try
        {
            await foreach (var e in gateway.StreamAsync(cancellation))
            {
                await room.WaitAsync(cancellation);
                to.Tell(new VenueSaid(stream, e, room));
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            why = e.Message;
        }

        to.Tell(new StreamEnded(stream, why));
    }
}

/// <summary>The venue told something by itself. Whoever gets it calls <see cref="Taken"/>.</summary>
internal sealed record VenueSaid(long Stream, VenueEvent Event, SemaphoreSlim Room)
{
    /// <summary>Makes room for another.</summary>
    public void Taken() => Room.Release();
}

/// <summary>The stream is over.</summary>
internal sealed record StreamEnded(long Stream, string Why);
