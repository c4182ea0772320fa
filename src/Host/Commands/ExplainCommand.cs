using System.CommandLine;
using System.Globalization;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>explain</c>: why a leg holds what it holds.</summary>
internal static class ExplainCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var leg = new Argument<string>("leg") { Description = "The leg as 'status' shows it (BTCUSDT:Net), or connector/leg when several have it." };
        var connector = new Option<string?>("--connector") { Description = "Whose leg.", HelpName = "ID" };
        var orders = SharedOptions.Number("--orders", "How many orders to go back, 1 to 200.", 10, 1, 200);
        return new ApiCommand("explain", "Explain a leg: deals, levels, conversion, residual, orders, fills.", environment) { leg, connector, orders }
            .Calls(async (call, cancellation) =>
            {
                var query = $"/api/v1/explain?leg={Uri.EscapeDataString(call.Parsed.GetRequiredValue(leg))}&orders={call.Parsed.GetValue(orders).ToString(CultureInfo.InvariantCulture)}";
                if (call.Parsed.GetValue(connector) is { } id) query += $"&connector={Uri.EscapeDataString(id)}";
                return call.Finish(
                    await call.Api.GetAsync(query, PortalJson.Default.ExplanationDto, cancellation), PortalJson.Default.ExplanationDto, ExplanationText.Write);
            });
    }
}
