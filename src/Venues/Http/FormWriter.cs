using System.Buffers;
using System.Globalization;
using System.Text;

namespace CSMultiConnector.Venues.Http;

/// <summary>
/// Writes <c>name=value&amp;…</c> as UTF-8 into a pooled buffer, percent-encoded: what is signed is what is sent. Order is kept. Dispose it once the bytes
/// were copied out; nothing that goes over a line may point into the buffer, since a send that was given up may still be reading.
/// </summary>
internal sealed class FormWriter : IDisposable
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private const int LongestNumber = 32;

    private static readonly SearchValues<byte> s_unreserved = SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved));

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private int _length;

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    internal FormWriter Add(ReadOnlySpan<byte> name, string value)
    {
        Begin(name);
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[]? rented = null;
        var utf8 = length <= 256 ? stackalloc byte[256] : rented = ArrayPool<byte>.Shared.Rent(length);
        utf8 = utf8[..Encoding.UTF8.GetBytes(value, utf8)];
        var target = Room(utf8.Length * 3);
        var at = 0;
        foreach (var b in utf8)
        {
            if (s_unreserved.Contains(b))
            {
                target[at++] = b;
                continue;
            }

            target[at++] = (byte)'%';
            target[at++] = Hex(b >> 4);
            target[at++] = Hex(b & 15);
        }

        _length += at;
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <summary>Adds a value that needs no encoding.</summary>
    internal FormWriter Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> plain)
    {
        Begin(name);
        plain.CopyTo(Room(plain.Length));
        _length += plain.Length;
        return this;
    }

    internal FormWriter Add(ReadOnlySpan<byte> name, long value)
    {
        Begin(name);
        value.TryFormat(Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    /// <summary>Adds an amount: invariant, no exponent, no zeros at the end.</summary>
    internal FormWriter Add(ReadOnlySpan<byte> name, decimal value)
    {
        Begin(name);

        // Division by a one of full scale cuts the zeros at the end.
        (value / 1.0000000000000000000000000000m).TryFormat(Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }

    internal byte[] ToArray() => Written.ToArray();

    public override string ToString() => Encoding.ASCII.GetString(Written);

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);

    private void Begin(ReadOnlySpan<byte> name)
    {
        var target = Room(name.Length + 2);
        var at = 0;
        if (_length > 0) target[at++] = (byte)'&';
        name.CopyTo(target[at..]);
        at += name.Length;
        target[at++] = (byte)'=';
        _length += at;
    }

    private Span<byte> Room(int wanted)
    {
        if (_buffer.Length - _length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + wanted));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
