using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>Why a line was refused: a code of <see cref="FeedErrors"/> and a text for the developer at the other end.</summary>
internal readonly record struct LineProblem(string Code, string Text);

/// <summary>One value of a line: what kind it is and, for strings and numbers, its text.</summary>
internal readonly record struct FlatValue(JsonTokenType Kind, string Text);

/// <summary>A line as it came: one flat JSON object. Parsing never throws, whatever the bytes are.</summary>
internal sealed class FlatLine
{
    /// <summary>A line may have this many keys; the page needs fewer than half.</summary>
    public const int MaxKeys = 64;

    /// <summary>The longest line, without its LF.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonReaderOptions Strict = new() { AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = 2 };

    private readonly Dictionary<string, FlatValue> _values;

    private FlatLine(Dictionary<string, FlatValue> values, string lastKey)
    {
        _values = values;
        LastKey = lastKey;
        Type = _values.TryGetValue("t", out var t) && t.Kind == JsonTokenType.String ? t.Text : null;
    }

    /// <summary>The value of <c>t</c>; null when it is missing or not a string.</summary>
    public string? Type { get; }

    /// <summary>The key that was written last.</summary>
    public string LastKey { get; }

    /// <summary>The value of a key. An explicit null counts as absent.</summary>
    public bool TryGet(string key, out FlatValue value) => _values.TryGetValue(key, out value) && value.Kind != JsonTokenType.Null;

    /// <summary>Reads a line.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out FlatLine? line, out LineProblem problem)
    {
        line = null;
        problem = default;
        if (utf8.Length > MaxBytes)
        {
            problem = new LineProblem(FeedErrors.TooLong, "a line has at most 65536 bytes");
            return false;
        }

        try
        {
            var text = Parse(utf8, out line);
            if (line is not null) return true;
            problem = new LineProblem(FeedErrors.BadJson, text!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // The reader's own message is not repeated: it may quote the line. InvalidOperationException: text that is not UTF-8.
            problem = new LineProblem(FeedErrors.BadJson, "a line is one JSON object in UTF-8, without byte order mark");
        }

        return false;
    }

    private static string? Parse(ReadOnlySpan<byte> utf8, out FlatLine? line)
    {
        line = null;
        var reader = new Utf8JsonReader(utf8, Strict);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "a line is one JSON object";
        var values = new Dictionary<string, FlatValue>(StringComparer.Ordinal);
        var last = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            last = reader.GetString()!;
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return "objects are flat: no value is an object or an array";
            var text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString()!,
                JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
                _ => "",
            };
            if (!values.TryAdd(last, new FlatValue(reader.TokenType, text))) return "a key stands once in a line";
            if (values.Count > MaxKeys) return "a line has at most 64 keys";
        }

        // Anything after the object makes the reader throw.
        if (reader.Read()) return "a line is one JSON object";
        line = new FlatLine(values, last);
        return null;
    }
}
