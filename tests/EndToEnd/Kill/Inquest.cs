using System.Globalization;
using System.Text.Json;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>What a history came to.</summary>
/// <param name="Deals">Deals of both terminals.</param>
/// <param name="Orders">Orders at the venue.</param>
/// <param name="Lives">Processes of the host that began an order.</param>
/// <param name="Orphans">Orders that one life of the host decided and a later one resolved: in flight when it was killed.</param>
/// <param name="Late">Orders that reached the venue after the end of their validity, and were refused for it.</param>
internal sealed record Figures(int Deals, int Orders, int Lives, int Orphans, int Late);

/// <summary>
/// What must be true after any history of kills: the venue's books against goals worked out from the deals, and against the host's journal. Shares
/// no code with the product but its tables.
/// </summary>
internal static class Inquest
{
    private static readonly (string Connector, string Product, string Account)[] s_accounts =
        [("main", "futures", "main"), ("half", "spot", "main"), ("hedge", "futures", "hedge")];

    public static async Task<Figures> HoldAsync(KillWorld world)
    {
        var journal = JournalFile.ReadAll(world.Host.Data);
        var intents = Intents(journal);
        var orders = 0;
        foreach (var (connector, product, account) in s_accounts)
        {
            var placed = await world.Venue.OrdersAsync(product, account);
            orders += placed.Count;
            CheckIds(placed, intents);
            CheckFills(placed, await world.Venue.FilledByOrderAsync(product, account), intents);
            CheckTurnover(world.Goals, product, account, placed);
            await CheckHoldingsAsync(world, product, account);
        }

        foreach (var (id, intent) in intents.Where(i => !i.Value.AtVenue)) intent.Filled.ShouldBe(0m, $"{id} never reached the venue ({intent.End})");
        CheckDeals(world, journal);
        return new Figures(world.Deals, orders, intents.Keys.Select(id => new ClientOrderId(id).ProcessTag).Distinct().Count(), intents.Values.Count(i => i.Orphaned), intents.Values.Count(i => i.Late));
    }

    // One intent after the other in each leg, each id once; what was filled is the largest figure that was recorded.
    private static Dictionary<string, Intent> Intents(IReadOnlyList<JournalRow> journal)
    {
        var intents = new Dictionary<string, Intent>(StringComparer.Ordinal);
        var open = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (source, manifest, e) in journal)
        {
            switch (manifest)
            {
                case "leg.intent-decided.1":
                    var order = e.GetProperty("intent").GetProperty("order");
                    var id = Text(order, "clientOrderId");
                    open.ContainsKey(source).ShouldBeFalse($"{source} decided {id} while {open.GetValueOrDefault(source)} was open");
                    intents.ContainsKey(id).ShouldBeFalse($"{id} was decided twice");
                    intents[id] = new Intent(Text(order, "instrument"), Text(order, "positionSide"), Text(order, "side"), order.GetProperty("quantity").GetDecimal());
                    open[source] = id;
                    break;
                case "leg.order-filled.1":
                    var filled = e.GetProperty("progress").GetProperty("filled").GetDecimal();
                    var intent = intents[Text(e, "clientOrderId")];
                    filled.ShouldBeGreaterThanOrEqualTo(intent.Filled, "fills only grow");
                    intent.Filled = filled;
                    break;
                case "leg.intent-closed.1":
                    open.Remove(source, out var closed).ShouldBeTrue($"{source} closed {Text(e, "clientOrderId")}, which was not open");
                    closed.ShouldBe(Text(e, "clientOrderId"));
                    intents[closed!].End = Text(e, "end");
                    intents[closed!].Late = Text(e, "end") == "rejected" && e.GetProperty("rejection") is { ValueKind: JsonValueKind.Object } why && Text(why, "code") == "expired";
                    break;
                case "connector.process-tag-taken.1":
                    // The connector begins a new life: what its legs had open was cut off.
                    var connector = source["connector/".Length..];
                    foreach (var (leg, cutOff) in open)
                        if (leg.StartsWith($"leg/{connector}/", StringComparison.Ordinal)) intents[cutOff].Orphaned = true;
                    break;
            }
        }

