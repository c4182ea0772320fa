using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Configuration;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>run</c>: the service.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public static Command Build(CommandEnvironment environment)
    {
        var data = SharedOptions.Data();
        var config = SharedOptions.Config();
        var connectors = new Option<string?>("--connectors")
        {
            Description = "A connectors.json: it wins over what is stored, and is stored. Default: Connectors:File of the settings, else what is stored.",
            HelpName = "FILE",
        };
        var command = new Command("run", "Run the service: take terminals in, keep venue accounts in line with them.") { data, config, connectors };
        command.SetAction((parsed, cancellation) =>
            RunAsync(environment, parsed.GetValue(config), parsed.GetValue(data), parsed.GetValue(connectors), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandEnvironment environment, string? config, string? data, string? connectors, CancellationToken cancellation)
    {
        var loaded = SettingsLoader.Load(environment, config, data, connectors);
        if (loaded.Settings is not { } settings) return Refuse(SettingsText.Of(loaded.Errors), ExitCodes.BadInput);
        var plan = new HostPlan { Settings = settings, Api = true, Console = environment.Error, Say = environment.Out.WriteLine };
        if (settings.ConnectorsFile is { } file)
        {
            var (entries, problem) = ConnectorsFile.Read(file, plan.Venues);
            if (problem is not null) return Refuse(problem, ExitCodes.BadInput);
            plan = plan with { Connectors = entries };
        }

        // A host that shares its database goes from standing by to trading and back until somebody stops it.
        while (true)
        {
            var start = await ConnectorHost.StartAsync(plan, environment.Time, cancellation);
            if (start.Host is not { } host)
            {
                if (!start.Again) return Refuse(start.Problem, start.ExitCode);
                environment.Error.WriteLine(start.Problem);
                using var pause = new CancellationTokenSource(s_pause, environment.Time);
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation, pause.Token);
                await Ended.OfAsync(wait.Token);
                if (cancellation.IsCancellationRequested) return ExitCodes.Ok;
                plan = plan with { Patient = true };
                continue;
            }

            var leaseLost = host.LeaseLost;
            await using (host)
            {
                environment.Out.WriteLine($"Terminals connect to {host.Feed}; the API listens on {host.Api}");
                using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, host.Ended, leaseLost);
                await Ended.OfAsync(end.Token);
                if (!cancellation.IsCancellationRequested && !leaseLost.IsCancellationRequested) return Refuse("The host ended by itself; the log says why.", ExitCodes.Failed);
            }

            if (cancellation.IsCancellationRequested) return ExitCodes.Ok;
            plan = plan with { Patient = true };
        }

        int Refuse(string problem, int exitCode)
        {
            if (problem.Length > 0) environment.Error.WriteLine(problem);
            return exitCode;
        }
    }
}
