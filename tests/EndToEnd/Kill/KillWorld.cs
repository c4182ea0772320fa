using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>
/// A host, a venue that keeps its book on disk, and two terminals that trade all the time: three streams on a netting account onto futures (and one of
/// them, halved, onto spot), two on a hedging account onto futures in hedge mode, which are synced at each start.
/// </summary>
internal sealed class KillWorld : IAsyncDisposable
{
    public const long Robot = 1001;

    private const int LongestPause = 100;

    private static readonly long[] s_netting = [Robot, 1002, 0];
    private static readonly long[] s_hedging = [2001, 0];
    private static readonly TerminalId s_hedgingId = new(6012345, "Test-Server");
    private static readonly (string Symbol, decimal Price)[] s_symbols = [("BTCUSD", 65_000m), ("ETHUSD", 3_200m)];

    private readonly Dictionary<long, (long Magic, string Symbol, decimal Lots)> _open = [];
    private readonly Relay _relay = new();
    private readonly Lock _lock = new();
    private readonly Random _random;
    private (string Netting, string Hedging) _secrets;
    private int _logins;

    private KillWorld(Service host, PaperVenue venue, int seed) => (Host, Venue, _random) = (host, venue, new Random(seed));

    public Service Host { get; }

    public PaperVenue Venue { get; }

    public Trader Netting { get; } = new(s_netting);

    public Trader Hedging { get; } = new(s_hedgingId, MarginMode.Hedging, s_hedging);

    public GoalBook Goals { get; } = new();

    /// <summary>Logins that the host granted so far.</summary>
    public int Logins => Volatile.Read(ref _logins);

    public int Deals => Netting.Tickets.Count + Hedging.Tickets.Count;

    /// <summary>What the terminals said to the host, by the port from which they did.</summary>
    public IReadOnlyDictionary<int, string> FeedLines => _relay.Said;

    /// <summary>Both terminals are live.</summary>
    public bool IsLive => Netting.IsLive && Hedging.IsLive;

    /// <summary>Host up, terminals live, baselines captured: what is dealt from now on is copied. Orders are valid for so many seconds.</summary>
    public static async Task<KillWorld> StartAsync(
        string folder, int seed, string? data = null, IReadOnlyDictionary<string, string>? hostEnvironment = null, IReadOnlyDictionary<string, string>? venueEnvironment = null,
        IReadOnlyList<string>? under = null, int validity = 1)
    {
        var venue = await PaperVenue.StartAsync(Path.Combine(folder, "venue"), environment: venueEnvironment);
        KillWorld? world = null;
        try
        {
            var host = Service.Of(data ?? Path.Combine(folder, "data"), hostEnvironment, under);
            world = new KillWorld(host, venue, seed);
            await host.StartAgainAsync(Connectors(venue.Address, validity));
            await world.ConnectAsync();
            return world;
        }
        catch
        {
            if (world is not null) await world.DisposeAsync();
            else await venue.DisposeAsync();
            throw;
        }
    }

    /// <summary>The host is up again, maybe elsewhere: lines lead there.</summary>
    public async Task UpAsync()
    {
        await Host.UpAsync();
        _relay.LeadTo(Host.Feed);
    }

    /// <summary>Both terminals die without a word; those that come in their place remember nothing.</summary>
    public async Task KillTerminalsAsync()
    {
        _relay.Cut();
        await ConnectTradersAsync(startedAnew: true);
    }

    /// <summary>The lines to the terminals break.</summary>
    public void CutLines() => _relay.Cut();

    /// <summary>Waits until both terminals said everything and the host stored it.</summary>
    public async Task AcknowledgedAsync()
    {
        await Netting.AcknowledgedAsync();
        await Hedging.AcknowledgedAsync();
    }

    /// <summary>Waits until both terminals are live.</summary>
    public async Task LiveAsync()
    {
        await Netting.LiveAsync();
        await Hedging.LiveAsync();
    }

    /// <summary>Deals, with small pauses, until the work is done.</summary>
    public async Task TradeWhileAsync(Func<Task> work)
    {
        using var stop = new CancellationTokenSource();
        var trading = TradeAsync(stop.Token);
        try
        {
            await work();
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            throw new InvalidOperationException($"{e.Message}\n{Netting.LastProblem}\n{Hedging.LastProblem}\n{Venue.Said}\n{Host.Said}", e);
        }
        finally
        {
            await stop.CancelAsync();
            await trading;
        }
    }

    /// <summary>One deal of any stream: grows, shrinks, goes flat, turns round.</summary>
    public void Deal()
    {
        lock (_lock)
        {
            if (_random.Next(3) == 0) DealHedging();
            else DealNetting();
        }
    }

    /// <summary>Everything that must hold now that all is quiet; the host must be up and is ended.</summary>
    public async Task<Figures> EndAsync()
    {
        await AcknowledgedAsync();
        var status = await Host.ConvergedAsync();
        (await Host.TerminateAsync()).ExitCode.ShouldBe(0);
        try
        {
            return await Inquest.HoldAsync(this);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{status}\n{Host.Said}", e);
        }
    }

