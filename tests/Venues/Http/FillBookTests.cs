using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

public sealed class FillBookTests
{
    private readonly FillBook _book = new(capacity: 2);

    [Fact]
    public void Trades_count_once_and_make_fees_and_price()
    {
        _book.Add("BTCUSDT", 7, new Trade(1, 0.4m, 100m, "BTC", 0.0004m));
        _book.Add("BTCUSDT", 7, new Trade(2, 0.6m, 110m, "BNB", 0.01m));
        _book.Add("BTCUSDT", 7, new Trade(1, 0.4m, 100m, "BTC", 0.0004m));
        var report = _book.Complete(Report(1m), 7, "BTC", out var complete);
        complete.ShouldBeTrue();
        report.FeeInBase.ShouldBe(new Contracts(0.0004m));
        report.Fees.Select(f => (f.Asset.Value, f.Amount)).ShouldBe([("BNB", 0.01m), ("BTC", 0.0004m)]);
        report.AveragePrice.ShouldBe(new Price(106m));
    }

    [Fact]
    public void Missing_trades_are_said_to_be_missing()
    {
        _book.Add("BTCUSDT", 7, new Trade(1, 0.4m, 100m, "BTC", 0.0004m));
        _book.Complete(Report(1m), 7, "BTC", out var complete).ShouldBe(Report(1m));
        complete.ShouldBeFalse();
        _book.Complete(Report(0m), 8, "BTC", out complete);
        complete.ShouldBeTrue("nothing was filled");
    }

    [Fact]
    public void An_older_report_is_brought_up_to_the_trades()
    {
        _book.Add("BTCUSDT", 7, new Trade(1, 0.4m, 100m, "", 0m));
        _book.Add("BTCUSDT", 7, new Trade(2, 0.6m, 100m, "", 0m));
        _book.Complete(Report(0.4m), 7, null, out _).Filled.ShouldBe(new Contracts(1m));
    }

    [Fact]
    public void Symbols_are_kept_apart_and_the_oldest_order_is_forgotten()
    {
        _book.Add("ETHUSDT", 7, new Trade(1, 1m, 5m, "", 0m));
        _book.Complete(Report(1m), 7, null, out var complete);
        complete.ShouldBeFalse();
        _book.Add("BTCUSDT", 7, new Trade(1, 1m, 5m, "", 0m));
        _book.Add("BTCUSDT", 8, new Trade(1, 1m, 5m, "", 0m));
        _book.Add("BTCUSDT", 9, new Trade(1, 1m, 5m, "", 0m));
        _book.Complete(Report(1m), 7, null, out complete);
        complete.ShouldBeFalse();
        _book.Complete(Report(1m), 9, null, out complete);
        complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Trades_that_come_a_little_later_are_waited_for_but_not_for_long()
    {
        var clock = new TestClock();
        var seen = _book.WaitAsync("BTCUSDT", 7, 1m, TimeSpan.FromMilliseconds(50), clock, default);
        _book.Add("BTCUSDT", 7, new Trade(1, 0.4m, 100m, "", 0m));
        _book.Add("BTCUSDT", 8, new Trade(1, 1m, 100m, "", 0m));
        seen.IsCompleted.ShouldBeFalse();
        _book.Add("BTCUSDT", 7, new Trade(2, 0.6m, 100m, "", 0m));
        await seen.InTime();
        await _book.WaitAsync("BTCUSDT", 7, 1m, TimeSpan.FromMilliseconds(50), clock, default).InTime();
        var never = _book.WaitAsync("BTCUSDT", 9, 1m, TimeSpan.FromMilliseconds(50), clock, default);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        await never.InTime();
    }

    private static OrderReport Report(decimal filled) => new(
        new ClientOrderId("testrun00100000000"), "7", new InstrumentId("BTCUSDT"), PositionSide.Net, OrderSide.Buy, new Contracts(1m), OrderStatus.Open, new Contracts(filled), null, default, [], null);
}
