using System.Text.Json;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Simulators.Binance;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.EndToEnd.Tests.Binance;

/// <summary>The simulator of the venue, in this process, for hosts in others.</summary>
internal sealed class BinanceVenue : IAsyncDisposable
{
    public const string Spot = "binance-spot";
    public const string Usdm = "binance-usdm";

    private const string Variable = "CSMC_TRIAL_CREDENTIALS";

    private BinanceVenue(BinanceSimulator simulator) => Simulator = simulator;

    public BinanceSimulator Simulator { get; }

    /// <summary>What a host is started with: ports, and the key as a variable.</summary>
    public Dictionary<string, string> Environment(int feed = 0)
    {
        var variables = Service.Ports(feed);
        variables[Variable] = JsonSerializer.Serialize(new { apiKey = Simulator.Key.Key, secret = Simulator.Key.Secret });
        return variables;
    }

    public static async Task<BinanceVenue> StartAsync(bool hedge = false) =>
        new(await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { HedgeMode = hedge }, TimeProvider.System));

    /// <summary>One product's side.</summary>
    public ProductControl Control(string product) => product == Spot ? Simulator.Spot : Simulator.Usdm;

    /// <summary>Orders of the connector, oldest first.</summary>
    public IReadOnlyList<SimOrder> Orders(string product) => [.. Control(product).Orders.Where(o => ClientOrderId.IsValid(o.ClientId))];

    /// <summary>The same as a person would say them.</summary>
    public IEnumerable<string> Said(string product) => Orders(product).Select(o => FormattableString.Invariant($"{(o.Buy ? "buy" : "sell")} {o.Executed:0.########} {o.Symbol}"));

    /// <summary>What is held: a position, or on spot the base of a pair with USDT.</summary>
    public decimal Held(string product, string instrument, string side = "BOTH") => product == Usdm
        ? Simulator.Usdm.PositionOf(instrument, side)
        : Simulator.Spot.Balances.GetValueOrDefault(instrument[..^"USDT".Length]).Free;

    /// <summary>How far a leg may be from its goal: a lot step, or on spot what is below the smallest notional (fees are taken from what was bought).</summary>
    public decimal Tolerance(string product, string instrument) => product == Usdm
        ? Simulator.Usdm.Symbol(instrument).Step
        : Simulator.Spot.Symbol(instrument).MinNotional / Simulator.Options.Prices[instrument] + Simulator.Spot.Symbol(instrument).Step;

    /// <summary>A service with a connector to this venue that is up, and a terminal at it.</summary>
    public async Task<Service> ServeAsync(Folder folder, Dictionary<string, object?> connector, Trader trader, int feed = 0)
    {
        var service = await Service.StartAsync(folder["data"], [connector], Environment(feed));
        await service.ConnectAsync(trader);
        await service.RunningAsync("binance");
        return service;
    }

    /// <summary>A connector as a user writes it.</summary>
    public Dictionary<string, object?> Connector(string product) => new(StringComparer.Ordinal)
    {
        ["id"] = "binance",
        ["name"] = "On the simulator",
        ["venue"] = product,
        ["apiUrl"] = Simulator.RestUrl,
        ["credentialsFrom"] = $"env:{Variable}",
        ["routes"] = new[] { ConnectorSettings.Route(1m) },
        ["planFirst"] = false,
        ["positionSyncPeriod"] = 0,
        ["reconnectionInterval"] = 1,
        ["venueOptions"] = new { quietPeriod = "00:00:00.2", visibilityDelay = "00:00:01", answerTimeout = "00:00:03" },
    };

    /// <summary>Nobody reaches the venue any more, until told otherwise.</summary>
    public async Task GoAwayAsync(string product)
    {
        var control = Control(product);
        control.RefuseStreams = true;
        control.Script(new Fault { Match = "*", Executed = false, Ending = FaultEnding.Reset, Times = 0 });
        await control.KickStreamsAsync();
    }

    public void ComeBack(string product)
    {
        Control(product).ClearFaults();
        Control(product).RefuseStreams = false;
    }

    public ValueTask DisposeAsync() => Simulator.DisposeAsync();
}
