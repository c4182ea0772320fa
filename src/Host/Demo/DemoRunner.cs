using System.Text.Json;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Local;
using CSMultiConnector.Host.Replay;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Storage.History;

namespace CSMultiConnector.Host.Demo;

/// <summary>A whole host in this process, fed by a simulated terminal over the real feed, trading on Paper.</summary>
internal sealed class DemoRunner(DemoOptions options, TimeProvider time, IDemoScreen screen)
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenDeals = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan BetweenPictures = TimeSpan.FromMilliseconds(500);

    private readonly LatencyMeter _meter = new(time);
    private readonly DemoMarket _market = new(options.Trial);
    private readonly SimulatedTerminal _terminal = Open(options.Trial);

    public async Task<(DemoSummary? Summary, string Problem, int ExitCode)> RunAsync(string dataFolder, CancellationToken cancellation)
    {
        var plan = new HostPlan
        {
            Settings = LocalHosts.Settings(dataFolder),
            Connectors = [.. _market.Connectors],
            Prepare = (stores, token) => _market.OpenAsync(stores.Paper, token),
            Watch = (_, gateway) => _meter.Watch(gateway),
        };
        var start = await ConnectorHost.StartAsync(plan, time, cancellation);
        if (start.Host is not { } host) return (null, start.Problem, start.ExitCode);
        await using (host)
        {
            await using var line = await LocalTerminal.ConnectAsync(host, "demo", _terminal, null, time, cancellation);
            await line.WaitUntilLiveAsync(cancellation);
            if (!await Settling.StartedAsync(host.Control, StartPatience, time, cancellation))
                return (null, await Settling.WhyNotStartedAsync(host, cancellation), ExitCodes.Failed);
            await Settling.WaitAsync(host.Control, 0, StartPatience, Settling.Quick, time, cancellation);
            var trader = new DemoTrader(_terminal, _market.Symbols, options.Seed);
            using var stopPictures = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var pictures = ShowAsync(host.Control, stopPictures.Token);
            await TradeAsync(host, trader, cancellation);
            await line.WaitForAllAcknowledgedAsync(cancellation);
            var status = await Settling.WaitAsync(host.Control, trader.Deals, options.Settle, Settling.Patient, time, cancellation);
            await stopPictures.CancelAsync();
            await pictures;
            screen.Show(status);
            return (await SummariseAsync(host, trader, status, cancellation), "", ExitCodes.Ok);
        }
    }

    // How many deals there are follows from the time alone, so that the same seed ends with the same positions.
    private async Task TradeAsync(ConnectorHost host, DemoTrader trader, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var count = Math.Max(1, (long)(options.For / BetweenDeals));
        for (var i = 0L; i < count; i++)
        {
            var due = (BetweenDeals * i) - time.GetElapsedTime(start);
            if (due > TimeSpan.Zero) await Task.Delay(due, time, cancellation);
            var (deal, symbol) = trader.Next(time.GetUtcNow());
            await _market.SetPriceAsync(host.Stores.Paper, symbol, deal.Price, cancellation);
            _meter.Dealt(deal.Ticket);
            trader.Make(deal);
        }
    }

    private async Task ShowAsync(IControlPlane control, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                screen.Show(await control.GetStatusAsync(cancellation));
                await Task.Delay(BetweenPictures, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The last picture is shown by whoever ended this.
        }
    }

    private async Task<DemoSummary> SummariseAsync(ConnectorHost host, DemoTrader trader, HostStatus status, CancellationToken cancellation)
    {
        var mine = status.Terminals.Single(t => t.Terminal == DemoMarket.Terminal);
        return new DemoSummary(
            status.Converged && mine.Deals == trader.Deals,
            mine.Deals,
            status.Connectors.Sum(c => c.Orders),
            DemoMarket.Streams.Length,
            [.. mine.Streams.Where(s => s.Magic != Magic.Unattributed).Select(s => new DemoStreamDto(s.Magic.Value, s.Deals))],
            PositionDto.Of(_terminal),
            [.. status.Connectors.SelectMany(c => c.ToDto().Legs)],
            _meter.Evaluate(await OrdersAsync(host.Stores.History, cancellation)),
            options.For.TotalSeconds,
            options.Seed,
            Problems.Of(status));
    }

    // The journal says which deals stood behind an order.
    private static async Task<List<(ClientOrderId Order, long NewestDeal)>> OrdersAsync(HistoryStore history, CancellationToken cancellation)
    {
        await history.FlushAsync(cancellation);
        var orders = new List<(ClientOrderId, long)>();
        var newest = new Dictionary<(ConnectorId?, LegId?), long>();
        for (long? after = 0; ;)
        {
            var page = await history.QueryAsync(new HistoryQuery { Kinds = [HistoryText.Intent], AfterId = after, Limit = HistoryQuery.MaxLimit }, cancellation);
            foreach (var entry in page.Entries)
            {
                var intent = JsonSerializer.Deserialize<IntentDecided>(entry.Data!, JournalJson.Options)!.Intent;
                var ticket = intent.Reason.Contributions.SelectMany(c => c.Tickets).DefaultIfEmpty().Max();

                // An order after the first one for the same newest deal finishes that one; it follows no deal of its own.
                if (ticket > newest.GetValueOrDefault((entry.Connector, entry.Leg))) orders.Add((intent.Order.ClientOrderId, ticket));
                newest[(entry.Connector, entry.Leg)] = ticket;
            }

            if (!page.More) return orders;
            after = page.Entries[^1].Id;
        }
    }

    private static SimulatedTerminal Open(TrialVenue? trial)
    {
        var terminal = new SimulatedTerminal(DemoMarket.Terminal, MarginMode.Netting, DemoMarket.Streams);
        foreach (var (facts, _, _) in new DemoMarket(trial).Symbols) terminal.Describe(facts);
        return terminal;
    }
}
