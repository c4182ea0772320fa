using System.Text;

namespace CSMultiConnector.Feeds.Tests.Fuzz;

/// <summary>One end of a connection in memory: it says what it was given, in pieces, then stays silent until it is closed; what is written to it is kept.</summary>
internal sealed class ScriptedStream(byte[] bytes, Random random) : Stream
{
    private readonly ChunkedStream _script = new(bytes, random);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _written = new();
    private readonly Lock _lock = new();
    private int _left = bytes.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The lines that were written so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock) return Encoding.UTF8.GetString(_written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Told what is written, before it counts as written.</summary>
    public Action<string>? Writing { get; set; }

    public void CloseOtherEnd() => _closed.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            await _closed.Task.WaitAsync(cancellationToken);
            return 0;
        }

        var read = await _script.ReadAsync(buffer, cancellationToken);
        _left -= read;
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writing?.Invoke(Encoding.UTF8.GetString(buffer.Span));
        lock (_lock) _written.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
