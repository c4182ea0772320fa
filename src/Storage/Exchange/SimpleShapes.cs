using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>A text. Control characters and blanks at its ends are never allowed: they come from pasting and cannot be seen.</summary>
/// <param name="allowed">What is allowed, in words.</param>
/// <param name="pattern">The same as a regular expression without look-around, for the schema too.</param>
/// <param name="check">A finer check: what is wrong, or null.</param>
/// <param name="quoted">Whether a refused text is repeated; false where a secret may have been put by mistake.</param>
internal sealed class TextShape(string allowed, string pattern, Func<string, string?>? check = null, bool quoted = true) : Shape<string>
{
    private readonly Regex _pattern = new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public override bool TryRead(JsonElement json, string path, ProblemList problems, [MaybeNullWhen(false)] out string value)
    {
        value = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (value is null || value.Any(char.IsControl) || value.Trim().Length != value.Length || !_pattern.IsMatch(value))
        {
            if (quoted) problems.AddFound(path, json, allowed);
            else problems.AddFoundKind(path, json, allowed);
            return false;
        }

        if (check?.Invoke(value) is not { } wrong) return true;
        problems.Add(path, wrong);
        return false;
    }

    public override JsonNode Write(string value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = pattern };
}

/// <summary>A secret: what is wrong with it is said without repeating it.</summary>
internal sealed class SecretShape : Shape<SecretText>
{
    private const int MaxLength = 8192;

    public override bool TryRead(JsonElement json, string path, ProblemList problems, [MaybeNullWhen(false)] out SecretText value)
    {
        value = null;
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        if (text.Length is 0 or > MaxLength || text.Trim().Length != text.Length)
        {
            problems.AddFoundKind(path, json, $"a text of 1 to {MaxLength} characters without blanks at its ends");
            return false;
        }

        if (Placeholders.Contains(text))
        {
            problems.Add(path, "this is a placeholder of the documentation: put the value that the venue gave you in its place.");
            return false;
        }

        value = new SecretText(text);
        return true;
    }

    public override JsonNode Write(SecretText value) => JsonValue.Create(value.Reveal());

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };
}

/// <summary>true or false.</summary>
internal sealed class BoolShape : Shape<bool>
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out bool value)
    {
        value = json.ValueKind == JsonValueKind.True;
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False) return true;
        problems.AddFound(path, json, "true or false");
        return false;
    }

    public override JsonNode Write(bool value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>A whole number within limits, both included.</summary>
internal sealed class IntegerShape(long min, long max) : Shape<long>
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out long value)
    {
        value = 0;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out value) && value >= min && value <= max) return true;
        problems.AddFound(path, json, $"a whole number from {AmountText.Of(min)} to {AmountText.Of(max)}");
        return false;
    }

    public override JsonNode Write(long value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };
}

/// <summary>A decimal number above zero.</summary>
internal sealed class PositiveShape : Shape<decimal>
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out decimal value)
    {
        value = 0m;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out value) && value > 0m) return true;
        problems.AddFound(path, json, "a number above 0");
        return false;
    }

    public override JsonNode Write(decimal value) => JsonValue.Create(value);

    public override JsonObject Schema() => new() { ["type"] = "number", ["exclusiveMinimum"] = 0 };
}

/// <summary>One of a few words.</summary>
internal sealed class ChoiceShape<T>(params (string Word, T Value)[] choices) : Shape<T>
    where T : struct
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out T value)
    {
        var word = json.ValueKind == JsonValueKind.String ? json.GetString()! : "";
        foreach (var choice in choices)
        {
            value = choice.Value;
            if (string.Equals(choice.Word, word, StringComparison.Ordinal)) return true;
        }

        value = default;
        var words = choices.Select(c => c.Word).ToList();
        problems.AddFound(path, json, string.Join(" or ", words.Select(w => $"\"{w}\"")) + NearMiss.Hint(word, words));
        return false;
    }

    public override JsonNode Write(T value) => JsonValue.Create(choices.First(c => EqualityComparer<T>.Default.Equals(c.Value, value)).Word);

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)JsonValue.Create(c.Word))]) };
}

/// <summary>Another shape seen as a type of its own (an id instead of its text).</summary>
internal sealed class MappedShape<TInner, T>(Shape<TInner> inner, Func<TInner, T> wrap, Func<T, TInner> unwrap) : Shape<T>
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        if (inner.TryRead(json, path, problems, out var read))
        {
            value = wrap(read);
            return true;
        }

        value = default;
        return false;
    }

    public override JsonNode? Write(T value) => inner.Write(unwrap(value));

    public override JsonObject Schema() => inner.Schema();
}

/// <summary>A value or null.</summary>
internal sealed class NullableShape<T>(Shape<T> inner) : Shape<T?>
    where T : struct
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out T? value)
    {
        value = null;
        if (json.ValueKind == JsonValueKind.Null) return true;
        if (!inner.TryRead(json, path, problems, out var read)) return false;
        value = read;
        return true;
    }

    public override JsonNode? Write(T? value) => value is { } some ? inner.Write(some) : null;

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(inner.Schema(), new JsonObject { ["type"] = "null" }) };
}
