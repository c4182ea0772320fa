using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>A deal as its row has it. A report's deal has no position yet.</summary>
internal sealed record DealRow(string Place, Deal Deal, decimal Profit);

/// <summary>The rows of a history, before positions are known.</summary>
internal sealed record DealRows(List<DealRow> Trades, int BalanceRows, int OtherRows);

/// <summary>Reads the deals table and checks that each row's balance follows from the one before.</summary>
internal sealed class ReportDeals
{
    private const string Balance = "balance";
    private const int LongestSymbol = 64;

    private readonly ReportTable _table;
    private readonly Dictionary<string, int> _columns;
    private readonly DealReason _reason;
    private readonly Magic _magic;

    private ReportDeals(ReportTable table, DealReason reason, Magic magic)
    {
        _table = table;
        _columns = Columns(table);
        _reason = reason;
        _magic = magic;
    }

    public static DealRows Read(ReportTable table, bool fromZero, DealReason reason, Magic magic, CancellationToken cancellation) =>
        new ReportDeals(table, reason, magic).Read(fromZero, cancellation);

    private DealRows Read(bool fromZero, CancellationToken cancellation)
    {
        var rows = new DealRows([], 0, 0);
        var tickets = new HashSet<long>();
        decimal? balance = fromZero ? 0m : null;
        foreach (var row in _table.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var ticket = Id(row, "Deal");
            if (!tickets.Add(ticket)) throw Wrong(row, "Deal", "the ticket of an earlier row once more");
            var time = Time(row);
            var type = Text(row, "Type");
            var isTrade = ReportText.Side(type) is not null;
            if (isTrade) rows.Trades.Add(Trade(row, ticket, time));
            else CheckNoTrade(row, type);
            balance = CheckBalance(row, balance, mayStay: !isTrade && type != Balance);
            if (type == Balance) rows = rows with { BalanceRows = rows.BalanceRows + 1 };
            else if (!isTrade) rows = rows with { OtherRows = rows.OtherRows + 1 };
        }

        CheckTotal(balance);
        return rows;
    }

    private DealRow Trade(ReportRow row, long ticket, long time)
    {
        var symbol = Text(row, "Symbol");
        if (symbol.Length is 0 or > LongestSymbol) throw Wrong(row, "Symbol", "no symbol");
        var entry = ReportText.Entry(Text(row, "Direction")) ?? throw Wrong(row, "Direction", "none of in, out, in/out, out by");
        var volume = Number(row, "Volume");
        if (volume <= 0m) throw Wrong(row, "Volume", "not above zero");
        var price = Number(row, "Price");
        if (price <= 0m) throw Wrong(row, "Price", "not above zero");
        var comment = Text(row, "Comment");
        var deal = new Deal(
            ticket, Id(row, "Order"), 0, _magic, new SymbolName(symbol), ReportText.Side(Text(row, "Type"))!.Value, entry, new Lots(volume), price, time,
            ReportText.Reason(comment, _reason), Number(row, "Commission"), comment);
        return new DealRow(row.Place, deal, Number(row, "Profit"));
    }

    /// <summary>Money operations name no symbol; a cancelled deal does, and says so. Anything else is a trade with a damaged type.</summary>
    private void CheckNoTrade(ReportRow row, string type)
    {
        var isMoney = type.Length > 0 && Text(row, "Symbol").Length == 0 && Text(row, "Direction").Length == 0 && Text(row, "Volume").Length == 0;
        if (!isMoney && !type.Contains("cancel", StringComparison.OrdinalIgnoreCase) && !type.Contains("dividend", StringComparison.OrdinalIgnoreCase))
            throw Wrong(row, "Type", "neither buy or sell nor a balance operation");
    }

    private decimal CheckBalance(ReportRow row, decimal? before, bool mayStay)
    {
        var change = Number(row, "Commission") + (_columns.ContainsKey("Fee") ? Number(row, "Fee") : 0m) + Number(row, "Swap") + Number(row, "Profit");
        var balance = Number(row, "Balance");
        // Credit and bonus show an amount, but are no part of the balance.
        if (before is null || before + change == balance || (mayStay && before == balance)) return balance;
        throw HistoryFormatException.Damaged(
            Place(row, "Balance"),
            $"the balance is {AmountText.Of(balance)}, but {AmountText.Of(before.Value)} before and {AmountText.Of(change)} from this row make {AmountText.Of(before.Value + change)}");
    }

    private void CheckTotal(decimal? balance)
    {
        if (_table.Total is null || balance is null || !_columns.TryGetValue("Balance", out var column)) return;
        if (!ReportText.TryNumber(_table.Total[column], out var total)) throw Wrong(_table.Total, "Balance", "no number");
        if (total != balance)
            throw HistoryFormatException.Damaged(
                Place(_table.Total, "Balance"), $"the report ends with a balance of {AmountText.Of(total)}, its last deal with {AmountText.Of(balance.Value)}: rows are missing");
    }

    private string Text(ReportRow row, string name) => _columns.TryGetValue(name, out var column) ? row[column] : "";

    private decimal Number(ReportRow row, string name) =>
        ReportText.TryNumber(Text(row, name), out var value) ? value : throw Wrong(row, name, "no number");

    private long Id(ReportRow row, string name) =>
        ReportText.TryId(Text(row, name), out var value) ? value : throw Wrong(row, name, "no ticket number");

    private long Time(ReportRow row) =>
        ReportText.TryTime(Text(row, "Time"), out var value) ? value : throw Wrong(row, "Time", "no time like 2025.01.31 23:59:59");

    private HistoryFormatException Wrong(ReportRow row, string name, string problem)
    {
        var text = Text(row, name);
        return HistoryFormatException.Damaged(Place(row, name), text.Length == 0 ? $"the cell is empty ({problem})" : $"\"{Shorten(text)}\" is wrong: {problem}");
    }

    private string Place(ReportRow row, string name) => row.CellPlace(_columns[name], name);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    /// <summary>By name in English; in other languages by place, which is the same in all of them.</summary>
    private static Dictionary<string, int> Columns(ReportTable table)
    {
        string[] expected = ["Time", "Deal", "Symbol", "Type", "Direction", "Volume", "Price", "Order", "Commission", "Swap", "Profit", "Balance", "Comment"];
        string[] withFee = ["Time", "Deal", "Symbol", "Type", "Direction", "Volume", "Price", "Order", "Commission", "Fee", "Swap", "Profit", "Balance", "Comment"];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (column, text) in table.Headings) found.TryAdd(text, column);
        var isEnglish = found.ContainsKey("Deal") || found.ContainsKey("Direction");
        if (isEnglish)
        {
            foreach (var name in expected)
                if (!found.ContainsKey(name))
                    throw HistoryFormatException.Damaged(table.Place, $"the deals table has no column {name}");
            return found;
        }

        var names = table.Headings.Count == withFee.Length ? withFee : expected;
        if (table.Headings.Count != names.Length)
            throw HistoryFormatException.Damaged(table.Place, $"the deals table has {table.Headings.Count} columns; {expected.Length} or {withFee.Length} are known");
        return names.Select((name, i) => (name, table.Headings[i].Column)).ToDictionary(p => p.name, p => p.Column, StringComparer.Ordinal);
    }
}
