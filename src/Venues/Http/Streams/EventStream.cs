using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CSMultiConnector.Venues.Http.Streams;

/// <summary>What one message of a stream asks for.</summary>
internal enum StreamStep
{
    /// <summary>Read on.</summary>
    GoOn,

    /// <summary>The venue will cut the line: take another before it does.</summary>
    Renew,

    /// <summary>The stream is over: connect and read anew.</summary>
    End,
}

/// <summary>How a venue's stream is opened and understood.</summary>
internal interface IStreamSource
{
    /// <summary>A line on which the venue tells already, or null and why there is none.</summary>
    Task<(WebSocketLine? Line, string Why)> OpenAsync(CancellationToken cancellation);

    /// <summary>Takes one message: tells what it means, in order.</summary>
    ValueTask<StreamStep> TakeAsync(ReadOnlyMemory<byte> message, ChannelWriter<VenueEvent> to, CancellationToken cancellation);

    /// <summary>What must be done meanwhile (keeping a key alive, …); the stream is over when it ends.</summary>
    Task KeepAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation);
}

/// <summary>
/// Runs a venue's stream over one line after another. A line is renewed before the venue's own limit: the next one tells already when the old one
/// is left, and what may have been missed in between is told as a <see cref="VenueEvent.Gap"/>. A lost line ends the stream. Never throws. One for each
/// time that somebody listens.
/// </summary>
/// <param name="source">The venue.</param>
/// <param name="lifetime">How long a line is used.</param>
/// <param name="time">The clock.</param>
/// <param name="note">Hears why the stream ended; for a person.</param>
internal sealed class EventStream(IStreamSource source, TimeSpan lifetime, TimeProvider time, Action<string> note)
{
    private const int Buffer = 1024;

    private static readonly TimeSpan s_renewAgain = TimeSpan.FromMinutes(1);

    // A reader that is slow keeps the venue waiting, not the memory.
    private readonly Channel<VenueEvent> _channel = Channel.CreateBounded<VenueEvent>(new BoundedChannelOptions(Buffer) { SingleReader = true });

    private volatile bool _isRunning;

    /// <summary>True while the venue tells.</summary>
    internal bool IsRunning => _isRunning;

    /// <summary>Tells something that the gateway found out by itself; it is lost when the queue is full.</summary>
    internal void TryTell(VenueEvent e) => _channel.Writer.TryWrite(e);

    internal async IAsyncEnumerable<VenueEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = RunAsync(_channel.Writer, stop);
        try
        {
            await foreach (var e in _channel.Reader.ReadAllAsync(CancellationToken.None)) yield return e;
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private async Task RunAsync(ChannelWriter<VenueEvent> to, CancellationTokenSource stop)
    {
        WebSocketLine? line = null;
        try
        {
            (line, var why) = await source.OpenAsync(stop.Token);
            if (line is null)
            {
                note(why);
                return;
            }

            // Whoever reads that it began may rely on it.
            _isRunning = true;
            await to.WriteAsync(new VenueEvent.Gap("The stream begins here: read holdings and open orders anew."), stop.Token);
            var keep = KeepAsync(to, stop.Token);
            while (line is not null) line = await FollowAsync(line, keep, to, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            note($"it failed: {e.Message}");
        }
        finally
        {
            _isRunning = false;
            line?.Dispose();
            await stop.CancelAsync();
            to.TryComplete();
        }
    }

    // Whatever ends it ends the stream; a fault of it is told and not lost.
    private async Task KeepAsync(ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        try
        {
            await source.KeepAsync(to, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The stream ended first.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            note($"it could not be kept: {e.Message}");
        }
    }

    /// <summary>Follows one line until it is over; the line that takes its place, or null.</summary>
    private async Task<WebSocketLine?> FollowAsync(WebSocketLine line, Task keep, ChannelWriter<VenueEvent> to, CancellationToken cancellation)
    {
        using (line)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var renewal = Task.Delay(lifetime, time, done.Token);
            try
            {
                var receiving = line.ReceiveAsync(cancellation);
                while (true)
                {
                    var first = await Task.WhenAny(receiving, renewal, keep);
                    cancellation.ThrowIfCancellationRequested();
                    var step = StreamStep.End;
                    if (first == receiving)
                    {
                        if (await receiving is not { } message)
                        {
                            note("the line was lost or the venue closed it");
                            return null;
                        }

                        step = await source.TakeAsync(message, to, cancellation);
                        receiving = line.ReceiveAsync(cancellation);
                    }
                    else if (first == renewal)
                    {
                        step = StreamStep.Renew;
                    }

                    if (step == StreamStep.End) return null;
                    if (step == StreamStep.GoOn) continue;
                    var (next, why) = await source.OpenAsync(cancellation);
                    if (next is not null)
                    {
                        await to.WriteAsync(new VenueEvent.Gap("The stream was renewed: read holdings and open orders anew."), cancellation);
                        return next;
                    }

                    // The old line still tells: stay with it as long as it does.
                    note($"the line could not be renewed yet: {why}");
                    renewal = Task.Delay(s_renewAgain, time, done.Token);
                }
            }
            finally
            {
                await done.CancelAsync();
            }
        }
    }
}
