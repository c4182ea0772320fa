using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>The venue's way of writing numbers: decimal strings with fixed digits.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Utf8JsonWriter Writer(ArrayBufferWriter<byte> buffer) => new(buffer, Options);

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = Writer(buffer);
        write(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A decimal string with exactly so many digits (further ones are cut off).</summary>
    public static void Amount(this Utf8JsonWriter json, string name, decimal value, int digits) => json.WriteString(name, Text(value, digits));

    /// <summary>A decimal string without needless zeros.</summary>
    public static void Amount(this Utf8JsonWriter json, string name, decimal value) => json.WriteString(name, Text(value));

    public static string Text(decimal value, int digits) => Cut(value, digits).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public static string Text(decimal value) => value.ToString("0.##################", CultureInfo.InvariantCulture);

    /// <summary>Toward zero.</summary>
    public static decimal Cut(decimal value, int digits) => Math.Round(value, digits, MidpointRounding.ToZero);

    public static byte[] Error(int code, string message) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("code", code);
        json.WriteString("msg", message);
        json.WriteEndObject();
    });

    public static void Field(this Utf8JsonWriter json, string name, string value) => json.WriteString(name, value);

    public static void Field(this Utf8JsonWriter json, string name, long value) => json.WriteNumber(name, value);

    public static void Field(this Utf8JsonWriter json, string name, bool value) => json.WriteBoolean(name, value);
}
