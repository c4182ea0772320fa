using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>sync</c>: drive every leg in scope to what MT5 holds.</summary>
internal static class SyncCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        var whole = new Option<bool>("--whole-account") { Description = "Concern everything that the account holds: what MT5 does not hold is closed." };
        return new ApiCommand("sync", "Read the account and drive every leg to what MT5 holds.", environment) { connector, whole }
            .Calls(async (call, cancellation) => call.Finish(await call.Api.SendAsync(
                HttpMethod.Post,
                ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "sync"),
                new SyncRequest(call.Parsed.GetValue(whole) ? "wholeAccount" : "streamLegs"),
                PortalJson.Default.SyncRequest,
                PortalJson.Default.CommandDto,
                cancellation)));
    }
}
