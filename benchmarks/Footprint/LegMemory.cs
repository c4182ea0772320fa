using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Actors;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.World;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Benchmarks.Footprint;

/// <summary>
/// What a leg takes of the managed heap after a full collection: the real actors over a SQLite journal in this process, so that the heap can be
/// asked. Levels are told to the hub directly; the venue fills at once and remembers next to nothing.
/// </summary>
internal static class LegMemory
{
    private const int Symbols = 20;

    public static async Task MeasureAsync(Report report, int connectors, bool rest)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Data);
        ImmutableArray<Instrument> instruments = [.. Enumerable.Range(0, Symbols).Select(i => StillVenue.Instrument(Settings.Symbol(i)))];
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging(l => l.ClearProviders());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddConnectorActors(_ => new ActorsSetup(
            $"Data Source={Path.Combine(folder.Data, "journal.db")}", "SQLite.MS", "0.0.0", "bench0", s => new StillVenue(s.Id.Value, instruments), History: null));
        using var host = builder.Build();
        await host.StartAsync();
        var control = host.Services.GetRequiredService<IControlPlane>();

        var empty = Heap();
        var settings = Enumerable.Range(0, connectors).Select(i => new ConnectorSettings
        {
            Id = new ConnectorId($"c{i}"),
            Name = $"c{i}",
            Tag = Tag(i),
            Venue = "paper-futures",
            Account = $"c{i}",
            Routes = [new Route(Settings.Terminal.ToString(), [Settings.Magic.Value], 1m)],
            PlanFirst = false,
        });
        await control.ApplyConnectorsAsync([.. settings], CancellationToken.None);
        await UntilAsync(control, s => s.Connectors.Length == connectors && s.Connectors.All(c => c.State == ConnectorState.Running));
        var session = new Session();
        var login = new TerminalLogin(
            "bench", OrganizationId.Local, Settings.Terminal, MarginMode.Netting, "demo", "USD", 5000, "1.0.0", [Settings.Magic], false, "");
        var admitted = (SessionAdmission.Admitted)await host.Services.GetRequiredService<ITerminalHub>().AdmitAsync(login, session, CancellationToken.None);
        var seq = 0L;
        for (var i = 0; i < Symbols; i++) admitted.Intake.Receive(new SymbolReported(++seq, Settings.Symbol(i)));
        admitted.Intake.Receive(new SnapshotReported(++seq, [], new Dictionary<SymbolName, Level>(), 0, 0, 0));
        await UntilAsync(control, s => s.Converged);
        var withConnectors = Heap();
        report.Add($"{connectors} connectors without legs", (withConnectors - empty) / 1024.0 / connectors, "KiB a connector");

        Trade(OrderSide.Buy, Level.OfNet(new Lots(0.01m)));
        var legs = connectors * Symbols;
        await UntilAsync(control, s => s.Converged && s.Connectors.Sum(c => c.Legs.Length) == legs && s.Connectors.All(c => c.Legs.All(l => l.Orders == 1)));
        report.Add($"{connectors} × {Symbols} legs, each with a position", (Heap() - withConnectors) / 1024.0 / legs, "KiB a leg");

        Trade(OrderSide.Sell, Level.Flat);
        await UntilAsync(control, s => s.Converged && s.Connectors.All(c => c.Legs.All(l => l.Orders == 2)));
        report.Add($"{connectors} × {Symbols} legs, flat, awake", (Heap() - withConnectors) / 1024.0 / legs, "KiB a leg");
        if (rest)
        {
            // Ten minutes at rest and a look each minute.
            await Task.Delay(TimeSpan.FromMinutes(12.5));
            report.Add($"{connectors} × {Symbols} legs, flat, laid to rest", (Heap() - withConnectors) / 1024.0 / legs, "KiB a leg");
        }

        GC.KeepAlive(session);
        await host.StopAsync();

        void Trade(OrderSide side, Level level)
        {
            for (var i = 0; i < Symbols; i++)
            {
                var deal = new Deal(
                    1_000 + seq, 1, 1, Settings.Magic, Settings.Symbol(i).Name, side, side == OrderSide.Buy ? DealEntry.In : DealEntry.Out,
                    new Lots(0.01m), 100.25m, 1_000 + seq, DealReason.Expert, 0m, "");
                admitted.Intake.Receive(new DealReported(++seq, Settings.Magic, deal, level, deal.Time));
            }
        }
    }

    private static string Tag(int i) => i.ToString("x4", CultureInfo.InvariantCulture);

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task UntilAsync(IControlPlane control, Func<HostStatus, bool> right)
    {
        while (true)
        {
            try
            {
                if (right(await control.GetStatusAsync(CancellationToken.None))) return;
            }
            catch (Akka.Actor.AskTimeoutException)
            {
                // A thousand connectors that start at the same time have better things to do than to answer.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private sealed class Session : ITerminalSession
    {
        public long SessionId => 1;

        public void Acknowledge(long seq)
        {
        }

        public void Send(HostMessage message)
        {
        }

        public void Close(string reason)
        {
        }
    }
}
