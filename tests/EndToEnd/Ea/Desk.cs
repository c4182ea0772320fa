using System.Globalization;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>A trading account in MT5 with the streams that its Expert Advisor lists, and the account at the venue that copies them.</summary>
internal sealed record Desk(long Login, string Margin, params long[] Magics)
{
    public const string Server = "Broker-Demo";

    /// <summary>The terminal, as the host names it.</summary>
    public string Terminal => string.Create(CultureInfo.InvariantCulture, $"{Login}@{Server}");

    /// <summary>The connector that copies all its streams.</summary>
    public string Connector => string.Create(CultureInfo.InvariantCulture, $"desk{Login}");

    public bool IsHedging => Margin == "hedging";

    /// <summary>The input of the magics.</summary>
    public string MagicList => string.Join(',', Magics);

    public Dictionary<string, object?> Entry(Uri venue) => Entry(venue, Connector, Magics);

    /// <summary>A connector for some of its streams, onto an account of its own.</summary>
    public Dictionary<string, object?> Entry(Uri venue, string connector, params long[] magics)
    {
        var entry = ConnectorSettings.Futures(connector, venue, connector, [new { terminal = Terminal, magics, multiplier = 1m }]);
        return IsHedging ? entry.With("venueOptions", new { positionMode = "hedge" }) : entry;
    }
}
