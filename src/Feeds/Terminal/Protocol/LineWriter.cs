using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>Writes one line: keys in the order of the calls, LF at the end.</summary>
internal sealed class LineWriter
{
    /// <summary>Longer texts are cut: a line stays far below its limit.</summary>
    public const int MaxText = 4_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _json;

    public LineWriter(string type)
    {
        _json = new Utf8JsonWriter(_buffer, Options);
        _json.WriteStartObject();
        _json.WriteString("t", type);
    }

    public LineWriter Text(string key, string? value, int max = MaxText)
    {
        if (value is null) return this;
        var cut = value.Length <= max ? value : value[..(char.IsHighSurrogate(value[max - 1]) ? max - 1 : max)];
        _json.WriteString(key, cut);
        return this;
    }

    public LineWriter Number(string key, long value)
    {
        _json.WriteNumber(key, value);
        return this;
    }

    public LineWriter Amount(string key, decimal value)
    {
        _json.WritePropertyName(key);
        _json.WriteRawValue(AmountText.Of(value), skipInputValidation: true);
        return this;
    }

    public LineWriter Flag(string key, bool value)
    {
        _json.WriteBoolean(key, value);
        return this;
    }

    public LineWriter Level(Level level) => Amount("long", level.Long.Value).Amount("short", level.Short.Value);

    /// <summary>The line with its LF.</summary>
    public byte[] Line() => [.. Object(), (byte)'\n'];

    /// <summary>The line with a proof over what stands before it, and its LF.</summary>
    public byte[] SignedLine(ReadOnlySpan<byte> secret, string purpose, string nonce)
    {
        var text = Object();
        var before = text[..^1];
        return [.. before, .. FeedProof.Suffix(secret, purpose, nonce, before), (byte)'\n'];
    }

    private ReadOnlySpan<byte> Object()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }
}
