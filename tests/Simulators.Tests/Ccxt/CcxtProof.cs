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

/// <summary>
/// Runs the script once: ccxt as published, installed from its lock file into a folder under artifacts/ that later runs find again, against a simulator
/// on a free port. The tests look at its lines.
/// </summary>
public sealed class CcxtProof : IAsyncLifetime
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(10);

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
        CcxtPackage ccxt;
        try
        {
            ccxt = await CcxtPackage.InstallAsync();
        }
        catch (InvalidOperationException e)
        {
            Trouble = e.Message;
            return;
        }

        await using var simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { ControlPort = 0 }, TimeProvider.System);
        var arguments = new[]
        {
            Path.Combine(ccxt.Root, CcxtPackage.Scripts, "proof.mjs"), simulator.RestUrl, simulator.UsdmStreamUrl, simulator.Key.Key, simulator.Key.Secret, simulator.ControlUrl!, ccxt.Folder,
        };
        var (code, output, errors) = await NodeTools.RunAsync(ccxt.Node, arguments, ccxt.Folder, RunLimit);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith('{')) continue;
            using var step = JsonDocument.Parse(line);
            Steps[step.RootElement.GetProperty("step").GetString()!] = (step.RootElement.GetProperty("ok").GetBoolean(), step.RootElement.GetProperty("detail").GetString()!);
        }
        if (code != 0) Trouble = $"node ended with {code}: {errors}";
    }

    public Task DisposeAsync() => Task.CompletedTask;
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
