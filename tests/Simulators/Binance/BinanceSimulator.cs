using CSMultiConnector.Simulators.Binance.Spot;
using CSMultiConnector.Simulators.Binance.Usdm;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>
/// Binance spot and USD-M on the loopback address: one account for both products, strict about everything that a client can do wrong. Addresses for
/// clients, keys, and the control objects that a test plays the venue with.
/// </summary>
public sealed class BinanceSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly SimulatedClock _clock;
    private readonly SpotExchange _spot;
    private readonly UsdmExchange _usdm;
    private LoopbackServer? _server;
    private LoopbackServer? _controlServer;

    private BinanceSimulator(BinanceSimulatorOptions options, TimeProvider time)
    {
        Options = options;
        _clock = new SimulatedClock(time);
        _spot = new SpotExchange(options, _clock, _stopping.Token);
        _usdm = new UsdmExchange(options, _clock, _stopping.Token);
        Spot = new SpotControl(_spot);
        Usdm = new UsdmControl(_usdm);
    }

    /// <summary>As it was started.</summary>
    public BinanceSimulatorOptions Options { get; }

    /// <summary>Plays the venue, spot.</summary>
    public SpotControl Spot { get; }

    /// <summary>Plays the venue, USD-M.</summary>
    public UsdmControl Usdm { get; }

    /// <summary>The first key of the account.</summary>
    public BinanceKey Key => Options.Keys[0];

    /// <summary>REST of both products, without a trailing slash: paths begin with /api, /sapi or /fapi.</summary>
    public string RestUrl => $"http://127.0.0.1:{_server!.Port}";

    /// <summary>The spot WebSocket API.</summary>
    public string SpotWsApiUrl => $"ws://127.0.0.1:{_server!.Port}/ws-api/v3";

    /// <summary>USD-M streams: /private/ws?listenKey= or /private/stream is appended.</summary>
    public string UsdmStreamUrl => $"ws://127.0.0.1:{_server!.Port}";

    /// <summary>The USD-M WebSocket API.</summary>
    public string UsdmWsApiUrl => $"ws://127.0.0.1:{_server!.Port}/ws-fapi/v1";

    /// <summary>The HTTP control interface, if one was asked for.</summary>
    public string? ControlUrl => _controlServer is null ? null : $"http://127.0.0.1:{_controlServer.Port}";

    /// <summary>How far the venue's clock is from the injected time, both products.</summary>
    public TimeSpan ClockOffset
    {
        get => _clock.Offset;
        set => _clock.Offset = value;
    }

    /// <summary>Starts listening; everything is in place when this returns.</summary>
    public static async Task<BinanceSimulator> StartAsync(BinanceSimulatorOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var simulator = new BinanceSimulator(options, time);
        try
        {
            simulator._server = await LoopbackServer.StartAsync(options.Port, new HttpFront(simulator._spot, simulator._usdm, simulator._stopping.Token).HandleAsync, cancellationToken);
            if (options.ControlPort is { } port)
                simulator._controlServer = await LoopbackServer.StartAsync(port, new ControlApi(simulator).HandleAsync, cancellationToken);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new price in the books of both products, bid and ask alike.</summary>
    public void SetPrice(string symbol, decimal price)
    {
        Spot.SetPrice(symbol, price);
        Usdm.SetPrice(symbol, price);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_controlServer is not null) await _controlServer.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _stopping.Dispose();
    }
}
