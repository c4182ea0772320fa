using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>The built program as a process of its own, as a user starts it (not <c>dotnet run</c>: a kill must hit the host itself).</summary>
internal sealed class Program : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly List<(Regex Pattern, TaskCompletionSource<Match> Seen)> _waiting = [];
    private readonly Lock _lock = new();

    private Program(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_lock) return _out.ToString();
        }
    }

    public string Errors
    {
        get
        {
            lock (_lock) return _error.ToString();
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The built host beside this test's own output: same artifacts folder, same configuration.</summary>
    public static string Path { get; } = FindProgram();

    public static Program Start(params string[] arguments) => Start(null, arguments);

    public static Program Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Start([], environment, null, arguments);

    /// <summary>Runs under another program, which must hand its process id on.</summary>
    public static Program StartUnder(IReadOnlyList<string> under, IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Start(under, environment, null, arguments);

    private static Program Start(IReadOnlyList<string> under, IReadOnlyDictionary<string, string>? environment, string? input, string[] arguments)
    {
        string[] line = [.. under, Path, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = input is not null, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var program = new Program(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, e) => program.Take(program._out, e.Data);
        program._process.ErrorDataReceived += (_, e) => program.Take(program._error, e.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        if (input is not null)
        {
            program._process.StandardInput.Write(input);
            program._process.StandardInput.Close();
        }

        return program;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var program = Start(arguments);
        return await program.EndAsync();
    }

    /// <summary>The same with standard input.</summary>
    public static async Task<Ended> RunWithInputAsync(string input, params string[] arguments)
    {
        await using var program = Start([], null, input, arguments);
        return await program.EndAsync();
    }

    /// <summary>Runs a command to its end, with variables.</summary>
    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var program = Start(environment, arguments);
        return await program.EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<Ended> EndAsync()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end.\n{Output}\n{Errors}", e);
        }

        return new Ended(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until a line of either stream matches.</summary>
    public async Task<Match> SeesAsync(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        TaskCompletionSource<Match> seen;
        lock (_lock)
        {
            foreach (var line in (_out + "\n" + _error).Split('\n'))
                if (regex.Match(line) is { Success: true } already) return already;
            seen = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((regex, seen));
        }

        try
        {
            using var deadline = new CancellationTokenSource(s_patience);
            await Task.WhenAny(seen.Task, _process.WaitForExitAsync(deadline.Token));
            if (seen.Task.IsCompleted) return await seen.Task;
            throw new InvalidOperationException($"{(HasExited ? "Ended" : "Timed out")} before it said: {pattern}\n{Output}\n{Errors}");
        }
        finally
        {
            lock (_lock) _waiting.Remove((regex, seen));
        }
    }

    /// <summary>Waits until a line of either stream matches, or for the end.</summary>
    public async Task SaysOrEndsAsync(string pattern)
    {
        try
        {
            await SeesAsync(pattern);
        }
        catch (InvalidOperationException) when (HasExited)
        {
            // It ended: that is an answer too.
        }
    }

    /// <summary>SIGKILL: nothing of the process runs after it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: the graceful way.</summary>
    public async Task<Ended> TerminateAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>Any signal, by its name without SIG.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var path = System.IO.Path.Combine(own.Parent!.Parent!.FullName, "CSMultiConnector.Host", own.Name, "csmulticonnector");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not built.");
    }

    private void Take(StringBuilder stream, string? line)
    {
        if (line is null) return;
        lock (_lock)
        {
            stream.Append(line).Append('\n');
            foreach (var waiting in _waiting.ToArray())
            {
                if (waiting.Pattern.Match(line) is not { Success: true } match) continue;
                _waiting.Remove(waiting);
                waiting.Seen.TrySetResult(match);
            }
        }
    }
}

/// <summary>How a process ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as one JSON line, and nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBe(1, $"standard output carries one line only\n{Output}\n{Errors}");
            return JsonDocument.Parse(lines[0]).RootElement;
        }
    }

    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
