namespace CSMultiConnector.Feeds.Tests.Fuzz;

/// <summary>Bytes that arrive in pieces of any size, mostly small ones.</summary>
internal sealed class ChunkedStream(byte[] bytes, Random random) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = random.Next(20) switch { < 4 => 1, < 10 => random.Next(1, 50), _ => random.Next(1, 100_000) };
        var take = Math.Min(Math.Min(size, buffer.Length), bytes.Length - _at);
        bytes.AsSpan(_at, take).CopyTo(buffer.Span);
        _at += take;
        return ValueTask.FromResult(take);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
