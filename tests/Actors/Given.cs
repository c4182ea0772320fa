using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Plain things to build a test from; a test changes with <c>with</c> what it is about.</summary>
internal static class Given
{
    public static readonly TerminalId Terminal = new(1001, "Demo");

    public static readonly ConnectorId Paper = new("paper");

    /// <summary>A futures connector that is fed by everything, without plans or periodic syncs.</summary>
    public static ConnectorSettings Futures(string id = "paper") => new()
    {
        Id = new ConnectorId(id),
        Name = id,
        Tag = id.Replace("-", "", StringComparison.Ordinal).PadRight(4, '0')[..4],
        Venue = "paper-futures",
        Account = "main",
        Routes = [new Route("*", [])],
        PlanFirst = false,
        PositionSyncPeriod = TimeSpan.Zero,
    };

    public static ConnectorSettings Spot(string id = "spot") => Futures(id) with { Venue = "paper-spot", QuoteCurrency = "USD", ProfitCurrency = "USD" };
}
