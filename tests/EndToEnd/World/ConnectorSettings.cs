namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>Entries of a connectors.json, as a user writes them.</summary>
internal static class ConnectorSettings
{
    /// <summary>Perpetual futures at a paper process; trades at once and by deals only, unless told otherwise.</summary>
    public static Dictionary<string, object?> Futures(string id, Uri venue, string account = "main", object[]? routes = null) => Entry(id, "paper-futures", venue, account, routes);

    /// <summary>Spot without fees, so that what is held is what was bought.</summary>
    public static Dictionary<string, object?> Spot(string id, Uri venue, string account = "main", object[]? routes = null)
    {
        var entry = Entry(id, "paper-spot", venue, account, routes);
        entry["venueOptions"] = new { feeRate = "0" };
        return entry;
    }

    /// <summary>Some streams of the trader; no magic = all.</summary>
    public static object Route(decimal multiplier, params long[] magics) => new { terminal = Trader.Id, magics, multiplier };

    public static Dictionary<string, object?> With(this Dictionary<string, object?> entry, string key, object? value)
    {
        entry[key] = value;
        return entry;
    }

    private static Dictionary<string, object?> Entry(string id, string venue, Uri address, string account, object[]? routes) => new(StringComparer.Ordinal)
    {
        ["id"] = id,
        ["name"] = $"Connector {id}",
        ["venue"] = venue,
        ["account"] = account,
        ["apiUrl"] = address.ToString(),
        ["routes"] = routes ?? [Route(1m)],
        ["planFirst"] = false,
        ["positionSyncPeriod"] = 0,
        ["reconnectionInterval"] = 1,
        ["guardRails"] = new { maxOrdersPerMinute = 6_000 },
    };
}
