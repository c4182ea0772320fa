using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>The values of report cells that are the same in every language of the terminal.</summary>
internal static partial class ReportText
{
    private const int RegexMilliseconds = 1000;

    /// <summary>Binary artefacts of prices and volumes stand beyond this decimal.</summary>
    private const int Decimals = 10;

    /// <summary>No price, volume or amount of an account is larger.</summary>
    private const decimal Largest = 1_000_000_000_000m;

    private static readonly string[] TimeForms = ["yyyy.MM.dd HH:mm:ss", "yyyy.MM.dd HH:mm:ss.fff", "yyyy.MM.dd HH:mm"];

    /// <summary>A number with an optional space between thousands.</summary>
    public static bool TryNumber(string text, out decimal value)
    {
        value = 0m;
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            if (!Grouped().IsMatch(text)) return false;
            text = text.Replace(" ", "", StringComparison.Ordinal);
        }

        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out value)) return false;
        value = Math.Round(value, Decimals);
        return Math.Abs(value) <= Largest;
    }

    /// <summary>A ticket, an order or a position number: digits only.</summary>
    public static bool TryId(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;

    /// <summary>Server time in milliseconds since 1970.</summary>
    public static bool TryTime(string text, out long milliseconds)
    {
        milliseconds = 0;
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, style, out var time)) return false;
        milliseconds = time.ToUnixTimeMilliseconds();
        return milliseconds >= 0;
    }

    public static OrderSide? Side(string text) => text switch
    {
        "buy" => OrderSide.Buy,
        "sell" => OrderSide.Sell,
        _ => null,
    };

    public static DealEntry? Entry(string text) => text switch
    {
        "in" => DealEntry.In,
        "out" => DealEntry.Out,
        "in/out" => DealEntry.InOut,
        "out by" => DealEntry.OutBy,
        _ => null,
    };

    /// <summary>Stops and targets write themselves into the comment: <c>[sl 1.07]</c> in a terminal, <c>sl 1.07</c> in the tester.</summary>
    public static DealReason Reason(string comment, DealReason otherwise)
    {
        var match = StopComment().Match(comment);
        return match.Success
            ? match.Groups["kind"].Value switch { "sl" => DealReason.StopLoss, "tp" => DealReason.TakeProfit, _ => DealReason.StopOut }
            : otherwise;
    }

    /// <summary>The two positions of <c>close #1 by #2</c> or <c>close hedge by #2</c>.</summary>
    public static IEnumerable<long> PositionsInComment(string comment)
    {
        if (!comment.Contains("close", StringComparison.OrdinalIgnoreCase)) yield break;
        foreach (Match match in HashNumber().Matches(comment))
            if (TryId(match.Groups["id"].Value, out var id))
                yield return id;
    }

    [GeneratedRegex(@"^[+-]?\d{1,3}( \d{3})+(\.\d+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^\[?(?<kind>sl|tp|so) [\d.]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex StopComment();

    [GeneratedRegex(@"#(?<id>\d{1,19})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexMilliseconds)]
    private static partial Regex HashNumber();
}
