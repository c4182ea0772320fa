using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>How a value looks in JSON: one description from which it is read, written and documented.</summary>
internal abstract class Shape<T>
{
    /// <summary>Reads the value, noting everything that is wrong; false when something is.</summary>
    public abstract bool TryRead(JsonElement json, string path, ProblemList problems, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes the value in its canonical form; null = JSON null.</summary>
    public abstract JsonNode? Write(T value);

    /// <summary>The value's part of the JSON schema.</summary>
    public abstract JsonObject Schema();
}

/// <summary>The problems of one reading, at most so many.</summary>
internal sealed class ProblemList(int limit)
{
    private readonly List<FileProblem> _problems = [];

    public int Count { get; private set; }

    public IReadOnlyList<FileProblem> Problems => _problems;

    public void Add(string path, string text)
    {
        Count++;
        if (_problems.Count < limit) _problems.Add(new FileProblem(path, text));
    }

    public void AddFound(string path, JsonElement found, string allowed) => Add(path, $"found {Describe(found)}; allowed is {allowed}.");

    /// <summary>As <see cref="AddFound"/>, without repeating a value that may be a secret in the wrong place.</summary>
    public void AddFoundKind(string path, JsonElement found, string allowed) => Add(path, $"found {DescribeKind(found)}; allowed is {allowed}.");

    /// <summary>What stands in the file, in a few words.</summary>
    public static string Describe(JsonElement json)
    {
        const int shown = 40;
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                var text = json.GetString()!;
                return text.Length == 0 ? "an empty text" : $"the text \"{(text.Length <= shown ? text : text[..shown] + "…")}\"";
            case JsonValueKind.Number:
                var raw = json.GetRawText();
                return raw.Length <= shown ? raw : raw[..shown] + "…";
            default:
                return DescribeKind(json);
        }
    }

    private static string DescribeKind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}

/// <summary>JSON paths.</summary>
internal static class JsonPath
{
    public static string Member(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
            ? $"{path}.{name}"
            : $"{path}['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";

    public static string Item(string path, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}[{index}]");
}
