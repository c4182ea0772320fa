using System.Diagnostics;

namespace CSMultiConnector.Simulators.Tests.Ccxt;

/// <summary>Node and npm of this machine.</summary>
internal static class NodeTools
{
    /// <summary>Debian packages that are missing.</summary>
    public static IReadOnlyList<string> Missing { get; } = [.. new[] { ("node", "nodejs"), ("npm", "npm") }.Where(t => Find(t.Item1) is null).Select(t => t.Item2)];

    public static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(f => f.Length > 0).Select(f => Path.Combine(f, tool)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; what it said on both lines.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string program, string[] arguments, string folder, TimeSpan limit)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        using var end = new CancellationTokenSource(limit);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, await output, $"no end within {limit}\n{await errors}");
        }
        return (process.ExitCode, await output, await errors);
    }
}
