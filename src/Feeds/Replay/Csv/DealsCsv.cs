using System.Globalization;
using CsvHelper;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Csv;

/// <summary>Reads what Python's <c>history_deals_get</c> gave, written as CSV: columns by name, codes as MQL5 numbers them.</summary>
internal sealed class DealsCsv
{
    private const int MaxLineBytes = 1 << 20;
    private const long LargestSecond = 253_402_300_799;

    private static readonly string[] Required = ["ticket", "order", "type", "entry", "magic", "position_id", "volume", "price", "symbol"];
    private static readonly char[] Delimiters = [',', ';', '\t'];

    private readonly CsvReader _csv;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    private DealsCsv(CsvReader csv)
    {
        _csv = csv;
        foreach (var (i, name) in csv.Headers.Index()) _columns.TryAdd(name.Trim(), i);
    }

    /// <summary>True when the first line of a text is the heading of such a file.</summary>
    public static bool IsHeading(string firstLine) => DelimiterOf(firstLine) is not null;

    public static DealRows Read(TextReader text, string firstLine, CancellationToken cancellation)
    {
        var options = new CsvReaderOptions
        {
            Separator = DelimiterOf(firstLine),
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MaxRecordSize = MaxLineBytes,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
        };
        using var csv = CsvReader.Create(text, options, leaveOpen: true);
        try
        {
            csv.ReadHeader();
            return new DealsCsv(csv).ReadRows(cancellation);
        }
        catch (CsvFormatException e)
        {
            throw HistoryFormatException.Damaged(
                string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber}"), "the line is no well-formed CSV: a quote stands where none may, or does not end");
        }
    }

    private static char? DelimiterOf(string firstLine)
    {
        foreach (var delimiter in Delimiters)
        {
            var names = firstLine.Split(delimiter).Select(n => n.Trim().Trim('"')).ToList();
            if (names.Contains("ticket", StringComparer.Ordinal) && names.Contains("position_id", StringComparer.Ordinal)) return delimiter;
            // Half the names still say what the file is meant to be; which one is missing is reported later.
            if (Required.Count(r => names.Contains(r, StringComparer.Ordinal)) >= Required.Length / 2) return delimiter;
        }

        return null;
    }

    private DealRows ReadRows(CancellationToken cancellation)
    {
        foreach (var name in Required.Append(_columns.ContainsKey("time_msc") ? "time_msc" : "time"))
            if (!_columns.ContainsKey(name))
                throw HistoryFormatException.Damaged("line 1", $"the column {name} is missing");
        var rows = new DealRows([], 0, 0);
        var tickets = new HashSet<long>();
        while (_csv.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (tickets.Count >= HistoryLimits.MaxRows) throw HistoryFormatException.TooLarge(Place, "the file has too many rows");
            if (_csv.FieldCount != _csv.Headers.Count)
                throw HistoryFormatException.Damaged(Place, $"the line has {_csv.FieldCount} fields, the heading {_csv.Headers.Count}: the file is cut off or altered");
            var ticket = Integer("ticket", 1);
            if (!tickets.Add(ticket)) throw Wrong("ticket", "the ticket of an earlier line once more");
            switch (Integer("type", 0))
            {
                case 0: rows.Trades.Add(Trade(ticket, OrderSide.Buy)); break;
                case 1: rows.Trades.Add(Trade(ticket, OrderSide.Sell)); break;
                case 2: rows = rows with { BalanceRows = rows.BalanceRows + 1 }; break;
                case <= 17: rows = rows with { OtherRows = rows.OtherRows + 1 }; break;
                default: throw Wrong("type", "no deal type of MQL5 (0 to 17)");
            }
        }

        return rows;
    }

    private DealRow Trade(long ticket, OrderSide side)
    {
        var symbol = Text("symbol");
        if (symbol.Length is 0 or > 64) throw Wrong("symbol", "no symbol");
        var entry = Integer("entry", 0) switch
        {
            0 => DealEntry.In,
            1 => DealEntry.Out,
            2 => DealEntry.InOut,
            3 => DealEntry.OutBy,
            _ => throw Wrong("entry", "none of 0 (in), 1 (out), 2 (in/out), 3 (out by)"),
        };
        var volume = Number("volume");
        if (volume <= 0m) throw Wrong("volume", "not above zero");
        var price = Number("price");
        if (price < 0m) throw Wrong("price", "below zero");
        var deal = new Deal(
            ticket, Integer("order", 0), Integer("position_id", 1), new Magic(Integer("magic", 0)), new SymbolName(symbol), side, entry, new Lots(volume), price,
            Time(), Reason(), Optional("commission"), Text("comment"));
        return new DealRow(Place, deal, Optional("profit"));
    }

    private DealReason Reason() => Text("reason").Length == 0 ? DealReason.Other : Integer("reason", 0) switch
    {
        0 => DealReason.Client,
        1 => DealReason.Mobile,
        2 => DealReason.Web,
        3 => DealReason.Expert,
        4 => DealReason.StopLoss,
        5 => DealReason.TakeProfit,
        6 => DealReason.StopOut,
        7 => DealReason.Rollover,
        _ => DealReason.Other,
    };

    /// <summary>Milliseconds; or seconds; or, where a data frame has turned them into dates, the text of one.</summary>
    private long Time()
    {
        if (Text("time_msc").Length > 0 && TryInteger(Text("time_msc"), out var milliseconds) && milliseconds is >= 0 and <= LargestSecond * 1000) return milliseconds;
        var name = _columns.ContainsKey("time") ? "time" : "time_msc";
        var text = Text(name);
        if (name == "time" && TryInteger(text, out var seconds) && seconds is >= 0 and <= LargestSecond) return seconds * 1000;
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] forms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];
        return DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, style, out var time) && time >= DateTimeOffset.UnixEpoch
            ? time.ToUnixTimeMilliseconds()
            : throw Wrong(name, "no time (seconds since 1970, or a date like 2025-01-31 23:59:59)");
    }

    private string Place => string.Create(CultureInfo.InvariantCulture, $"line {_csv.LineNumber}");

    private string Text(string name) => _columns.TryGetValue(name, out var index) ? _csv.GetString(index).Trim() : "";

    private decimal Number(string name) => ReportText.TryNumber(Text(name), out var value) ? value : throw Wrong(name, "no number");

    private decimal Optional(string name) => Text(name).Length == 0 ? 0m : Number(name);

    private long Integer(string name, long atLeast) =>
        TryInteger(Text(name), out var value) && value >= atLeast ? value : throw Wrong(name, $"no whole number of at least {atLeast}");

    /// <summary>A data frame with a gap in a column writes its integers as <c>1.0</c>.</summary>
    private static bool TryInteger(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return true;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number != decimal.Truncate(number) || Math.Abs(number) > long.MaxValue) return false;
        value = (long)number;
        return true;
    }

    private HistoryFormatException Wrong(string name, string problem)
    {
        var text = Text(name);
        return HistoryFormatException.Damaged(
            $"{Place}, column {name}", text.Length == 0 ? $"the field is empty ({problem})" : $"\"{(text.Length <= 40 ? text : text[..40] + "…")}\" is wrong: {problem}");
    }
}
