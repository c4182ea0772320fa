using System.CommandLine;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>status</c>: what the running host does.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static Command Build(CommandEnvironment environment)
    {
        var wait = SharedOptions.Duration("--wait", "Wait up to this long until nothing is left to do; exit code 4 if something is.", TimeSpan.Zero);
        var check = new Option<bool>("--check") { Description = "Exit code 4 when something is left to do." };
        var command = new ApiCommand("status", "Show terminals, connectors and legs of the running host.", environment) { wait, check };
        return command.Calls((call, cancellation) =>
            RunAsync(call, call.Parsed.GetValue(wait), call.Parsed.GetValue(check), cancellation));
    }

    private static async Task<int> RunAsync(ApiCall call, TimeSpan wait, bool check, CancellationToken cancellation)
    {
        var time = call.Environment.Time;
        var start = time.GetTimestamp();
        var got = await ReadAsync(call.Api, cancellation);
        while (got.Value is { Converged: false } && time.GetElapsedTime(start) < wait)
        {
            await Task.Delay(Pause, time, cancellation);
            got = await ReadAsync(call.Api, cancellation);
        }

        var late = (check || wait > TimeSpan.Zero) && got.Value is { Converged: false };
        return call.Finish(got, PortalJson.Default.StatusDto, StatusText.Write, late ? ExitCodes.NotConverged : ExitCodes.Ok);
    }

    private static Task<ApiAnswer<StatusDto>> ReadAsync(HostApi api, CancellationToken cancellation) =>
        api.GetAsync("/api/v1/status", PortalJson.Default.StatusDto, cancellation);
}
