using System.Globalization;
using Xunit.Abstractions;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>The host killed with SIGKILL in every phase of its life, again and again, while terminals trade, and venue and terminals die too.</summary>
[Collection(nameof(OneAfterTheOther))]
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);

    // What a kill aims at; the order is drawn, how many of each is not.
    private static readonly Phase[] s_aims =
    [
        Phase.Start, Phase.Start, Phase.Start, Phase.Start, Phase.Login, Phase.Login, Phase.Snapshot, Phase.Snapshot, Phase.Sync,
        Phase.Order, Phase.Order, Phase.Order, Phase.Fill, Phase.Fill, Phase.Shutdown, Phase.Trading,
    ];

    /// <summary>Where a kill finds the host.</summary>
    private enum Phase
    {
        Start,
        Login,
        Snapshot,
        Sync,
        Order,
        Fill,
        Shutdown,
        Trading,
    }

    [Fact]
    public async Task Whatever_the_host_does_when_it_is_killed_every_deal_is_traded_once()
    {
        var (seed, kills) = (Chance.Seed(), Chance.Kills());
        output.WriteLine($"seed {seed}, {kills} kills; {Chance.SeedVariable} and {Chance.KillsVariable} set others");
        using var folder = new Folder();
        await using var world = await KillWorld.StartAsync(folder.Path, seed);
        var loop = new Loop(world, new Random(seed));
        var start = TimeProvider.System.GetTimestamp();

        await world.TradeWhileAsync(() => loop.KillAsync(kills));

        var each = TimeProvider.System.GetElapsedTime(start).TotalSeconds / kills;
        await world.Venue.BehaveAsync();
        var figures = await world.EndAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills, {each:0.00} s each: {loop.Hits}; {loop.Others}"));
        output.WriteLine($"{figures}");
        figures.Orphans.ShouldBeGreaterThan(kills / 20, "kills hit orders in flight");
        if (kills < Chance.KillsInTheSuite) return;

        // On a busy machine a terminal is in before the kill comes: which of the two it hits is not for this test to say.
        (loop.HitsOf(Phase.Login) + loop.HitsOf(Phase.Snapshot)).ShouldBeGreaterThan(0, "a kill hit a terminal that came in");
        foreach (var phase in Enum.GetValues<Phase>().Except([Phase.Login, Phase.Snapshot])) loop.HitsOf(phase).ShouldBeGreaterThan(0, $"a kill hit {phase}");
    }

    private sealed class Loop(KillWorld world, Random random)
    {
        private readonly SortedDictionary<Phase, int> _hits = [];
        private TimeSpan _timeToUp = TimeSpan.FromMilliseconds(700);
        private long _launched;
        private long _lastOrder;
        private int _venues;
        private int _terminals;

        public string Hits => string.Join(", ", _hits.Select(h => $"{h.Key} {h.Value}"));

        public string Others => $"the venue killed {_venues} times, the terminals {_terminals} times";

        public int HitsOf(Phase phase) => _hits.GetValueOrDefault(phase);

        /// <summary>Begins and ends with a host that is up.</summary>
        public async Task KillAsync(int kills)
        {
            var phase = Phase.Trading;
            for (var kill = 0; kill < kills; kill++)
            {
                if (kill % s_aims.Length == 0) random.Shuffle(s_aims);
                if (kill > 0) phase = await AimAsync(s_aims[kill % s_aims.Length]);
                await world.Host.KillAsync();
                _hits[phase] = _hits.GetValueOrDefault(phase) + 1;
                await KillOthersAsync();
                _launched = TimeProvider.System.GetTimestamp();
                await world.Host.LaunchAsync();
            }

            await world.UpAsync();
            await world.LiveAsync();
        }

        private async Task KillOthersAsync()
        {
            if (random.Next(10) == 0)
            {
                _venues++;
                await world.Venue.KillAndStartAgainAsync();
            }

            if (random.Next(10) > 0) return;
            _terminals++;
            await world.KillTerminalsAsync();
        }

        /// <summary>Waits for the moment of the kill of a host that was just launched; where it finds it.</summary>
        private async Task<Phase> AimAsync(Phase aim)
        {
            if (aim == Phase.Start)
            {
                await PauseAsync((int)_timeToUp.TotalMilliseconds);
                return Phase.Start;
            }

            var logins = world.Logins;
            await world.UpAsync();
            _timeToUp = TimeProvider.System.GetElapsedTime(_launched);
            switch (aim)
            {
                case Phase.Login:
                    await PauseAsync(60);
                    return world.Logins == logins ? Phase.Login : Phase.Snapshot;
                case Phase.Snapshot:
                    await UntilAsync(() => Task.FromResult(world.Logins > logins), "a terminal logs in");
                    await PauseAsync(5);
                    return world.IsLive ? Phase.Sync : Phase.Snapshot;
            }

            await world.LiveAsync();
            switch (aim)
            {
                case Phase.Sync:
                    await PauseAsync(60);
                    return Phase.Sync;
                case Phase.Order:
                    // The answer takes its time: the kill hits an order whose fate the host does not know.
                    await NewOrderUnderAsync(new { on = "submit", effect = "delayAfter", delay = "00:00:00.400", times = 2 });
                    return Phase.Order;
                case Phase.Fill:
                    await NewOrderUnderAsync(new { on = "submit", effect = "partialThenOpen", delay = "00:00:00.080", times = 4 });
                    await PauseAsync(100);
                    return Phase.Fill;
                case Phase.Shutdown:
                    await world.Host.Running.SignalAsync("TERM");
                    await PauseAsync(250);
                    return Phase.Shutdown;
                default:
                    await PauseAsync(400);
                    return Phase.Trading;
            }
        }

        private async Task NewOrderUnderAsync(object rule)
        {
            _lastOrder = await world.Venue.LastOrderAsync(_lastOrder);
            await world.Venue.MisbehaveAsync(rule);
            await UntilAsync(async () => await world.Venue.LastOrderAsync(_lastOrder) > _lastOrder, "an order reaches the venue");
        }

        private Task PauseAsync(int longest) => Task.Delay(TimeSpan.FromMilliseconds(random.Next(longest)), TimeProvider.System);

        private static async Task UntilAsync(Func<Task<bool>> right, string what)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (!await right())
            {
                if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException($"Never came true: {what}.");
                await Task.Delay(s_look, TimeProvider.System);
            }
        }
    }
}
