using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>resume</c>: trade again.</summary>
internal static class ResumeCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        return new ApiCommand("resume", "Let a paused or faulted connector trade again; a sync follows.", environment) { connector }
            .Calls(async (call, cancellation) => call.Finish(await call.Api.PostAsync(
                ConnectorPath.Of(call.Parsed.GetRequiredValue(connector), "resume"), PortalJson.Default.CommandDto, cancellation)));
    }
}
