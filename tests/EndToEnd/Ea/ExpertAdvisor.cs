using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>
/// The compiled Expert Advisor on a chart of a simulated terminal (<c>csmc-ea</c>, tests/Mql5/Runner): one command a line, one answer each, and events between them.
/// </summary>
internal sealed class ExpertAdvisor : IAsyncDisposable
{
    /// <summary>How much faster the Expert Advisor's own waiting goes than the clock on the wall.</summary>
    public const int Rate = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string>> s_runner = new(() => Task.Run(MakeRunnerAsync));

    private readonly Process _process;
    private readonly Channel<JsonElement> _answers = Channel.CreateUnbounded<JsonElement>();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<string> _printed = [], _alerts = [], _faults = [];
    private readonly List<int> _ends = [];
    private readonly StringBuilder _errors = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;

    private ExpertAdvisor(Process process, string files)
    {
        (_process, Files) = (process, files);
        process.ErrorDataReceived += (_, e) =>
        {
            lock (_lock) _errors.Append(e.Data).Append('\n');
        };
        process.Start();
        process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    /// <summary>The terminal's MQL5\Files.</summary>
    public string Files { get; }

    /// <summary>What it wrote to the Experts log.</summary>
    public IReadOnlyList<string> Printed => Copy(_printed);

    public IReadOnlyList<string> Alerts => Copy(_alerts);

    /// <summary>Reasons for which it ended, REASON_* of MQL5.</summary>
    public IReadOnlyList<int> Ends => Copy(_ends);

    /// <summary>Everything that it wrote to files.</summary>
    public string LogText => string.Concat(Directory.EnumerateFiles(Files, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read));

    /// <summary>A terminal that is connected to an account; no Expert Advisor stands on its chart yet.</summary>
    public static async Task<ExpertAdvisor> StartAsync(string files, long login, string margin, int seed = 1)
    {
        Directory.CreateDirectory(files);
        var start = new ProcessStartInfo(await s_runner.Value, [seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, StandardOutputEncoding = Encoding.UTF8,
        };
        var ea = new ExpertAdvisor(new Process { StartInfo = start }, files);
        await ea.DoAsync($"files folder=\"{files}\"");
        await ea.DoAsync($"clock rate={Rate}");
        await ea.AddAccountAsync(login, margin);
        await ea.DoAsync("connect");
        return ea;
    }

    /// <summary>Another account at the same server; the first one is shown.</summary>
    public async Task AddAccountAsync(long login, string margin)
    {
        await DoAsync(string.Create(CultureInfo.InvariantCulture, $"account login={login} margin={margin} server={Desk.Server}"));
        foreach (var (symbol, asset, bid) in new[] { ("BTCUSD", "BTC", 65_000), ("ETHUSD", "ETH", 3_200) })
            await DoAsync(string.Create(CultureInfo.InvariantCulture, $"symbol name={symbol} base={asset} profit=USD margin=USD digits=2 contract=1 min=0.01 step=0.01 calc=2 bid={bid} ask={bid + 1}"));
    }

    /// <summary>A command that has to work.</summary>
    public async Task<JsonElement> DoAsync(string command)
    {
        var answer = await AskAsync(command);
        return answer.GetProperty("ok").GetBoolean() ? answer : throw new InvalidOperationException($"{command}: {answer}");
    }

    /// <summary>Sets inputs for the next start; true and false as MQL5 writes them.</summary>
    public async Task SetAsync(params (string Name, object Value)[] inputs)
    {
        foreach (var (name, value) in inputs)
            await DoAsync($"input name={name} value=\"{(value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture))}\"");
    }

    /// <summary>Puts it on the chart; it must take its inputs.</summary>
    public async Task AttachAsync() => (await DoAsync("attach")).GetProperty("loaded").GetBoolean().ShouldBeTrue(string.Join('\n', Printed));

    /// <summary>Deinitialisation and start with one of MQL5's reasons: 3 and 5 keep the program, the others load it anew.</summary>
    public async Task RestartAsync(int reason) =>
        (await DoAsync($"{(reason is 3 or 5 ? "restart" : "reload")} reason={reason}")).GetProperty("loaded").GetBoolean().ShouldBeTrue(string.Join('\n', Printed));

    public Task RemoveAsync(int reason = 1) => DoAsync($"remove reason={reason}");

    public async Task<bool> IsOnChartAsync() => (await DoAsync("state")).GetProperty("loaded").GetBoolean();

    /// <summary>A market order; the position's id on a hedging account.</summary>
    public async Task<long> OpenAsync(string symbol, string side, decimal lots, long magic) =>
        (await DoAsync(string.Create(CultureInfo.InvariantCulture, $"open symbol={symbol} side={side} lots={lots} magic={magic}"))).GetProperty("order").GetInt64();

    /// <summary>What the trade server holds.</summary>
    public async Task<ServerBook> BookAsync() => ServerBook.Read(await DoAsync("dump"));

    public async Task<ChartPanel> PanelAsync() => ChartPanel.Read(await DoAsync("objects"));

    /// <summary>Waits for the panel to show what is wanted.</summary>
    public Task<ChartPanel> ShowsAsync(Func<ChartPanel, bool> right, string what) => Eventually.GetAsync(PanelAsync, right, $"the panel shows {what}\n{Tail()}");

    /// <summary>Waits until it has told the host everything.</summary>
    public Task<ChartPanel> LiveAsync() => ShowsAsync(p => p.IsLive, "that it is connected");

    /// <summary>Clicks the button of a connector's row.</summary>
    public async Task ClickAsync(string connector)
    {
        var panel = await ShowsAsync(p => p.Row(connector) is not null, connector);
        await DoAsync($"click object={panel.Row(connector)!.ButtonName}");
    }

    /// <summary>Waits for a line in the Experts log.</summary>
    public Task PrintsAsync(string part) => Eventually.GetAsync(() => Task.FromResult(string.Join('\n', Printed)), p => p.Contains(part, StringComparison.Ordinal), $"it prints: {part}");

    /// <summary>The terminal is closed. What MT5 would not have let pass, and what the sanitizers found, is a failure.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(patience.Token);
            await _reading;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        var code = _process.ExitCode;
        _process.Dispose();
        _turn.Dispose();
        if (code != 0 || _faults.Count > 0) throw new InvalidOperationException($"csmc-ea ended with {code}\n{string.Join('\n', _faults)}\n{Tail()}");
    }

    private static async Task<string> MakeRunnerAsync()
    {
        Tools.Require(Tools.Compiler);
        var places = BuildPlaces.Default();
        return await new Build(places).RunAsync(BuildParts.Runner) is { } problem ? throw new InvalidOperationException(problem) : places.Runner;
    }

    private async Task<JsonElement> AskAsync(string command)
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _turn.WaitAsync(patience.Token);
        try
        {
            await _process.StandardInput.WriteAsync($"{command}\n".AsMemory(), patience.Token);
            await _process.StandardInput.FlushAsync(patience.Token);
            return await _answers.Reader.ReadAsync(patience.Token);
        }
        catch (Exception e) when (e is IOException or ChannelClosedException or OperationCanceledException)
        {
            throw new InvalidOperationException($"No answer to: {command}\n{Tail()}", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var said = JsonDocument.Parse(line).RootElement;
            if (said.TryGetProperty("event", out var what)) Take(what.GetString()!, said);
            else _answers.Writer.TryWrite(said);
        }

        _answers.Writer.Complete();
    }

    private void Take(string what, JsonElement said)
    {
        lock (_lock)
        {
            if (what == "ended") _ends.Add(said.GetProperty("reason").GetInt32());
            else (what == "print" ? _printed : what == "alert" ? _alerts : _faults).Add(said.GetProperty("text").GetString()!);
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_lock) return [.. list];
    }

    private string Tail()
    {
        lock (_lock) return $"{string.Join('\n', _printed.TakeLast(30))}\n{_errors}";
    }

    // It is being written to.
    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
