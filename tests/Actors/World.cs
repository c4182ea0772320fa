using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using CSMultiConnector.Actors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Storage.History;
using CSMultiConnector.Venues;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Matching;
using CSMultiConnector.Domain.Instruments;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Actors.Tests;

/// <summary>The real actors over a SQLite journal and an in-process Paper venue; terminals are played by the test.</summary>
public sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);
    private static long s_tags;

    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-actors").FullName;
    private readonly PaperExchange _exchange;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentDictionary<ConnectorId, GatewayScript> _scripts = [];
    private IHost? _host;
    private long _sessions;

    private World(PaperExchange exchange) => _exchange = exchange;

    public PaperExchange Exchange => _exchange;

    public string JournalFile => Path.Combine(_folder, "journal.db");

    /// <summary>The venue lists nothing on demand, as a real one.</summary>
    public bool OnlyListed { get; set; }

    /// <summary>Where the history goes; a test that sets it owns it.</summary>
    public HistoryStore? History { get; set; }

    /// <summary>The right to trade; null = nobody can take it.</summary>
    public IAccountLease? Lease { get; set; }

    public ConcurrentQueue<OrderSent> Sent { get; } = new();

    public GatewayScript Script(ConnectorId connector) => _scripts.GetOrAdd(connector, _ => new GatewayScript());

    public GatewayScript Script() => Script(Given.Paper);

    public IControlPlane Control => _host!.Services.GetRequiredService<IControlPlane>();

    /// <summary>A world whose venue exists before any connector does.</summary>
    public static World Create() => new(PaperExchange.Open(new PaperExchangeOptions { Time = TimeProvider.System }));

    public static async Task<World> StartAsync(params ConnectorSettings[] connectors)
    {
        var world = Create();
        await world.StartHostAsync(connectors);
        return world;
    }

    public async Task StartHostAsync(params ConnectorSettings[] connectors)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new Lines(_log));
        builder.Services.AddSingleton(TimeProvider.System);
        var tag = $"p{Interlocked.Increment(ref s_tags):00000}";
        var catalog = VenueCatalog.CreateDefault();
        var services = new VenueServices(TimeProvider.System, _exchange);
        builder.Services.AddConnectorActors(_ => new ActorsSetup(
            $"Data Source={JournalFile}", "SQLite.MS", "0.0.0", tag,
            settings => new WatchedGateway(catalog.Create(settings, null, services), settings.Id, Sent, Script(settings.Id), OnlyListed), History, Lease));
        _host = builder.Build();
        await _host.StartAsync();
        (await Control.ApplyConnectorsAsync([.. connectors], CancellationToken.None)).Ok.ShouldBeTrue();

        // What a terminal trades before a connector listens was there before it; tests begin when all listen.
        await UntilAsync(s => s.Connectors.Length == connectors.Length && s.Connectors.All(c => c.State != ConnectorState.Starting), "started");
    }

    public async Task StopHostAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
        _host = null;
    }

    public Task<Terminal> LoginAsync(params long[] magics) => LoginAsync(Given.Terminal, MarginMode.Netting, magics);

    public async Task<Terminal> LoginAsync(TerminalId id, MarginMode margin, params long[] magics)
    {
        var terminal = await TryLoginAsync(id, margin, stopOnCritical: false, magics);
        (terminal.Admission is SessionAdmission.Unavailable).ShouldBeFalse(Log);
        return terminal;
    }

    public async Task<Terminal> TryLoginAsync(TerminalId id, MarginMode margin, bool stopOnCritical, params long[] magics)
    {
        var terminal = new Terminal(Interlocked.Increment(ref _sessions));
        var login = new TerminalLogin(
            "tester", OrganizationId.Local, id, margin, "demo", "USD", 5000, "1.0", [.. magics.Order().Select(m => new Magic(m))], stopOnCritical, "default");
        terminal.Admission = await _host!.Services.GetRequiredService<ITerminalHub>().AdmitAsync(login, terminal, CancellationToken.None);
        return terminal;
    }

    /// <summary>Magic 7 logs in, holds nothing, and buys that much of BTCUSD; it is copied.</summary>
    public async Task<Terminal> CopiedAsync(decimal lots)
    {
        var terminal = await LoginAsync(7);
        terminal.Snapshot();
        terminal.Symbol("BTCUSD");
        terminal.Deal(1, 7, "BTCUSD", OrderSide.Buy, lots, lots);
        await UntilAsync(s => s.Converged && s.Connectors[0].Legs is [{ } leg] && leg.Actual.Value == lots, "copied");
        return terminal;
    }

    /// <summary>Magic 7 logs in and holds that.</summary>
    public async Task<Terminal> HoldingAsync(params (long Magic, string Symbol, decimal Net)[] positions)
    {
        var terminal = await LoginAsync(7);
        foreach (var symbol in positions.Select(p => p.Symbol).Distinct()) terminal.Symbol(symbol);
        terminal.Snapshot(positions);
        return terminal;
    }

    /// <summary>The host begins anew, and so does the terminal, which holds that.</summary>
    public async Task<Terminal> RestartAsync(ConnectorSettings settings, params (long Magic, string Symbol, decimal Net)[] positions)
    {
        await StopHostAsync();
        await StartHostAsync(settings);
        return await HoldingAsync(positions);
    }

    /// <summary>Waits until the status fulfils a condition; fails with the last status and the log.</summary>
    public async Task<HostStatus> UntilAsync(Func<HostStatus, bool> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        HostStatus? status = null;
        do
        {
            try
            {
                status = await Control.GetStatusAsync(CancellationToken.None);
                if (condition(status)) return status;
            }
            catch (AskTimeoutException)
            {
                // A busy machine: ask again.
            }

            await Task.Delay(s_pause, TimeProvider.System);
        }
        while (TimeProvider.System.GetElapsedTime(start) < s_patience);

        throw new TimeoutException($"Not reached: {what}.\n{(status is null ? "no status" : Describe(status))}\n{string.Join('\n', _log.TakeLast(40))}");
    }

    /// <summary>Waits for something that no status tells.</summary>
    public static async Task UntilAsync(Func<Task<bool>> reached, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException($"Not reached: {what}.");
            await Task.Delay(s_pause, TimeProvider.System);
        }
    }

    /// <summary>Lists an instrument of one-to-one contracts with steps of 0.01 and gives it a price.</summary>
    public async Task ListAsync(string symbol, decimal price = 100m, PaperProduct product = PaperProduct.Futures, InstrumentStatus status = InstrumentStatus.Trading, string quote = "USD")
    {
        var kind = product == PaperProduct.Spot ? ProductKind.Spot : ProductKind.Derivative;
        var instrument = new Instrument(
            new InstrumentId(symbol), kind, new AssetName(symbol[..3]), new AssetName(quote), 1m, 0.01m, 0.01m, null, 0m, 0.01m, status);
        (await _exchange.ListAsync(product, instrument, CancellationToken.None)).IsSuccess.ShouldBeTrue();
        (await _exchange.SetPriceAsync(product, instrument.Id, new Price(price), CancellationToken.None)).IsSuccess.ShouldBeTrue();
    }

    /// <summary>Trades by hand at the venue, behind the connector's back.</summary>
    public async Task TradeByHandAsync(string symbol, decimal signed, bool quiet = false, PaperProduct product = PaperProduct.Futures, PaperTradeKind kind = PaperTradeKind.ByHand)
    {
        var trade = new PaperTrade(
            kind, new InstrumentId(symbol), PositionSide.Net, signed > 0m ? OrderSide.Buy : OrderSide.Sell, new Contracts(Math.Abs(signed)), Quiet: quiet);
        var answer = await _exchange.TradeAsync(PaperAccountKey.Of(product, "main"), trade, CancellationToken.None);
        answer.IsSuccess.ShouldBeTrue(answer.Failure?.Text);
    }

    public async Task<decimal> HeldAsync(string name, PaperProduct product = PaperProduct.Futures, string account = "main") =>
        (await _exchange.HoldingsAsync(PaperAccountKey.Of(product, account), CancellationToken.None)).Value.FirstOrDefault(h => h.Name == name)?.Quantity.Value ?? 0m;

    /// <summary>Changes the journal's file while no host has it open.</summary>
    public void Sql(string text)
    {
        _host.ShouldBeNull("the journal is locked while a host runs");
        using var connection = new SqliteConnection($"Data Source={JournalFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    public string Log => string.Join('\n', _log);

    public Task<HostStatus> UntilConvergedAsync() => UntilAsync(s => s.Connectors.Length > 0 && s.Converged, "converged");

    public static string Describe(HostStatus s) => string.Join('\n', s.Connectors.Select(c =>
        $"{c.Connector} {c.State} {c.Text} busy={c.Busy} plan={c.Plan?.Id} unmapped={string.Join(',', c.Unmapped)}\n"
        + string.Join('\n', c.Legs.Select(l => $"  {l.Leg} target {l.Target} goal {l.Goal} actual {l.Actual} known {l.ActualKnown} {l.State} {l.Text} {l.Phase}"))));

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        await _exchange.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{DateTimeOffset.Now:HH:mm:ss.fff} {logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
