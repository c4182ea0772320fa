using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Local;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Host.Replay;

/// <summary>Plays a history through a real feed session onto Paper, or onto an account for trials.</summary>
internal sealed class ReplayRunner(RecordedHistory history, ReplayOptions options, TimeProvider time, TextWriter progress)
{
    private const string ConnectorName = "replay";

    // Without a pause for the journal, deals would pile up in the client's queue, which is bounded.
    private const int DealsBetweenAcknowledgements = 500;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DealPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(2);

    private readonly RecordedTerminal _recorded = new(history, options.ContractSizes);

    public async Task<(ReplaySummary? Summary, string Problem, int ExitCode)> RunAsync(string dataFolder, CancellationToken cancellation)
    {
        var plan = new HostPlan
        {
            Settings = LocalHosts.Settings(dataFolder),
            Connectors = [options.Trial?.Entry(Connector()) ?? new ConnectorEntry(Connector(), new CredentialsSource.NotGiven())],
            Check = (stores, token) => ReplayMark.CheckAsync(stores.Settings, options, token),
            Prepare = (stores, token) => PriceOpeningAsync(stores.Paper, token),
        };
        var start = await ConnectorHost.StartAsync(plan, time, cancellation);
        if (start.Host is not { } host) return (null, start.Problem, start.ExitCode);
        await using (host)
        {
            if (!await Settling.StartedAsync(host.Control, StartPatience, time, cancellation))
                return (null, await Settling.WhyNotStartedAsync(host, cancellation), ExitCodes.Failed);
            var (status, played) = await PlayAsync(host, cancellation);
            return (Summarise(status, played), "", ExitCodes.Ok);
        }
    }

    private async Task<(HostStatus Status, int Played)> PlayAsync(ConnectorHost host, CancellationToken cancellation)
    {
        var before = -1;
        await using var line = await LocalTerminal.ConnectAsync(
            host,
            "replay",
            _recorded.Terminal,
            async (resume, token) =>
            {
                // What the host has recorded was played by an earlier call: the terminal holds it already.
                if (before >= 0) return;
                before = Math.Max(_recorded.RecordedBy(resume), await RecordedAsync(host.Control, token));
                while (_recorded.Played < before) _recorded.Step();
            },
            time,
            cancellation);
        await line.WaitUntilLiveAsync(cancellation);
        if (before > 0) progress.WriteLine($"Going on after {before} of {history.Deals.Count} deals");
        // The startup sync comes first; a deal in its middle would only have to wait for it.
        await Settling.WaitAsync(host.Control, _recorded.Played, StartPatience, Settling.Quick, time, cancellation);
        var last = options.StopAfter is { } limit ? Math.Min(history.Deals.Count, before + limit) : history.Deals.Count;
        var shown = time.GetTimestamp();
        long? clock = null;
        var stepwise = options.Speed is null;
        while (_recorded.Played < last)
        {
            var deal = _recorded.Next!;
            if (options.Speed is { } speed && clock is { } earlier && deal.Time > earlier)
                await Task.Delay(TimeSpan.FromMilliseconds((double)((deal.Time - earlier) / speed)), time, cancellation);
            clock = deal.Time;
            if (deal.Price > 0m && options.Trial is null)
                await host.Stores.Paper.SetPriceAsync(PaperProduct.Futures, new InstrumentId(deal.Symbol.Value), new Price(deal.Price), cancellation);
            _recorded.Step();
            if (stepwise)
            {
                // As fast as possible, yet each deal is carried out before the next: else most would cancel out on the way to the venue.
                // A host that cannot carry one out (a leg faulted) is not waited for again and again.
                stepwise = (await Settling.WaitAsync(host.Control, _recorded.Played, DealPatience, Settling.Quick, time, cancellation)).Converged;
            }
            else if (_recorded.Played % DealsBetweenAcknowledgements == 0)
            {
                await line.WaitForAllAcknowledgedAsync(cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(shown) < ProgressPeriod) continue;
            progress.WriteLine($"{_recorded.Played} of {history.Deals.Count} deals");
            shown = time.GetTimestamp();
        }

        await line.WaitForAllAcknowledgedAsync(cancellation);
        var status = await Settling.WaitAsync(host.Control, _recorded.Played, options.Settle, Settling.Patient, time, cancellation);
        return (status, _recorded.Played - before);
    }

    // Deals are played in order, so their number says which they are, also where tickets do not grow with time.
    private async Task<int> RecordedAsync(IControlPlane control, CancellationToken cancellation)
    {
        var status = await control.GetStatusAsync(cancellation);
        return (int)Math.Min(history.Deals.Count, status.Terminals.Where(t => t.Terminal == _recorded.Terminal.Id).Sum(t => t.Deals));
    }

    // A position from before the history has no deal that would tell a price.
    private async Task PriceOpeningAsync(PaperExchange paper, CancellationToken cancellation)
    {
        if (options.Trial is not null) return;
        foreach (var facts in _recorded.Facts)
        {
            await paper.ListAsync(PaperProduct.Futures, facts, cancellation);
            if (history.OpeningPositions.LastOrDefault(p => p.Symbol == facts.Name) is { OpenPrice: > 0m } opening)
                await paper.SetPriceAsync(PaperProduct.Futures, new InstrumentId(facts.Name.Value), new Price(opening.OpenPrice), cancellation);
        }
    }

    private ConnectorSettings Connector() => new()
    {
        Id = new ConnectorId(ConnectorName),
        Name = $"Replay on {options.Trial?.Product.Name ?? "Paper"}",
        Tag = "",
        Venue = PaperProductNames.Futures,
        VenueOptions = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(
            "positionMode", history.Margin == MarginMode.Hedging ? "hedge" : "oneWay"),
        Routes = [new Domain.Connectors.Route(_recorded.Terminal.Id.ToString(), [], 1m)],
        Mapping = options.Mapping,
        AllowNetting = options.AllowNetting,
        SyncAtStartup = true,
        PlanFirst = false,
        PositionSyncPeriod = TimeSpan.Zero,
        GuardRails = new GuardRails { MaxOrdersPerMinute = LocalHosts.ManyOrders },
    };

    private ReplaySummary Summarise(HostStatus status, int played)
    {
        var terminal = _recorded.Terminal;
        var connector = status.Connectors.Single(c => c.Connector.Value == ConnectorName);
        var recorded = status.Terminals.Where(t => t.Terminal == terminal.Id).Sum(t => t.Deals);
        return new ReplaySummary(
            status.Converged && recorded == _recorded.Played,
            options.File,
            terminal.Id.ToString(),
            StatusMapping.Wire(history.Margin),
            recorded,
            played,
            history.Deals.Count - _recorded.Played,
            connector.Orders,
            PositionDto.Of(terminal),
            connector.ToDto().Legs,
            Problems.Of(status));
    }
}
