using System.Diagnostics;
using System.Text;
using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>The C++ tests: built once, run once (in parts, a process each), told case by case.</summary>
internal static class CppProgram
{
    private const int Parts = 2;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    // The list of cases is asked for by a framework that does not await.
    private static readonly Lazy<string> s_program = new(() => Task.Run(MakeAsync).GetAwaiter().GetResult());

    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_results = new(RunAll);

    /// <summary>Suite.Name of every case.</summary>
    public static IReadOnlyList<string> Cases()
    {
        var cases = new List<string>();
        var suite = "";
        foreach (var line in Run("--gtest_list_tests").Output.Split('\n'))
        {
            var name = line.Split('#')[0].TrimEnd();
            if (name.StartsWith("  ", StringComparison.Ordinal)) cases.Add(suite + name.Trim());
            else if (name.EndsWith('.')) suite = name;
        }
        return cases;
    }

    /// <summary>Empty when the case passed, else what it said.</summary>
    public static string Result(string name) => s_results.Value.TryGetValue(name, out var said) ? said : "The case was not run.";

    private static async Task<string> MakeAsync()
    {
        var places = BuildPlaces.Default();
        return await new Build(places).RunAsync(BuildParts.All) is { } problems ? throw new InvalidOperationException(problems) : places.Tests;
    }

    private static Dictionary<string, string> RunAll()
    {
        var results = new Dictionary<string, string>(StringComparer.Ordinal);
        var runs = Enumerable.Range(0, Parts).AsParallel().WithDegreeOfParallelism(Parts).Select(part => Run("--gtest_color=no", part)).ToList();
        foreach (var (output, code) in runs)
        {
            string? running = null;
            var said = new StringBuilder();
            foreach (var line in output.Split('\n'))
            {
                if (line.StartsWith("[ RUN      ] ", StringComparison.Ordinal)) (running, _) = (line[13..].Trim(), said.Clear());
                else if (running is not null && line.StartsWith("[       OK ] ", StringComparison.Ordinal)) (results[running], running) = ("", null);
                else if (running is not null && line.StartsWith("[  FAILED  ] ", StringComparison.Ordinal)) (results[running], running) = (said.Append(line).ToString(), null);
                else if (running is not null) said.Append(line).Append('\n');
            }
            if (running is not null) results[running] = $"{said}\nThe program ended here (exit code {code}); the cases behind it were not run.";
        }
        return results;
    }

    private static (string Output, int Code) Run(string argument, int part = -1)
    {
        var start = new ProcessStartInfo(s_program.Value, argument) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (part >= 0) (start.Environment["GTEST_TOTAL_SHARDS"], start.Environment["GTEST_SHARD_INDEX"]) = ($"{Parts}", $"{part}");
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => { lock (output) output.Append(line.Data).Append('\n'); };
        process.ErrorDataReceived += (_, line) => { lock (output) output.Append(line.Data).Append('\n'); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(s_patience)) process.WaitForExit();
        else process.Kill(entireProcessTree: true);
        process.WaitForExit();
        lock (output) return (output.ToString(), process.ExitCode);
    }
}
