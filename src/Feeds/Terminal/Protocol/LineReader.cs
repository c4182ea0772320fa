using System.Buffers;
using System.IO.Pipelines;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>What came from the other side.</summary>
internal enum LineReadKind
{
    /// <summary>A whole line.</summary>
    Line,

    /// <summary>A line above the limit; it was skipped to its end.</summary>
    TooLong,

    /// <summary>A line without end: the connection is of no more use.</summary>
    Endless,

    /// <summary>The other side closed.</summary>
    End,
}

/// <summary>One line without its LF, valid until the next read.</summary>
internal readonly record struct LineRead(LineReadKind Kind, ReadOnlyMemory<byte> Bytes);

/// <summary>Splits a stream into lines and never holds more than one line's limit of it.</summary>
internal sealed class LineReader(Stream stream) : IAsyncDisposable
{
    /// <summary>A line that goes on after this many bytes ends the connection.</summary>
    public const int MaxSkippedBytes = 16 * FlatLine.MaxBytes;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 8 * 1024, minimumReadSize: 1024, leaveOpen: true));
    private byte[] _line = new byte[1024];
    private long _skipped;
    private long _searched;

    /// <summary>The next line. A cancelled read leaves the reader usable for disposal only.</summary>
    public async ValueTask<LineRead> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = read.Buffer;
            // What was looked at before has no LF: a line that comes byte by byte must not cost its length squared.
            if (buffer.Slice(_searched).PositionOf((byte)'\n') is { } end)
            {
                _searched = 0;
                var line = buffer.Slice(0, end);
                var result = Take(line);
                _pipe.AdvanceTo(buffer.GetPosition(1, end));
                return result;
            }

            if (read.IsCompleted)
            {
                _pipe.AdvanceTo(buffer.End);
                return new LineRead(LineReadKind.End, default);
            }

            if (_skipped + buffer.Length > FlatLine.MaxBytes)
            {
                _skipped += buffer.Length;
                _searched = 0;
                _pipe.AdvanceTo(buffer.End);
                if (_skipped > MaxSkippedBytes) return new LineRead(LineReadKind.Endless, default);
            }
            else
            {
                _searched = buffer.Length;
                _pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private LineRead Take(ReadOnlySequence<byte> line)
    {
        var length = _skipped + line.Length;
        _skipped = 0;
        if (length > FlatLine.MaxBytes) return new LineRead(LineReadKind.TooLong, default);
        if (_line.Length < length) _line = new byte[FlatLine.MaxBytes];
        line.CopyTo(_line);
        return new LineRead(LineReadKind.Line, _line.AsMemory(0, (int)length));
    }
}
