using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Misbehaviour;

namespace CSMultiConnector.Venues.Tests.Paper;

public sealed class PaperStreamTests
{
    [Fact]
    public async Task What_is_not_read_in_time_ends_in_one_gap_and_the_stream_goes_on()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions { StreamBuffer = 4 }).ReadyAsync();
        await using var events = Listen(exchange);
        for (var i = 1; i <= 10; i++) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m));
        for (var i = 1; i <= 4; i++) (await events.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>().Report.ClientOrderId.ShouldBe(PaperDesk.Id(i));
        (await events.NextAsync()).ShouldBeOfType<VenueEvent.Gap>();
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(11, OrderSide.Buy, 1m));
        (await events.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>().Report.ClientOrderId.ShouldBe(PaperDesk.Id(11));
    }

    [Theory]
    [InlineData(PaperEffect.Drop, "1,3,4")]
    [InlineData(PaperEffect.Duplicate, "1,2,2,3,4")]
    [InlineData(PaperEffect.Reorder, "1,3,2,4")]
    public async Task Events_can_be_lost_doubled_and_swapped(PaperEffect effect, string expected)
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await using var events = Listen(exchange);
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = effect, Skip = 1, Times = 1 }).ShouldBeNull();
        for (var i = 1; i <= 4; i++) await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(i, OrderSide.Buy, 1m));
        var numbers = new List<int>();
        while (numbers.Count == 0 || numbers[^1] != 4)
        {
            var id = (await events.NextAsync()).ShouldBeOfType<VenueEvent.OrderChanged>().Report.ClientOrderId;
            numbers.Add(Enumerable.Range(1, 4).Single(i => PaperDesk.Id(i) == id));
        }

        string.Join(',', numbers).ShouldBe(expected);
    }

    [Fact]
    public async Task The_script_can_end_a_stream()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await using var events = Listen(exchange);
        exchange.Misbehaviour.Add(new PaperRule { On = PaperPoint.StreamEvent, Effect = PaperEffect.Disconnect, Times = 1 }).ShouldBeNull();
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));
        (await events.MoveNextAsync().AsTask().InTime()).ShouldBeFalse();
    }

    [Fact]
    public async Task Too_many_streams_end_the_oldest()
    {
        await using var exchange = await PaperExchange.Open(new PaperExchangeOptions { StreamsPerAccount = 2 }).ReadyAsync();
        await using var first = Listen(exchange);
        await using var second = Listen(exchange);
        await using var third = Listen(exchange);
        await first.EndAsync();
        await exchange.DoneAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m));
        await second.NextAsync<VenueEvent.OrderChanged>();
        await third.NextAsync<VenueEvent.OrderChanged>();
    }

    [Fact]
    public async Task Closing_the_venue_ends_the_streams_and_answers_everyone()
    {
        var exchange = await PaperExchange.Open(new PaperExchangeOptions()).ReadyAsync();
        await using var events = Listen(exchange);
        await exchange.DisposeAsync();
        await events.EndAsync();
        await using var late = Listen(exchange);
        await late.EndAsync();
        (await exchange.HoldingsAsync(PaperDesk.Futures, default)).IsSuccess.ShouldBeFalse();
        (await exchange.SubmitAsync(PaperDesk.Futures, PaperDesk.Order(1, OrderSide.Buy, 1m), default)).ShouldBeOfType<Domain.Orders.SubmitOutcome.DeniedLocally>();
    }

    private static IAsyncEnumerator<VenueEvent> Listen(PaperExchange exchange) =>
        new PaperGateway(exchange, PaperDesk.Futures, new PaperAccountOptions()).StreamAsync(default).GetAsyncEnumerator();
}
