using System.Buffers;
using System.Threading.Channels;
using CSMultiConnector.Feeds.Terminal.Protocol;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// The lines on their way to one terminal: a bounded queue and one writer. Acknowledgements are not queued but merged: the writer takes the
/// newest figure when it comes to write one.
/// </summary>
internal sealed class LineSender(int maxQueued, Func<long> newestAck, TimeProvider time)
{
    private const int BatchBytes = 64 * 1024;

    private static readonly byte[] AckMark = [];

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(maxQueued) { SingleReader = true });
    private int _ackQueued;
    private long _ackSent;
    private long _lastSent = time.GetTimestamp();
    private long _writingSince;

    /// <summary>How long ago the last line began to go out.</summary>
    public TimeSpan Idle => time.GetElapsedTime(Volatile.Read(ref _lastSent));

    /// <summary>How long the present write has been waiting for the terminal; zero = nothing is being written.</summary>
    public TimeSpan Stalled => Volatile.Read(ref _writingSince) is var since && since != 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>The newest figure that was sent.</summary>
    public long AckSent => Volatile.Read(ref _ackSent);

    /// <summary>Queues a line; false when the queue is full or closed.</summary>
    public bool TrySend(byte[] line) => _queue.Writer.TryWrite(line);

    /// <summary>Has the newest acknowledgement sent; false when the queue is full or closed.</summary>
    public bool TryRequestAck()
    {
        if (Interlocked.Exchange(ref _ackQueued, 1) == 1) return true;
        return _queue.Writer.TryWrite(AckMark);
    }

    /// <summary>Nothing more is taken; what is queued is still written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/> and the queue is empty, or the stream fails.</summary>
    public async Task RunAsync(Stream stream, CancellationToken cancellation)
    {
        var batch = new ArrayBufferWriter<byte>(1024);
        while (await _queue.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (batch.WrittenCount < BatchBytes && _queue.Reader.TryRead(out var line))
                batch.Write(ReferenceEquals(line, AckMark) ? TakeAck() : line);
            if (batch.WrittenCount == 0) continue;
            var now = time.GetTimestamp();
            Volatile.Write(ref _lastSent, now);
            Volatile.Write(ref _writingSince, Math.Max(1, now));
            await stream.WriteAsync(batch.WrittenMemory, cancellation).ConfigureAwait(false);
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
            Volatile.Write(ref _writingSince, 0);
            batch.ResetWrittenCount();
        }
    }

    private byte[] TakeAck()
    {
        // The mark is cleared before the figure is read: a later figure then queues its own mark.
        Interlocked.Exchange(ref _ackQueued, 0);
        var newest = newestAck();
        if (newest <= AckSent) return [];
        Volatile.Write(ref _ackSent, newest);
        return HostLines.Write(new HostLine.Ack(newest));
    }
}
