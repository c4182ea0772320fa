using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSMultiConnector.Actors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Venues;
using CSMultiConnector.Venues.Paper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Actors.Tests;

/// <summary>The real actors over a SQLite journal and an in-process Paper venue; terminals are played by the test.</summary>
public sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static long s_tags;

    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-actors").FullName;
    private readonly PaperExchange _exchange;
    private readonly ConcurrentQueue<string> _log = new();
    private IHost? _host;
    private long _sessions;

    private World(PaperExchange exchange) => _exchange = exchange;

    public PaperExchange Exchange => _exchange;

    public ConcurrentQueue<OrderSent> Sent { get; } = new();

    public IControlPlane Control => _host!.Services.GetRequiredService<IControlPlane>();

    public static async Task<World> StartAsync(params ConnectorSettings[] connectors)
    {
        var world = new World(PaperExchange.Open(new PaperExchangeOptions { Time = TimeProvider.System }));
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
            $"Data Source={Path.Combine(_folder, "journal.db")}", "SQLite.MS", "0.0.0", tag,
            settings => new WatchedGateway(catalog.Create(settings, null, services), settings.Id, Sent), null));
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

    public async Task<Terminal> LoginAsync(TerminalId id, MarginMode margin, params long[] magics)
    {
        var terminal = new Terminal(Interlocked.Increment(ref _sessions));
        var login = new TerminalLogin(
            "tester", OrganizationId.Local, id, margin, "demo", "USD", 5000, "1.0", [.. magics.Order().Select(m => new Magic(m))], terminal.WantsStop, "default");
        terminal.Admission = await _host!.Services.GetRequiredService<ITerminalHub>().AdmitAsync(login, terminal, CancellationToken.None);
        (terminal.Admission is SessionAdmission.Unavailable).ShouldBeFalse(Log);
        return terminal;
    }

    /// <summary>Waits until the status fulfils a condition; fails with the last status and the log.</summary>
    public async Task<HostStatus> UntilAsync(Func<HostStatus, bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        HostStatus? status = null;
        while (!deadline.IsCancellationRequested)
        {
            status = await Control.GetStatusAsync(CancellationToken.None);
            if (condition(status)) return status;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new TimeoutException($"Not reached: {what}.\n{Describe(status!)}\n{string.Join('\n', _log.TakeLast(40))}");
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

public sealed record OrderSent(ConnectorId Connector, Domain.Orders.OrderRequest Order);

/// <summary>A terminal's session as the test plays it.</summary>
public sealed class Terminal(long sessionId) : ITerminalSession
{
    private readonly ConcurrentQueue<HostMessage> _said = new();
    private long _seq;

    public long SessionId => sessionId;

    public bool WantsStop { get; init; }

    public SessionAdmission Admission { get; set; } = null!;

    public long Acknowledged { get; private set; }

    public string? ClosedWith { get; private set; }

    public IReadOnlyCollection<HostMessage> Said => _said;

    private ITerminalIntake Intake => ((SessionAdmission.Admitted)Admission).Intake;

    public long Symbol(string name, decimal contractSize = 1m, string quote = "USD", decimal step = 0.01m) => Say(seq => new SymbolReported(
        seq, new SymbolFacts(new SymbolName(name), contractSize, new Lots(step), new Lots(step), name[..3], quote, quote, 2, "FOREX", "", "")));

    public long Deal(long ticket, long magic, string symbol, OrderSide side, decimal lots, decimal levelNet, decimal price = 100m) => Say(seq => new DealReported(
        seq,
        new Magic(magic),
        new Deal(ticket, ticket, 0, new Magic(magic), new SymbolName(symbol), side, DealEntry.In, new Lots(lots), price, 1_700_000_000_000 + ticket, DealReason.Expert, 0m, ""),
        Level.OfNet(new Lots(levelNet)),
        1_700_000_000_000 + ticket));

    public long Snapshot(params (long Magic, string Symbol, decimal Net)[] positions) => Say(seq => new SnapshotReported(
        seq,
        [.. positions.Select(p => new ResumePosition(new Magic(p.Magic), new SymbolName(p.Symbol), Level.OfNet(new Lots(p.Net))))],
        positions.GroupBy(p => p.Symbol).ToDictionary(g => new SymbolName(g.Key), g => Level.OfNet(new Lots(g.Sum(p => p.Net)))),
        0, 0, 0));

    public long HedgeSnapshot(params (long Magic, string Symbol, decimal Long, decimal Short)[] positions) => Say(seq => new SnapshotReported(
        seq,
        [.. positions.Select(p => new ResumePosition(new Magic(p.Magic), new SymbolName(p.Symbol), new Level(new Lots(p.Long), new Lots(p.Short))))],
        positions.ToDictionary(p => new SymbolName(p.Symbol), p => new Level(new Lots(p.Long), new Lots(p.Short))),
        0, 0, 0));

    public long Press(string id, string? connector, bool pause) => Say(seq => new PauseRequested(seq, id, connector, pause));

    public void End() => Intake.Closed("test");

    void ITerminalSession.Acknowledge(long seq) => Acknowledged = Math.Max(Acknowledged, seq);

    void ITerminalSession.Send(HostMessage message) => _said.Enqueue(message);

    void ITerminalSession.Close(string reason) => ClosedWith = reason;

    private long Say(Func<long, FeedMessage> make)
    {
        var seq = ++_seq;
        Intake.Receive(make(seq));
        return seq;
    }
}
