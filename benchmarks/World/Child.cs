using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>A program, the host's unless said otherwise, as a process of its own.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Lock _lock = new();
    private (Regex Pattern, TaskCompletionSource<Match> Seen)? _waiting;

    private Child(Process process) => _process = process;

    /// <summary>The program that is measured: given by the command line, else the one built with this.</summary>
    public static string Program { get; set; } = Built("CSMultiConnector.Host", "csmulticonnector");

    /// <summary>The simulators of venues, built with this.</summary>
    public static string Simulators { get; } = Built("CSMultiConnector.Simulators", "CSMultiConnector.Simulators");

    public int Id => _process.Id;

    public string Said
    {
        get
        {
            lock (_lock) return _said.ToString();
        }
    }

    public static Child Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => StartProgram(Program, environment, arguments);

    public static Child StartProgram(string program, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new Child(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, e) => child.Take(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.Take(e.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a command to its end; what it wrote.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        await using var child = Start(null, arguments);
        await child._process.WaitForExitAsync();
        return child._process.ExitCode == 0 ? child.Said : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {child.Said}");
    }

    /// <summary>Waits until a line matches.</summary>
    public async Task<Match> SeesAsync(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        var seen = new TaskCompletionSource<Match>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (regex.Match(_said.ToString()) is { Success: true } already) return already;
            _waiting = (regex, seen);
        }

        using var deadline = new CancellationTokenSource(s_patience);
        await Task.WhenAny(seen.Task, _process.WaitForExitAsync(deadline.Token));
        return seen.Task.IsCompleted ? await seen.Task : throw new InvalidOperationException($"It never said {pattern}:\n{Said}");
    }

    /// <summary>SIGTERM, and the end.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Built(string project, string program)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, program);
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_lock)
        {
            _said.Append(line).Append('\n');
            if (_waiting is not { } waiting || waiting.Pattern.Match(line) is not { Success: true } match) return;
            _waiting = null;
            waiting.Seen.TrySetResult(match);
        }
    }
}