        open.ShouldBeEmpty("everything came to its end");
        return intents;
    }

    private static void CheckIds(IReadOnlyList<PaperOrder> placed, Dictionary<string, Intent> intents)
    {
        placed.Select(o => o.Id).ShouldBeUnique();
        foreach (var o in placed)
        {
            intents.TryGetValue(o.Id, out var intent).ShouldBeTrue($"order {o.Id} was sent without a word in the journal");
            (o.Instrument, o.PositionSide, o.Side, o.Quantity).ShouldBe((intent!.Instrument, intent.PositionSide, intent.Side, intent.Quantity), $"{o.Id} is what was decided");
            intent.AtVenue = true;
        }
    }

    private static void CheckFills(IReadOnlyList<PaperOrder> placed, IReadOnlyDictionary<long, decimal> filled, Dictionary<string, Intent> intents)
    {
        foreach (var o in placed)
        {
            o.Filled.ShouldBeLessThanOrEqualTo(o.Quantity, $"{o.Id} is filled once");
            filled.GetValueOrDefault(o.Number).ShouldBe(o.Filled, $"the fills of {o.Id} are what it filled");
            intents[o.Id].Filled.ShouldBe(o.Filled, $"the journal has every fill of {o.Id}");
        }
    }

    // No back and forth: a leg trades at most what its deals moved it, and fills at most one order for each of them.
    private static void CheckTurnover(GoalBook goals, string product, string account, IReadOnlyList<PaperOrder> placed)
    {
        foreach (var leg in placed.GroupBy(o => new VenueLeg(product, account, o.Instrument, o.PositionSide)))
        {
            var (deals, lots) = goals.MovedBy(leg.Key);
            var whole = leg.Count(o => o.Filled == o.Quantity);
            whole.ShouldBeLessThanOrEqualTo(deals, $"{leg.Key}: at most one filled order a deal");

            // Halved lots are rounded: each order may move up to a step more than its deals did.
            var rounding = product == "spot" ? GoalBook.Step * leg.Count() : 0m;
            leg.Sum(o => o.Filled).ShouldBeLessThanOrEqualTo(lots + rounding, $"{leg.Key}: traded no more than the deals moved it");
        }
    }

    private static async Task CheckHoldingsAsync(KillWorld world, string product, string account)
    {
        var holdings = await world.Venue.HoldingsBySideAsync(product, account);
        var legs = world.Goals.Legs.Where(l => l.Product == product && l.Account == account).ToArray();
        var expected = legs.Select(l => KeyValuePair.Create((Name(l), l.Side), world.Goals.GoalOf(l))).Where(l => l.Value != 0m).ToArray();
        holdings.Where(h => h.Key.Name != "USD").ShouldBe(expected, ignoreOrder: true, $"{product} {account} holds what the deals ask for");
    }

    // On spot the asset is held, elsewhere the instrument.
    private static string Name(VenueLeg leg) => leg.Product == "spot" ? leg.Instrument[..3] : leg.Instrument;

    private static void CheckDeals(KillWorld world, IReadOnlyList<JournalRow> journal)
    {
        var recorded = journal.Where(r => r.Manifest == "terminal.deal-recorded.1")
            .ToLookup(r => r.Source, r => r.Event.GetProperty("deal").GetProperty("ticket").GetInt64());
        foreach (var (terminal, tickets) in world.Tickets) recorded[terminal].ShouldBe(tickets, ignoreOrder: true, $"{terminal}: each deal is recorded once");
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private sealed class Intent(string instrument, string positionSide, string side, decimal quantity)
    {
        public string Instrument => instrument;

        public string PositionSide => positionSide;

        public string Side => side;

        public decimal Quantity => quantity;

        public decimal Filled { get; set; }

        public string? End { get; set; }

        public bool AtVenue { get; set; }

        public bool Late { get; set; }

        public bool Orphaned { get; set; }
    }
}
