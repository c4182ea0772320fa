using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>pause</c>: no new orders.</summary>
internal static class PauseCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        var why = new Option<string?>("--why") { Description = "The reason that is shown and kept.", HelpName = "TEXT" };
        return new ApiCommand("pause", "Stop a connector from starting orders; it stays so over restarts.", environment) { connector, why }
            .Calls(async (call, cancellation) => call.Finish(await call.Api.SendAsync(
                HttpMethod.Post,
                ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "pause"),
                new PauseRequest(call.Parsed.GetValue(why)),
                PortalJson.Default.PauseRequest,
                PortalJson.Default.CommandDto,
                cancellation)));
    }
}

/// <summary>Addresses of a connector's endpoints.</summary>
internal static class ConnectorPath
{
    public static string Of(string connector, string rest) => $"/api/v1/connectors/{Uri.EscapeDataString(connector)}/{rest}";
}
