using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Feeds.Client;
using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>
/// Everything at random from one seed (CSMC_KILL_SEED takes it back): two accounts trade while lines break, the host is killed, terminals go offline and
/// come back half loaded, and Expert Advisors come and go. Then the faults stop, and everybody has to agree.
/// </summary>
public sealed class RandomTradingTests(ITestOutputHelper output)
{
    private const int Steps = 90;

    private static readonly Desk s_hedging = new(5600001, "hedging", 1001, 1002);
    private static readonly Desk s_netting = new(5600002, "netting", 1001, 1002, 1003);

    [MachineFact(Needs = Tools.Compiler)]
    public async Task After_any_history_the_host_holds_what_the_terminals_hold_and_the_venue_follows()
    {
        var seed = Chance.Seed();
        output.WriteLine($"{Chance.SeedVariable}={seed}");
        await using var world = await EaWorld.StartAsync(s_hedging, s_netting);
        await using var relay = new Relay();
        relay.LeadTo(world.Host.Feed);
        await using var hedging = await world.AttachedAsync(s_hedging, relay.Port, seed);
        await using var netting = await world.AttachedAsync(s_netting, relay.Port, seed + 1);
        try
        {
            var play = new Play(world, relay, [hedging, netting], new Random(seed));
            for (var step = 0; step < Steps; step++) await play.StepAsync();
            await play.CalmAsync();

            await AgreeAsync(world, s_hedging, (await hedging.BookAsync()).Streams);
            await AgreeAsync(world, s_netting, Replayed((await netting.BookAsync()).Deals));
            var deals = await RecordedAsync(world, (await hedging.BookAsync()).Deals, (await netting.BookAsync()).Deals);
            await hedging.RemoveAsync();
            await netting.RemoveAsync();
            await world.AuditAsync([s_hedging, s_netting], deals);
            output.WriteLine($"{deals.Count} deals; {play.Told}");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{Chance.SeedVariable}={seed}: {e.Message}\n{hedging.LogText}\n{netting.LogText}\n{world.Host.Said}", e);
        }
    }

    // The host's levels are the server's, and the venue holds the listed streams' sum.
    private static async Task AgreeAsync(EaWorld world, Desk desk, IReadOnlyDictionary<(long Magic, string Symbol), (decimal Long, decimal Short)> truth)
    {
        var wanted = truth.Where(t => (desk.Magics.Contains(t.Key.Magic) || !desk.IsHedging) && t.Value != (0m, 0m)).ToDictionary(t => t.Key, t => t.Value);
        var told = await world.TerminalAsync(desk, t => t.GetProperty("synchronised").GetBoolean() && Same(EaWorld.Streams(t), wanted), $"holds {string.Join(", ", wanted)}");
        told.GetProperty("connected").GetBoolean().ShouldBeTrue();
        var listed = wanted.Where(w => desk.Magics.Contains(w.Key.Magic)).GroupBy(w => w.Key.Symbol)
            .Select(g => (Symbol: g.Key, Long: g.Sum(w => w.Value.Long), Short: g.Sum(w => w.Value.Short)));
        var held = desk.IsHedging
            ? listed.SelectMany(l => new[] { (l.Symbol, "long", l.Long), (l.Symbol, "short", -l.Short) })
            : listed.Select(l => (l.Symbol, "net", l.Long - l.Short));
        await world.HoldsAsync(desk, [.. held.Where(h => h.Item3 != 0m)]);
    }

    private static bool Same(Dictionary<(long, string), (decimal, decimal)> seen, Dictionary<(long, string), (decimal, decimal)> wanted) =>
        seen.Count == wanted.Count && wanted.All(w => seen.TryGetValue(w.Key, out var level) && level == w.Value);

    // A netting account's streams by the host's own policy, from every deal in its true order.
    private static Dictionary<(long Magic, string Symbol), (decimal Long, decimal Short)> Replayed(IReadOnlyList<ServerDeal> deals)
    {
        var terminal = Terminal();
        foreach (var deal in deals) terminal.Apply(DealOf(deal));
        return terminal.Read().Levels.Where(l => !l.Level.IsFlat)
            .ToDictionary(l => (l.Stream.Value, l.Symbol.Value), l => (l.Level.Long.Value, l.Level.Short.Value));
    }

