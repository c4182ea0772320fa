using System.Globalization;
using System.Text.Json;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>A venue and a host that copies desks onto it. Terminals come and go.</summary>
internal sealed class EaWorld : IAsyncDisposable
{
    public const string Client = "ea";

    private int _terminals;

    private EaWorld(PaperVenue venue) => Venue = venue;

    public Folder Folder { get; } = new();

    public PaperVenue Venue { get; }

    public Service Host { get; private set; } = null!;

    /// <summary>The secret of <see cref="Client"/>.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>Host and venue are up, the connectors run.</summary>
    public static Task<EaWorld> StartAsync(params Desk[] desks) => StartAsync(venue => [.. desks.Select(d => d.Entry(venue))]);

    public static async Task<EaWorld> StartAsync(Func<Uri, Dictionary<string, object?>[]> connectors, IReadOnlyDictionary<string, string>? environment = null)
    {
        var world = new EaWorld(await PaperVenue.StartAsync());
        try
        {
            var entries = connectors(world.Venue.Address);
            world.Host = Service.Of(world.Folder["data"], environment);
            await world.Host.StartAgainAsync(entries);
            world.Secret = await world.Host.AddClientAsync(Client);
            foreach (var entry in entries) await world.Host.RunningAsync((string)entry["id"]!);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A terminal with the right inputs; the Expert Advisor is not on its chart.</summary>
    public async Task<ExpertAdvisor> TerminalAsync(Desk desk, int? port = null, int seed = 1)
    {
        var files = Folder[string.Create(CultureInfo.InvariantCulture, $"files{Interlocked.Increment(ref _terminals)}")];
        var ea = await ExpertAdvisor.StartAsync(files, desk.Login, desk.Margin, seed);
        await ea.SetAsync(("SourceMagics", desk.MagicList), ("HostPort", port ?? Host.Feed.Port), ("ClientId", Client), ("ClientSecret", Secret));
        return ea;
    }

    /// <summary>The same with the Expert Advisor on its chart, and all that it holds told: what is dealt from now on is copied.</summary>
    public async Task<ExpertAdvisor> AttachedAsync(Desk desk, int? port = null, int seed = 1)
    {
        var ea = await TerminalAsync(desk, port, seed);
        await ea.AttachAsync();
        await ea.LiveAsync();
        await SynchronisedAsync(desk);
        return ea;
    }

    /// <summary>Waits until the host knows what the desk holds.</summary>
    public Task<JsonElement> SynchronisedAsync(Desk desk) =>
        TerminalAsync(desk, t => t.GetProperty("connected").GetBoolean() && t.GetProperty("synchronised").GetBoolean(), "is synchronised");

    /// <summary>Waits until the host says what is wanted of a terminal.</summary>
    public async Task<JsonElement> TerminalAsync(Desk desk, Func<JsonElement, bool> right, string what) => Find(
        await Eventually.GetAsync(Host.StatusAsync, s => Find(s, desk) is { ValueKind: JsonValueKind.Object } t && right(t), $"{desk.Terminal} {what}"), desk);

    /// <summary>Waits until the desk's connector has nothing left to do and the venue holds this: by name and side (net, long, short).</summary>
    public Task HoldsAsync(Desk desk, params (string Name, string Side, decimal Quantity)[] expected) => HoldsAsync(desk.Connector, expected);

    public async Task HoldsAsync(string connector, params (string Name, string Side, decimal Quantity)[] expected)
    {
        var wanted = expected.ToDictionary(e => (e.Name, e.Side), e => e.Quantity);
        await Eventually.GetAsync(
            () => LookAsync(connector),
            seen => seen.Converged && seen.Holdings.Count == wanted.Count && wanted.All(w => seen.Holdings.GetValueOrDefault(w.Key) == w.Value),
            $"{connector} holds {string.Join(", ", expected)}");
    }

    /// <summary>What each stream holds by the host's own account.</summary>
    public static Dictionary<(long Magic, string Symbol), (decimal Long, decimal Short)> Streams(JsonElement terminal) => terminal.GetProperty("streams").EnumerateArray()
        .SelectMany(s => s.GetProperty("levels").EnumerateArray().Select(l => (
            Key: (s.GetProperty("magic").GetInt64(), l.GetProperty("symbol").GetString()!), Value: (l.GetProperty("long").GetDecimal(), l.GetProperty("short").GetDecimal()))))
        .ToDictionary(s => s.Key, s => s.Value);

    /// <summary>Each deal once, each order journaled before it went and once, fills make the holdings. The host is ended by this.</summary>
    /// <param name="desks">Who traded.</param>
    /// <param name="tickets">Tickets of all deals of listed streams.</param>
    public async Task AuditAsync(IReadOnlyList<Desk> desks, IReadOnlyList<long> tickets)
    {
        (await Host.TerminateAsync()).ExitCode.ShouldBe(0);
        JournalFile.DealTickets(Host.Data).ShouldBe(tickets, ignoreOrder: true, "each deal is journaled once");
        var intents = JournalFile.IntentIds(Host.Data);
        intents.ShouldBeUnique();
        foreach (var desk in desks)
        {
            var orders = await Venue.OrdersAsync(account: desk.Connector);
            orders.Select(o => o.Id).ShouldBeUnique();
            orders.Select(o => o.Id).Except(intents, StringComparer.Ordinal).ShouldBeEmpty("every order was journaled before it went");
            var filled = orders.GroupBy(o => (o.Instrument, o.PositionSide)).ToDictionary(g => g.Key, g => g.Sum(o => o.Signed));
            (await Venue.HoldingsBySideAsync("futures", desk.Connector)).ShouldBe(filled.Where(f => f.Value != 0m), ignoreOrder: true, "what was filled is held");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is not null) await Host.DisposeAsync();
        await Venue.DisposeAsync();
        Folder.Dispose();
    }

    private async Task<Seen> LookAsync(string connector)
    {
        var seen = Service.Connector(await Host.StatusAsync(), connector);
        return new Seen(seen.GetProperty("converged").GetBoolean(), await Venue.HoldingsBySideAsync("futures", connector), seen);
    }

    private static JsonElement Find(JsonElement status, Desk desk) =>
        status.GetProperty("terminals").EnumerateArray().FirstOrDefault(t => t.GetProperty("terminal").GetString() == desk.Terminal);

    private sealed record Seen(bool Converged, IReadOnlyDictionary<(string Name, string Side), decimal> Holdings, JsonElement Status)
    {
        public override string ToString() => $"{string.Join(", ", Holdings)} {Status}";
    }
}
