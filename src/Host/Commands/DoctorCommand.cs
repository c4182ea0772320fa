using System.CommandLine;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Doctor;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>doctor</c>: what is wrong with this set-up and how to mend it.</summary>
internal static class DoctorCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var data = SharedOptions.Data();
        var config = SharedOptions.Config();
        var connectors = new Option<string?>("--connectors")
        {
            Description = "The connectors.json that 'run' is to be started with: while no host runs, the file and the keys that it names are checked. Default: Connectors:File of the settings.",
            HelpName = "FILE",
        };
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Look for what is wrong with this set-up and say how to mend it. Exit code 1 when there is an error.") { data, config, connectors, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var findings = await ExamineAsync(environment, SettingsLoader.Load(environment, parsed.GetValue(config), parsed.GetValue(data), parsed.GetValue(connectors)), cancellation);
            var report = new DoctorReport(findings.TrueForAll(f => f.Severity != "error"), findings);
            return new Answer(environment, parsed.GetValue(json)).Give(
                report, HostJson.Default.DoctorReport, Write, report.Ok ? ExitCodes.Ok : ExitCodes.Failed);
        });
        return command;
    }

    private static async Task<List<Finding>> ExamineAsync(CommandEnvironment environment, SettingsResult loaded, CancellationToken cancellation)
    {
        if (loaded.Settings is not { } settings)
            return [.. loaded.Errors.Select(e => Finding.Error("settings", e.ToString(), "Correct it; docs/configuration.md lists every setting."))];
        List<Finding> findings = [Finding.Fine("settings", "no mistake found")];
        var (api, failure) = HostApi.Open(settings.DataFolder);
        using (api)
        {
            var status = api is null ? new ApiAnswer<StatusDto>(null, failure) : await api.GetAsync("/api/v1/status", PortalJson.Default.StatusDto, cancellation);
            findings.AddRange(SetupChecks.Of(settings, running: status.Value is not null, environment.Time));
            if (status.Value is null && settings.ConnectorsFile is { } file)
                findings.AddRange(await VenueChecks.OfAsync(file, VenueCatalog.CreateDefault(), environment.Variables, environment.Time, cancellation));
            if (status.Failure is { } gone)
            {
                findings.Add(gone.ExitCode == ExitCodes.NotReachable
                    ? Finding.Warning("host", gone.Text, "")
                    : Finding.Error("host", gone.Text, "Name the data folder of the running host with --data."));
                return findings;
            }

            var host = status.Value!.Host;
            findings.Add(Finding.Fine("host", $"version {host.Version}, process {host.Pid}{(host.Feed.Length > 0 ? $", terminals connect to {host.Feed}" : "")}"));
            if (host.Lease is { } lease)
            {
                findings.Add(lease.Text.Length == 0
                    ? Finding.Fine("right to trade", StatusText.Lease(lease))
                    : Finding.Warning("right to trade", StatusText.Lease(lease), "Nothing, if that host is meant to trade; else look at it, or at the database."));
                if (lease.State == LeaseDto.Standby) return findings;
            }

            var clients = await api!.GetAsync("/api/v1/clients", PortalJson.Default.IReadOnlyListClientDto, cancellation);
            findings.AddRange(RunningChecks.Of(status.Value, clients.Value ?? []));
            return findings;
        }
    }

    private static void Write(TextWriter o, DoctorReport report)
    {
        foreach (var f in report.Findings)
        {
            o.WriteLine($"{f.Severity,-7} {f.Check}: {f.Text}");
            if (f.Remedy.Length > 0) o.WriteLine($"        -> {f.Remedy}");
        }

        var errors = report.Findings.Count(f => f.Severity == "error");
        var warnings = report.Findings.Count(f => f.Severity == "warning");
        o.WriteLine($"{errors} errors, {warnings} warnings");
    }
}