    // A deal has a line when it changed a listed stream.
    private static async Task<IReadOnlyList<long>> RecordedAsync(EaWorld world, IReadOnlyList<ServerDeal> hedging, IReadOnlyList<ServerDeal> netting)
    {
        var openers = hedging.Where(d => d.Entry == "in").ToDictionary(d => d.Position, d => d.Magic);
        var ofHedging = hedging.Where(d => s_hedging.Magics.Contains(openers[d.Position])).Select(d => d.Ticket).ToArray();
        var terminal = Terminal();
        var ofNetting = netting.Where(d => terminal.Apply(DealOf(d)).Any(c => s_netting.Magics.Contains(c.Stream.Value))).Select(d => d.Ticket).ToArray();
        await world.TerminalAsync(s_hedging, t => t.GetProperty("deals").GetInt64() == ofHedging.Length, $"has {ofHedging.Length} deals");
        await world.TerminalAsync(s_netting, t => t.GetProperty("deals").GetInt64() == ofNetting.Length, $"has {ofNetting.Length} deals");
        return [.. ofHedging, .. ofNetting];
    }

    private static SimulatedTerminal Terminal()
    {
        var terminal = new SimulatedTerminal(new TerminalId(s_netting.Login, Desk.Server), MarginMode.Netting, [.. s_netting.Magics.Select(m => new Magic(m))]);
        foreach (var symbol in Play.Symbols)
            terminal.Describe(new SymbolFacts(new SymbolName(symbol), 1m, new Lots(0.01m), new Lots(0.01m), "", "USD", "USD", 2, "", "", ""));
        return terminal;
    }

    private static Deal DealOf(ServerDeal d) => new(
        d.Ticket, d.Order, d.Position, new Magic(d.Magic), new SymbolName(d.Symbol), d.Type == 0 ? OrderSide.Buy : OrderSide.Sell,
        d.Entry switch { "in" => DealEntry.In, "out" => DealEntry.Out, "inout" => DealEntry.InOut, _ => DealEntry.OutBy },
        new Lots(d.Lots), 1m, d.TimeMsc, d.Reason switch { 0 => DealReason.Client, 3 => DealReason.Expert, 4 => DealReason.StopLoss, 5 => DealReason.TakeProfit, _ => DealReason.Other }, 0m, "");

    /// <summary>What happens, drawn from the seed.</summary>
    private sealed class Play(EaWorld world, Relay relay, IReadOnlyList<ExpertAdvisor> desks, Random random)
    {
        public static readonly string[] Symbols = ["BTCUSD", "ETHUSD"];

        private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);
        private readonly HashSet<ExpertAdvisor> _offline = [];
        private bool _frozen;

        public string Told => string.Join(", ", _told.Select(t => $"{t.Key} {t.Value}"));

