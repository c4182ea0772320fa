using System.Text;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>A terminal with its client, on a netting account unless told otherwise; deals are made by the test.</summary>
internal sealed class Trader : IAsyncDisposable
{
    public const string Id = "5012345@Test-Server";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly SimulatedTerminal _terminal;
    private CancellationTokenSource _stop = new();
    private TerminalClient? _client;
    private Task<TerminalClientEnd>? _running;
    private long _ticket = 700_000;

    public Trader(params long[] magics)
        : this(new TerminalId(5012345, "Test-Server"), MarginMode.Netting, magics)
    {
    }

    public Trader(TerminalId id, MarginMode margin, params long[] magics)
    {
        _terminal = new SimulatedTerminal(id, margin, [.. magics.Select(m => new Magic(m))]);
        foreach (var (name, asset) in new[] { ("BTCUSD", "BTC"), ("ETHUSD", "ETH") })
        {
            _terminal.Describe(new SymbolFacts(
                new SymbolName(name), 1m, new Lots(0.01m), new Lots(0.01m), asset, "USD", "USD", 2, "SYMBOL_CALC_MODE_CFD", name, name));
        }
    }

    /// <summary>Why the last session ended; null = none has.</summary>
    public string? LastProblem => _client?.LastProblem;

    /// <summary>The host knows all levels.</summary>
    public bool IsLive => _client?.IsLive ?? false;

    /// <summary>Tickets of the deals made so far.</summary>
    public List<long> Tickets { get; } = [];

    /// <summary>Begins to connect; goes on until the trader is disposed.</summary>
    public void Connect(TerminalClientOptions options)
    {
        _client = new TerminalClient(options, _terminal, TimeProvider.System, NullLogger<TerminalClient>.Instance);
        _running = _client.RunAsync(_stop.Token);
    }

    /// <summary>The client begins anew, as an Expert Advisor does that is taken off the chart and put back.</summary>
    public async Task ConnectAnewAsync(TerminalClientOptions options)
    {
        await DisposeAsync();
        _stop = new CancellationTokenSource();
        Connect(options);
    }

    /// <summary>A client that tries again soon.</summary>
    /// <param name="port">The host's feed.</param>
    /// <param name="client">The client's id.</param>
    /// <param name="secret">Its secret.</param>
    /// <param name="loggedIn">Called after each login, before anything is sent.</param>
    /// <param name="startedAnew">It goes on from the host's ledger, as an Expert Advisor that remembers nothing.</param>
    public static TerminalClientOptions Options(int port, string client, string secret, Action? loggedIn = null, bool startedAnew = false) => new()
    {
        Port = port,
        ClientId = client,
        Secret = Encoding.UTF8.GetBytes(secret),
        FirstReconnectDelay = TimeSpan.FromMilliseconds(50),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(100),
        TakeHostLedger = startedAnew,
        OnResume = (_, _) =>
        {
            loggedIn?.Invoke();
            return ValueTask.CompletedTask;
        },
    };

    /// <summary>One deal of a stream on a netting account; lots below zero sell.</summary>
    public long Deal(long magic, string symbol, decimal lots, decimal price)
    {
        var net = _terminal.Read().Totals.GetValueOrDefault(new SymbolName(symbol)).Net.Value;
        var entry = net == 0m || Math.Sign(net) == Math.Sign(lots) ? DealEntry.In : Math.Abs(lots) <= Math.Abs(net) ? DealEntry.Out : DealEntry.InOut;
        return Deal(magic, symbol, lots, price, entry, position: 1);
    }

    /// <summary>One deal of a hedging account: opens a position of its own, or closes (a part of) the one with this id.</summary>
    /// <returns>The deal's ticket; a position that it opened has this number as its id.</returns>
    public long Deal(long magic, string symbol, decimal lots, decimal price, long? closes) =>
        Deal(magic, symbol, lots, price, closes is null ? DealEntry.In : DealEntry.Out, closes);

    /// <summary>What a stream holds.</summary>
    public decimal Net(long magic, string symbol) => _terminal.LevelOf(new Magic(magic), new SymbolName(symbol)).Net.Value;

    public async Task LiveAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _client!.WaitUntilLiveAsync(patience.Token);
    }

    /// <summary>Waits until the host has stored everything so far, over as many sessions as it takes.</summary>
    public async Task AcknowledgedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _client!.WaitForAllAcknowledgedAsync(patience.Token);
    }

    /// <summary>Waits until the client ends by itself or, stopped here, at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_running is not null) await _running;
        _stop.Dispose();
    }

    private long Deal(long magic, string symbol, decimal lots, decimal price, DealEntry entry, long? position)
    {
        var ticket = ++_ticket;
        _terminal.Apply(new Deal(
            ticket, ticket + 1_000_000, position ?? ticket, new Magic(magic), new SymbolName(symbol), lots > 0m ? OrderSide.Buy : OrderSide.Sell, entry, new Lots(Math.Abs(lots)), price,
            TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), magic == 0 ? DealReason.Client : DealReason.Expert, 0m, ""));
        Tickets.Add(ticket);
        return ticket;
    }
}
