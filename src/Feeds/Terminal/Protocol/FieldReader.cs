using System.Globalization;
using System.Text.Json;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>
/// Reads the fields of one line with their types and ranges. The first one that is not allowed is kept in <see cref="Problem"/>; what is
/// read after that is of no use, so a caller reads everything and looks at the problem once.
/// </summary>
internal sealed class FieldReader(FlatLine line)
{
    /// <summary>No amount on a line is larger: what a decimal can add up millions of times.</summary>
    public const decimal MaxAmount = 1_000_000_000_000_000m;

    private const int MaxNumberLength = 40;

    /// <summary>The first field that is not allowed; null = all were.</summary>
    public LineProblem? Problem { get; private set; }

    public long Integer(string key, long min, long max = long.MaxValue) => OptionalInteger(key, min, max) ?? Missing<long>(key, IntegerRule(min, max));

    public long? OptionalInteger(string key, long min, long max = long.MaxValue)
    {
        if (!line.TryGet(key, out var value)) return null;
        if (value.Kind == JsonTokenType.Number
            && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
            return number;
        return Refused<long>(key, IntegerRule(min, max));
    }

    /// <summary>A decimal without exponent in the range.</summary>
    public decimal Amount(string key, decimal min = -MaxAmount, decimal max = MaxAmount, bool aboveMin = false)
    {
        if (!line.TryGet(key, out var value)) return Missing<decimal>(key, AmountRule(min, max, aboveMin));
        if (value.Kind == JsonTokenType.Number
            && value.Text.Length <= MaxNumberLength
            && decimal.TryParse(value.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max && !(aboveMin && number == min))
            return number;
        return Refused<decimal>(key, AmountRule(min, max, aboveMin));
    }

    public bool Flag(string key)
    {
        if (!line.TryGet(key, out var value)) return Missing<bool>(key, "true or false");
        if (value.Kind is JsonTokenType.True or JsonTokenType.False) return value.Kind == JsonTokenType.True;
        return Refused<bool>(key, "true or false");
    }

    /// <summary>A name: no control characters, since names are compared, stored and shown.</summary>
    public string Name(string key, int min, int max) => OptionalName(key, min, max) ?? Missing<string>(key, TextRule(min, max)) ?? "";

    public string? OptionalName(string key, int min, int max)
    {
        if (!line.TryGet(key, out var value)) return null;
        if (value.Kind == JsonTokenType.String && value.Text.Length >= min && value.Text.Length <= max && !value.Text.Any(char.IsControl)) return value.Text;
        Refuse(key, TextRule(min, max));
        return "";
    }

    /// <summary>Descriptive text: what is too long is cut and a control character becomes a space; it is never a reason to refuse a deal.</summary>
    public string Prose(string key, int max)
    {
        if (!line.TryGet(key, out var value)) return Missing<string>(key, "text") ?? "";
        if (value.Kind != JsonTokenType.String)
        {
            Refuse(key, "text");
            return "";
        }

        var text = value.Text.Length <= max ? value.Text : value.Text[..(char.IsHighSurrogate(value.Text[max - 1]) ? max - 1 : max)];
        return text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
    }

    /// <summary>An integer or a short name, taken as it is written.</summary>
    public string Token(string key)
    {
        if (line.TryGet(key, out var value) && value.Kind == JsonTokenType.Number) return Integer(key, 0).ToString(CultureInfo.InvariantCulture);
        return Name(key, 1, 64);
    }

    /// <summary>Lower- or upper-case hexadecimal digits, exactly as many as asked for.</summary>
    public string Hex(string key, int digits)
    {
        if (line.TryGet(key, out var value) && value.Kind == JsonTokenType.String && value.Text.Length == digits && value.Text.All(char.IsAsciiHexDigit)) return value.Text;
        Refuse(key, string.Create(CultureInfo.InvariantCulture, $"{digits} hexadecimal digits"));
        return "";
    }

    public T OneOf<T>(string key, WireWords<T> words)
        where T : struct, Enum
    {
        if (line.TryGet(key, out var value) && value.Kind == JsonTokenType.String && words.TryRead(value.Text, out var read)) return read;
        Refuse(key, words.Allowed);
        return default;
    }

    public SymbolName Symbol(string key) => new(Name(key, 1, 64));

    public Magic Magic(string key, long min) => new(Integer(key, min));

    /// <summary>The level in <c>long</c> and <c>short</c>.</summary>
    public Level Level() => new(new Lots(Amount("long", 0m)), new Lots(Amount("short", 0m)));

    /// <summary>Notes that a field is not allowed, unless an earlier one already is.</summary>
    public void Refuse(string key, string allowed) =>
        Problem ??= new LineProblem(FeedErrors.BadField, $"{key}: allowed is {allowed}");

    private T? Refused<T>(string key, string allowed)
    {
        Refuse(key, allowed);
        return default;
    }

    private T? Missing<T>(string key, string allowed)
    {
        Problem ??= new LineProblem(FeedErrors.BadField, $"{key} is missing: allowed is {allowed}");
        return default;
    }

    private static string AmountRule(decimal min, decimal max, bool aboveMin) =>
        string.Create(CultureInfo.InvariantCulture, $"a number {(aboveMin ? "above" : "from")} {min} to {max} without exponent");

    private static string IntegerRule(long min, long max) => string.Create(CultureInfo.InvariantCulture, $"an integer from {min} to {max}");

    private static string TextRule(int min, int max) => string.Create(CultureInfo.InvariantCulture, $"text of {min} to {max} characters without control characters");
}
