using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Tests.Paper;

/// <summary>Whatever comes in, the books agree. The checks share no code with the settlement.</summary>
public sealed class PaperBookPropertyTests
{
    private static readonly PaperExchangeOptions Options = new() { OrderMemory = 10_000 };

    public static TheoryData<PaperProduct, PositionMode> Accounts => new()
    {
        { PaperProduct.Spot, PositionMode.OneWay },
        { PaperProduct.Futures, PositionMode.OneWay },
        { PaperProduct.Futures, PositionMode.Hedge },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public void After_any_requests_the_holdings_are_the_sum_of_the_fills(PaperProduct product, PositionMode mode)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var run = new Run(product, mode, seed);
            for (var step = 0; step < 120; step++) run.Step();
            run.Check();
        }
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public void The_stored_changes_alone_rebuild_the_state(PaperProduct product, PositionMode mode)
    {
        for (var seed = 1000; seed < 1030; seed++)
        {
            var run = new Run(product, mode, seed);
            var rebuilt = new PaperState();
            for (var step = 0; step < 60; step++)
            {
                run.Step();
                foreach (var change in run.Book.State.TakeChanges()) rebuilt.Apply(change);
            }

            var (was, now) = (run.Book.State.Accounts[run.Key], rebuilt.Accounts[run.Key]);
            now.Holdings.ToArray().ShouldBe(was.Holdings.ToArray(), $"seed {seed}");
            now.Facts.ShouldBe(was.Facts, $"seed {seed}");
            now.Open.ShouldBe(was.Open, $"seed {seed}");
            rebuilt.OrdersAfter(0).ShouldBe(run.Book.State.OrdersAfter(0), $"seed {seed}");
            rebuilt.NextDue.ShouldBe(run.Book.State.NextDue, $"seed {seed}");
        }
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly PositionMode _mode;
        private readonly string _label;
        private long _counter;
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        internal Run(PaperProduct product, PositionMode mode, int seed)
        {
            (_random, _mode, _label) = (new Random(seed), mode, $"{product} {mode} seed {seed}");
            Key = new PaperAccountKey(product, "prop");
            Book = new PaperBook(new PaperState(), Options, "prop");
            Book.List(product, Samples.Instrument(product) with { MinQuantity = 0.01m, MinNotional = 0m });
            Book.SetPrice(product, PaperDesk.Symbol, 100m);
            Book.OpenAccount(Key, new PaperAccountOptions { PositionMode = mode, FeeRate = 0.0013m, QuoteBalance = 20_000m });
        }

        internal PaperAccountKey Key { get; }

        internal PaperBook Book { get; }

        internal void Step()
        {
            _now += TimeSpan.FromSeconds(_random.Next(0, 3));
            Book.FillDue(_now);
            switch (_random.Next(10))
            {
                case 0: Book.SetPrice(Key.Product, PaperDesk.Symbol, _random.Next(5_000, 20_000) / 100m); break;
                case 1: Book.Cancel(Key, PaperDesk.Id(_random.NextInt64(_counter + 1)), _now); break;
                case 2: Book.Trade(Key, new PaperTrade((PaperTradeKind)_random.Next(1, 3), PaperDesk.Symbol, Leg(), Side(), Quantity()), _now); break;
                default: Submit(); break;
            }

            CheckSigns();
        }

        internal void Check()
        {
            var state = Book.State;
            var fills = state.FillsAfter(0).ToArray();
            foreach (var leg in Key.Product == PaperProduct.Spot || _mode == PositionMode.OneWay ? [PositionSide.Net] : new[] { PositionSide.Long, PositionSide.Short })
            {
                var mine = fills.Where(f => f.PositionSide == leg).ToArray();
                var baseFees = mine.Where(f => f.Fee.Asset.Value == "TST").Sum(f => f.Fee.Amount);
                var name = Key.Product == PaperProduct.Spot ? "TST" : "TSTUSD";
                state.Accounts[Key].QuantityOf(new LegId(name, leg)).ShouldBe(mine.Sum(f => f.Side == OrderSide.Buy ? f.Quantity.Value : -f.Quantity.Value) - baseFees, _label);
            }

            if (Key.Product == PaperProduct.Spot)
            {
                var spent = fills.Sum(f => (f.Side == OrderSide.Buy ? 1m : -1m) * f.Quantity.Value * f.Price.Value) + fills.Where(f => f.Fee.Asset.Value == "USD").Sum(f => f.Fee.Amount);
                state.Accounts[Key].QuantityOf(new LegId("USD", PositionSide.Net)).ShouldBe(20_000m - spent, _label);
            }

            foreach (var order in state.OrdersAfter(0))
            {
                var own = fills.Where(f => f.Order == order.Number).ToArray();
                order.Report.Filled.Value.ShouldBe(own.Sum(f => f.Quantity.Value), _label);
                order.Report.FeeInBase.Value.ShouldBe(own.Where(f => f.Fee.Asset.Value == "TST").Sum(f => f.Fee.Amount), _label);
                (order.Report.Status == OrderStatus.Filled).ShouldBe(order.Report.Filled == order.Report.Quantity, _label);
            }

            fills.Length.ShouldBeGreaterThan(10, _label);
            fills.Select(f => f.Sequence).ShouldBe(fills.Select(f => f.Sequence).Order(), _label);
        }

        private void CheckSigns()
        {
            foreach (var (leg, held) in Book.State.Accounts[Key].Holdings)
            {
                if (Key.Product == PaperProduct.Spot || leg.Side == PositionSide.Long) held.Quantity.ShouldBeGreaterThanOrEqualTo(0m, _label);
                if (leg.Side == PositionSide.Short) held.Quantity.ShouldBeLessThanOrEqualTo(0m, _label);
            }
        }

        private void Submit()
        {
            // An id now and then comes again.
            var counter = _random.Next(15) == 0 ? _random.NextInt64(_counter + 1) : ++_counter;
            var plan = _random.Next(4) switch
            {
                0 => new FillPlan(_random.Next(100) / 100m, RestExpires: false, _random.Next(2) == 0 ? TimeSpan.FromSeconds(_random.Next(1, 20)) : null, null, false),
                1 => new FillPlan(_random.Next(100) / 100m, RestExpires: true, null, null, false),
                _ => default,
            };
            Book.Submit(Key, PaperDesk.Order(counter, Side(), Quantity().Value, Leg()) with { ReduceOnly = Key.Product == PaperProduct.Futures && _random.Next(4) == 0 }, plan, _now);
        }

        private Contracts Quantity() => new(_random.Next(1, 3_000) / 100m);

        private OrderSide Side() => (OrderSide)_random.Next(2);

        private PositionSide Leg() => _mode == PositionMode.OneWay ? PositionSide.Net : (PositionSide)_random.Next(1, 3);
    }
}
