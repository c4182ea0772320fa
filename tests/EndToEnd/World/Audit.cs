namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>What has to be true after any history of crashes and refusals, from the venue's books and the host's journal.</summary>
internal static class Audit
{
    /// <summary>The service must have ended: its journal is read.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="venue">Where it traded.</param>
    /// <param name="trader">Whose deals it copied.</param>
    /// <param name="expected">What the streams hold by symbol.</param>
    public static async Task ShouldHoldAsync(string data, PaperVenue venue, Trader trader, IReadOnlyDictionary<string, decimal> expected)
    {
        var holdings = await venue.HoldingsAsync();
        var orders = await venue.OrdersAsync();
        var fills = await venue.FillsAsync();
        var intents = JournalFile.IntentIds(data);

        holdings.ShouldBe(expected.Where(e => e.Value != 0m), ignoreOrder: true);
        orders.Select(o => o.Id).ShouldBeUnique();
        intents.ShouldBeUnique();
        orders.Select(o => o.Id).Except(intents, StringComparer.Ordinal).ShouldBeEmpty("every order at the venue was journaled before it went");
        foreach (var (instrument, quantity) in expected)
            fills.Where(f => f.Instrument == instrument).Sum(f => f.Signed).ShouldBe(quantity, $"the fills of {instrument} are its position");

        JournalFile.DealTickets(data).ShouldBe(trader.Tickets, ignoreOrder: true, "each deal is recorded once");
    }
}