        public async Task StepAsync()
        {
            var netting = random.Next(2);
            var ea = desks[netting];
            var what = random.Next(100);
            if (what < 70) await CountAsync("trades", netting == 1 ? NetAsync(ea) : HedgeAsync(ea));
            else if (what < 75) await CountAsync("cuts", CutAsync());
            else if (what < 79) await CountAsync("kills", KillAsync());
            else if (what < 85) await CountAsync("offline", OfflineAsync(ea));
            else if (what < 90) await CountAsync("away", AwayAsync(ea));
            else if (what < 94) await CountAsync("restarts", RestartAsync(ea));
            else if (what < 97) await CountAsync("buttons", ClickAsync(ea));
            else await CountAsync("faults", FaultsAsync(ea, netting == 1));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(120)), TimeProvider.System);
        }

        /// <summary>No faults any more; who was away is back.</summary>
        public async Task CalmAsync()
        {
            if (_frozen) relay.Thaw();
            foreach (var ea in desks)
            {
                await ea.DoAsync("faults lag=0 deal-lag=0 late-deal=0 late-by=0 lose=0 repeat=0 swap=0 change-in-call=0 empty-on-disconnect=0 bursts=1 burst-gap=0 symbol-lag=0 shuffle=0");
                if (_offline.Remove(ea)) await ea.DoAsync("connect");
                if (!await ea.IsOnChartAsync()) await ea.AttachAsync();
            }

            foreach (var ea in desks) await ea.LiveAsync();
            foreach (var desk in new[] { s_hedging, s_netting })
            {
                await world.SynchronisedAsync(desk);
                await world.Host.JsonAsync("resume", desk.Connector);
            }
        }

        private async Task CountAsync(string what, Task done)
        {
            await done;
            _told[what] = _told.GetValueOrDefault(what) + 1;
        }

        private async Task HedgeAsync(ExpertAdvisor ea)
        {
            var open = (await ea.BookAsync()).Positions;
            if (open.Count == 0 || random.Next(2) == 0)
            {
                await ea.OpenAsync(Symbols[random.Next(2)], Side(), Lots(), random.Next(4) == 0 ? 0 : 1001 + random.Next(2));
                return;
            }

            var position = open[random.Next(open.Count)];
            var part = position.Lots > 0.01m && random.Next(2) == 0 ? string.Create(CultureInfo.InvariantCulture, $" lots={position.Lots - 0.01m}") : "";
            var other = open.FirstOrDefault(p => p.Symbol == position.Symbol && p.Side != position.Side);
            await ea.DoAsync(random.Next(4) switch
            {
                0 => $"sl position={position.Id} magic={(random.Next(2) == 0 ? "zero" : "position")}{part}",
                1 when other is not null => $"closeby position={position.Id} by={other.Id}",
                2 => $"close position={position.Id} magic=0{part}",
                _ => $"close position={position.Id} magic={position.OpenedBy} fills={(part.Length > 0 ? 1 : 2)}{part}",
            });
        }

        private async Task NetAsync(ExpertAdvisor ea)
        {
            var symbol = Symbols[random.Next(2)];
            var magic = 1001 + random.Next(3);
            var held = (await ea.BookAsync()).Positions.Any(p => p.Symbol == symbol);
            switch (held ? random.Next(8) : 7)
            {
                case 0:
                    await ea.DoAsync($"{(random.Next(2) == 0 ? "sl" : "tp")} symbol={symbol} magic={(random.Next(2) == 0 ? "zero" : "position")}");
                    break;
                case 1:
                    await ea.DoAsync($"reverse symbol={symbol} magic={magic}");
                    break;
                case 2:
                    await ea.DoAsync($"close symbol={symbol} magic=0 lots=0.01");
                    break;
                default:
                    await ea.OpenAsync(symbol, Side(), Lots(), magic);
                    break;
            }
        }

        private Task CutAsync()
        {
            if (_frozen) relay.Thaw();
            else if (random.Next(2) == 0) relay.Freeze();
            else
            {
                relay.Cut();
                return Task.CompletedTask;
            }

            _frozen = !_frozen;
            return Task.CompletedTask;
        }

        private async Task KillAsync()
        {
            await world.Host.KillAsync();
            for (var i = random.Next(4); i > 0; i--) await NetAsync(desks[1]);
            await world.Host.StartAgainAsync();
            relay.LeadTo(world.Host.Feed);
        }

        private async Task OfflineAsync(ExpertAdvisor ea)
        {
            if (_offline.Add(ea))
            {
                await ea.DoAsync("disconnect");
                return;
            }

            _offline.Remove(ea);
            await ea.DoAsync("connect");
        }

        private async Task AwayAsync(ExpertAdvisor ea)
        {
            if (await ea.IsOnChartAsync()) await ea.RemoveAsync(new[] { 1, 4, 9 }[random.Next(3)]);
            else await ea.AttachAsync();
        }

        private async Task RestartAsync(ExpertAdvisor ea)
        {
            if (await ea.IsOnChartAsync()) await ea.RestartAsync(new[] { 2, 3, 5, 6, 7 }[random.Next(5)]);
            else await ea.AttachAsync();
        }

        private async Task ClickAsync(ExpertAdvisor ea)
        {
            if ((await ea.PanelAsync()).Objects.FirstOrDefault(o => o.Short.StartsWith("button", StringComparison.Ordinal)) is { } button)
                await ea.DoAsync($"click object={button.Name}");
        }

        // On a netting account a stream's level depends on the order of deals, so there they come late but in order.
        private Task FaultsAsync(ExpertAdvisor ea, bool inOrder) => ea.DoAsync(
            "faults lose=300 repeat=200 swap=200 change-in-call=20 empty-on-disconnect=500 bursts=4 burst-gap=200 symbol-lag=150 shuffle=1"
            + (inOrder ? "" : " lag=150 deal-lag=100 late-deal=100 late-by=400"));

        private string Side() => random.Next(2) == 0 ? "buy" : "sell";

        private decimal Lots() => random.Next(1, 30) / 100m;
    }
}
