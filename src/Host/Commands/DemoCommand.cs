using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Demo;
using CSMultiConnector.Host.Local;
using Spectre.Console;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>demo</c>: the whole chain without configuration, network or MT5.</summary>
internal static class DemoCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var length = SharedOptions.Duration("--for", "How long to trade.", TimeSpan.FromSeconds(30));
        var seed = SharedOptions.Number("--seed", "The same seed and time make the same deals.", 1);
        var settle = SharedOptions.Duration("--settle", "How long to wait at the end until everything has converged.", TimeSpan.FromSeconds(60));
        var json = SharedOptions.Json();
        var trial = new TrialVenueOptions();
        var command = new Command("demo", "Watch it work: a simulated terminal with three streams, copied to Paper. Needs no configuration, no network, no MT5.") { length, seed, settle, json };
        trial.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(
            environment,
            new Answer(environment, parsed.GetValue(json)),
            new DemoOptions(parsed.GetValue(length), parsed.GetValue(seed), parsed.GetValue(settle), trial.Read(parsed)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandEnvironment environment, Answer answer, DemoOptions options, CancellationToken cancellation)
    {
        if (options.Trial?.LacksKey(environment.Variables) is { } lack) return answer.Fail(ExitCodes.BadInput, "invalid", lack);
        using var folder = ScratchFolder.For(null);
        var (summary, problem, exitCode) = environment.Interactive && !answer.Json
            ? await AnsiConsole.Live(new Text("Starting")).StartAsync(live => new DemoRunner(options, environment.Time, new LiveScreen(live)).RunAsync(folder.Path, cancellation))
            : await new DemoRunner(options, environment.Time, new LineScreen(answer.Json ? environment.Error : environment.Out, environment.Time)).RunAsync(folder.Path, cancellation);
        if (summary is { Converged: true }) return answer.Give(summary, HostJson.Default.DemoSummary, DemoText.Write);
        folder.KeepFor(environment.Error);
        return summary is null
            ? answer.Fail(exitCode, "unavailable", problem)
            : answer.Give(summary, HostJson.Default.DemoSummary, DemoText.Write, ExitCodes.NotConverged);
    }
}
