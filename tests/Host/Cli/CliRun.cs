using System.Text.Json;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.Tests;

/// <summary>A command line that ran to its end inside the test's process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output as the one line of JSON that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            var lines = Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBe(1, Out);
            return JsonDocument.Parse(lines[0]).RootElement;
        }
    }

    public static Task<CliRun> OfAsync(string folder, string input, params string[] args) => OfAsync(folder, input, [], args);

    public static async Task<CliRun> OfAsync(string folder, string input, Dictionary<string, string> variables, params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var environment = new CommandEnvironment(stdout, stderr, new StringReader(input), Interactive: false, variables, folder, TimeProvider.System);
        var exitCode = await CommandLineApp.RunAsync(args, environment, patience.Token);
        return new CliRun(exitCode, stdout.ToString(), stderr.ToString());
    }
}
