using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>The truth at the simulated trade server: what the Expert Advisor can only see through its terminal.</summary>
internal sealed record ServerBook(bool Synchronised, IReadOnlyList<ServerPosition> Positions, IReadOnlyList<ServerDeal> Deals)
{
    public static ServerBook Read(JsonElement dump) => new(
        dump.GetProperty("synchronised").GetBoolean(),
        [.. dump.GetProperty("positions").EnumerateArray().Select(p => new ServerPosition(
            p.GetProperty("id").GetInt64(), p.GetProperty("symbol").GetString()!, p.GetProperty("side").GetString()!, p.GetProperty("lots").GetDecimal(), p.GetProperty("openedBy").GetInt64()))],
        [.. dump.GetProperty("deals").EnumerateArray().Select(d => new ServerDeal(
            d.GetProperty("ticket").GetInt64(), d.GetProperty("order").GetInt64(), d.GetProperty("position").GetInt64(), d.GetProperty("type").GetInt32(),
            d.GetProperty("entry").GetString()!, d.GetProperty("reason").GetInt32(), d.GetProperty("magic").GetInt64(), d.GetProperty("symbol").GetString()!,
            d.GetProperty("lots").GetDecimal(), d.GetProperty("timeMsc").GetInt64()))]);

    /// <summary>Hedging: what each stream holds, by the magic that opened the position.</summary>
    public IReadOnlyDictionary<(long Magic, string Symbol), (decimal Long, decimal Short)> Streams => Positions
        .GroupBy(p => (p.OpenedBy, p.Symbol))
        .ToDictionary(g => g.Key, g => (g.Where(p => p.Side == "buy").Sum(p => p.Lots), g.Where(p => p.Side == "sell").Sum(p => p.Lots)));
}

/// <summary>A position; <paramref name="OpenedBy"/> is the magic of the deal that opened it.</summary>
internal sealed record ServerPosition(long Id, string Symbol, string Side, decimal Lots, long OpenedBy);

/// <summary>A deal; type and reason with the numbers of MQL5.</summary>
internal sealed record ServerDeal(long Ticket, long Order, long Position, int Type, string Entry, int Reason, long Magic, string Symbol, decimal Lots, long TimeMsc);
