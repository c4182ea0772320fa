using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>health</c>: the probe for containers, which have no other HTTP client.</summary>
internal static class HealthCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var live = new Option<bool>("--live") { Description = "Ask only whether the process answers, not whether it is ready." };
        return new ApiCommand("health", "Probe the running host; exit code 0 when it is ready.", environment) { live }.Calls(async (call, cancellation) =>
            call.Finish(
                await call.Api.GetAsync(call.Parsed.GetValue(live) ? "/health/live" : "/health/ready", PortalJson.Default.HealthDto, cancellation),
                PortalJson.Default.HealthDto,
                static (o, h) => o.WriteLine(h.Status)));
    }
}
