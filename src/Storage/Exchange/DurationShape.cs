using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>
/// A duration. Canonical: seconds as a number (<c>30</c>, <c>0.5</c>). Also read: <c>"30s"</c>, <c>"500ms"</c>, <c>"5m"</c>, <c>"1h"</c>,
/// <c>"00:00:30"</c>.
/// </summary>
internal sealed partial class DurationShape(TimeSpan min, TimeSpan max, bool orZero = false) : Shape<TimeSpan>
{
    private const string Pattern = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h)|[0-9]{2}:[0-5][0-9]:[0-5][0-9])$";

    public override bool TryRead(JsonElement json, string path, ProblemList problems, out TimeSpan value)
    {
        if (TryParse(json, out value) && ((value >= min && value <= max) || (orZero && value == TimeSpan.Zero))) return true;
        var range = $"{Seconds(min)} to {Seconds(max)} seconds{(orZero ? ", or 0 for never" : "")}";
        problems.AddFound(path, json, $"{range}, as a number of seconds or as \"30s\", \"5m\", \"1h\", \"00:00:30\"");
        return false;
    }

    public override JsonNode Write(TimeSpan value) => JsonValue.Create(SecondsOf(value));

    public override JsonObject Schema()
    {
        var number = new JsonObject { ["type"] = "number", ["minimum"] = SecondsOf(orZero ? TimeSpan.Zero : min), ["maximum"] = SecondsOf(max) };
        return new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["type"] = "string", ["pattern"] = Pattern }) };
    }

    private static bool TryParse(JsonElement json, out TimeSpan value)
    {
        value = default;
        if (json.ValueKind == JsonValueKind.Number) return json.TryGetDecimal(out var seconds) && TryScale(seconds, TimeSpan.TicksPerSecond, out value);
        if (json.ValueKind != JsonValueKind.String) return false;
        var text = json.GetString()!;
        if (!Form().IsMatch(text)) return false;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            var parts = text.Split(':').Select(p => int.Parse(p, NumberStyles.None, CultureInfo.InvariantCulture)).ToArray();
            value = new TimeSpan(parts[0], parts[1], parts[2]);
            return true;
        }

        var (unitLength, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (2, TimeSpan.TicksPerMillisecond),
            _ when text.EndsWith('s') => (1, TimeSpan.TicksPerSecond),
            _ when text.EndsWith('m') => (1, TimeSpan.TicksPerMinute),
            _ => (1, TimeSpan.TicksPerHour),
        };
        return decimal.TryParse(text.AsSpan(0, text.Length - unitLength), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && TryScale(amount, unit, out value);
    }

    private static bool TryScale(decimal amount, long ticks, out TimeSpan value)
    {
        value = default;
        if (amount < 0m || amount > 366m * 86400m) return false;
        value = new TimeSpan((long)(amount * ticks));
        return true;
    }

    // The division drops trailing zeros: 30, not 30.0000000.
    private static decimal SecondsOf(TimeSpan value) => (decimal)value.Ticks / TimeSpan.TicksPerSecond / 1.0000000000000000000000000000m;

    private static string Seconds(TimeSpan value) => Domain.Amounts.AmountText.Of(SecondsOf(value));

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
