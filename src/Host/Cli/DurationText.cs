using System.Globalization;

namespace CSMultiConnector.Host.Cli;

/// <summary>Durations as people type them: <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>, plain seconds, or <c>00:00:30</c>.</summary>
internal static class DurationText
{
    public const string Allowed = "a duration: a number with ms, s, m or h (30s, 2m, 500ms); without a unit it means seconds";

    /// <summary>As people write it, in the largest unit that leaves a whole number.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { Ticks: 0 } => "0s",
        _ when duration.Ticks % TimeSpan.TicksPerHour == 0 => Text(duration.TotalHours, "h"),
        _ when duration.Ticks % TimeSpan.TicksPerMinute == 0 => Text(duration.TotalMinutes, "m"),
        _ when duration.Ticks % TimeSpan.TicksPerSecond == 0 => Text(duration.TotalSeconds, "s"),
        _ => Text(duration.TotalMilliseconds, "ms"),
    };

    /// <summary>Longest duration that is taken.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrWhiteSpace(text)) return false;
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero && duration <= Longest;
        var (number, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001m),
            _ when text.EndsWith('s') => (text[..^1], 1m),
            _ when text.EndsWith('m') => (text[..^1], 60m),
            _ when text.EndsWith('h') => (text[..^1], 3600m),
            _ => (text, 1m),
        };
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        if (value > (decimal)Longest.TotalSeconds / unit) return false;
        duration = TimeSpan.FromTicks((long)(value * unit * TimeSpan.TicksPerSecond));
        return true;
    }

    private static string Text(double amount, string unit) => amount.ToString(CultureInfo.InvariantCulture) + unit;
}