    /// <summary>What the venue's journal of deals should be, by terminal.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Tickets => new Dictionary<string, IReadOnlyList<long>>(StringComparer.Ordinal)
    {
        [$"terminal/{Trader.Id}"] = Netting.Tickets,
        [$"terminal/{s_hedgingId}"] = Hedging.Tickets,
    };

    public async ValueTask DisposeAsync()
    {
        // The processes go first: a terminal that says goodbye to a stopped host would wait for it.
        await Host.DisposeAsync();
        await Venue.DisposeAsync();
        await _relay.DisposeAsync();
        await Netting.DisposeAsync();
        await Hedging.DisposeAsync();
    }

    private static object[] Connectors(Uri venue, int validity) =>
    [
        Timed(ConnectorSettings.Futures("main", venue, routes: [ConnectorSettings.Route(1m)]), validity),
        Timed(ConnectorSettings.Spot("half", venue, routes: [ConnectorSettings.Route(GoalBook.SpotMultiplier, Robot)]), validity),
        Timed(ConnectorSettings.Futures("hedge", venue, "hedge", [new { terminal = s_hedgingId.ToString(), magics = Array.Empty<long>(), multiplier = 1m }]), validity)
            .With("venueOptions", new { positionMode = "hedge" })
            .With("syncAtStartup", true),
    ];

    private static Dictionary<string, object?> Timed(Dictionary<string, object?> connector, int validity) =>
        connector.With("maxOrderResubmitTries", 100).With("orderTimeout", 1).With("orderValidity", validity);

    private async Task TradeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Deal();
            int pause;
            lock (_lock) pause = _random.Next(1, LongestPause);
            await Task.Delay(TimeSpan.FromMilliseconds(pause), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectAsync()
    {
        _relay.LeadTo(Host.Feed);
        _secrets = (await Host.AddClientAsync("netting"), await Host.AddClientAsync("hedging"));
        await Task.WhenAll(new[] { "main", "half", "hedge" }.Select(Host.RunningAsync));
        await ConnectTradersAsync(startedAnew: false);
        await LiveAsync();

        // A stream's first snapshot is what was there before; from here on every deal is to be copied, over every kill.
        var streams = s_netting.Select(m => ("main", Trader.Id, m)).Append(("half", Trader.Id, Robot)).Concat(s_hedging.Select(m => ("hedge", s_hedgingId.ToString(), m)));
        foreach (var (connector, terminal, magic) in streams) await Host.Running.SeesAsync($" {connector} .*{terminal}#{magic} held 0 symbols before");

        // And the ledger that a terminal which forgot everything goes on from.
        Deal();
        DealNetting();
        await AcknowledgedAsync();
    }

    private async Task ConnectTradersAsync(bool startedAnew)
    {
        await Netting.ConnectAnewAsync(Trader.Options(_relay.Port, "netting", _secrets.Netting, LoggedIn, startedAnew));
        await Hedging.ConnectAnewAsync(Trader.Options(_relay.Port, "hedging", _secrets.Hedging, LoggedIn, startedAnew));
    }

    private void LoggedIn() => Interlocked.Increment(ref _logins);

    private void DealNetting()
    {
        var (symbol, price) = s_symbols[_random.Next(s_symbols.Length)];
        var magic = s_netting[_random.Next(s_netting.Length)];
        var held = Netting.Net(magic, symbol);
        var lots = _random.Next(8) switch
        {
            0 when held != 0m => -held,
            1 when held != 0m => -2m * held,
            _ => Lots() * (held > 1m ? -1 : held < -1m ? 1 : _random.Next(2) == 0 ? 1 : -1),
        };
        Netting.Deal(magic, symbol, lots, price + _random.Next(-50, 50));
        Goals.Netting(magic, symbol, lots);
    }

    private void DealHedging()
    {
        var (symbol, price) = s_symbols[_random.Next(s_symbols.Length)];
        price += _random.Next(-50, 50);
        if (_open.Count > 0 && _random.Next(2) == 0)
        {
            var (id, held) = _open.ElementAt(_random.Next(_open.Count));
            var part = _random.Next(2) == 0 && Math.Abs(held.Lots) > GoalBook.Step ? GoalBook.Step * Math.Sign(held.Lots) : held.Lots;
            Hedging.Deal(held.Magic, held.Symbol, -part, price, id);
            Goals.Hedging(held.Symbol, held.Lots > 0m ? "long" : "short", -part);
            if (part == held.Lots) _open.Remove(id);
            else _open[id] = held with { Lots = held.Lots - part };
            return;
        }

        var magic = s_hedging[_random.Next(s_hedging.Length)];
        var lots = Lots() * (_random.Next(2) == 0 ? 1 : -1);
        _open[Hedging.Deal(magic, symbol, lots, price, closes: null)] = (magic, symbol, lots);
        Goals.Hedging(symbol, lots > 0m ? "long" : "short", lots);
    }

    private decimal Lots() => _random.Next(1, 30) / 100m;
}
