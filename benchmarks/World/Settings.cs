using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>The one terminal, its symbols, and connectors that copy it.</summary>
internal static class Settings
{
    public const string Client = "bench";

    public static TerminalId Terminal { get; } = new(5012345, "Bench-Server");

    public static Magic Magic { get; } = new(1001);

    public static SymbolFacts Symbol(int index)
    {
        var asset = $"A{index:000}";
        return new SymbolFacts(new SymbolName($"{asset}USD"), 1m, new Lots(0.01m), new Lots(0.01m), asset, "USD", "USD", 2, "SYMBOL_CALC_MODE_CFD", asset, asset);
    }

    /// <summary>An entry of connectors.json: a Binance product on the simulator, trading at once.</summary>
    public static Dictionary<string, object> Binance(string id, string venue, BinanceService simulator)
    {
        var entry = Connector(id, simulator.Rest);
        entry["venue"] = venue;
        entry.Remove("account");
        entry["credentials"] = new { apiKey = simulator.Key, secret = simulator.Secret };
        return entry;
    }

    /// <summary>An entry of connectors.json: Paper futures, trading at once.</summary>
    /// <param name="id">The connector; its account has the same name.</param>
    /// <param name="venue">A paper process; null = the venue inside the host.</param>
    public static Dictionary<string, object> Connector(string id, Uri? venue)
    {
        var entry = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["name"] = id,
            ["venue"] = "paper-futures",
            ["account"] = id,
            ["routes"] = new[] { new { terminal = Terminal.ToString(), magics = new[] { Magic.Value }, multiplier = 1 } },
            ["planFirst"] = false,
            ["guardRails"] = new { maxOrdersPerMinute = 6_000 },
        };
        if (venue is not null) entry["apiUrl"] = venue.ToString();
        return entry;
    }
}
