using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using FsCheck;
using FsCheck.Fluent;

namespace CSMultiConnector.Domain.Tests.Attribution;

/// <summary>The ledger against the account's own arithmetic: the sum of signed volumes, kept apart from it.</summary>
public sealed class AttributionPropertyTests
{
    private static readonly SymbolName Symbol = new("EURUSD");
    private static readonly Magic[] Listed = [new(1001), new(1002)];
    private static readonly long[] Magics = [0, 77, 1001, 1002];

    /// <summary>A trade by a magic; the entry follows from the position as a netting server would say it.</summary>
    private sealed record Trade(int Magic, int Lots, int Reason, bool Void);

    private static readonly Arbitrary<Trade[]> Trades =
        (from magic in Gen.Choose(0, Magics.Length - 1)
         from lots in Gen.Choose(-5, 5)
         from reason in Gen.Choose(0, 8)
         from isVoid in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
         where lots != 0
         select new Trade(magic, lots, reason, isVoid)).ArrayOf().ToArbitrary();

    [Fact]
    public void The_sum_over_all_streams_is_the_accounts_position() =>
        Prop.ForAll(Trades, trades =>
        {
            var ledger = new NettingLedger(Listed);
            var net = 0m;
            foreach (var (deal, changes) in Play(ledger, trades, n => net = n))
            {
                var sum = ledger.Levels.Sum(l => l.Level.Net.Value);
                if (sum != net || ledger.Totals.GetValueOrDefault(Symbol).Net.Value != net) return false;
                if (net == 0m && ledger.Levels.Count != 0) return false;
                if (ledger.Levels.Any(l => l.Level.Long.Value != 0m && l.Level.Short.Value != 0m)) return false;
                if (changes.Any(c => c.Before == c.After)) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_exit_that_no_stream_made_takes_nobody_past_zero() =>
        Prop.ForAll(Trades, trades =>
        {
            var ledger = new NettingLedger(Listed);
            foreach (var (deal, changes) in Play(ledger, [.. trades.Where(t => !t.Void)], _ => { }))
            {
                var forced = deal.Entry != DealEntry.In && deal.Reason is DealReason.StopLoss or DealReason.TakeProfit or DealReason.StopOut or DealReason.Rollover;
                if (!forced || deal.Entry == DealEntry.InOut) continue;
                foreach (var change in changes.Where(c => c.Stream != Magic.Unattributed))
                {
                    var (before, after) = (change.Before.Net.Value, change.After.Net.Value);
                    if (Math.Sign(after) * Math.Sign(before) < 0 || Math.Abs(after) > Math.Abs(before)) return false;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_deal_voided_at_once_leaves_everything_as_it_was() =>
        Prop.ForAll(Trades, trades =>
        {
            var ledger = new NettingLedger(Listed);
            foreach (var _ in Play(ledger, trades.Skip(1).ToArray(), _ => { }))
            {
            }

            var levels = ledger.Levels;
            var last = DealOf(1_000, trades.FirstOrDefault() ?? new Trade(2, 3, 5, false), levels.Sum(l => l.Level.Net.Value));
            ledger.Void(last, ledger.Apply(last));
            return ledger.Levels.SequenceEqual(levels);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reconciling_changes_nothing_but_the_unattributed_volume() =>
        Prop.ForAll(Trades, Gen.Choose(-20, 20).ToArbitrary(), (trades, total) =>
        {
            var ledger = new NettingLedger(Listed);
            foreach (var _ in Play(ledger, trades, _ => { }))
            {
            }

            var streams = ledger.Levels.Where(l => l.Stream != Magic.Unattributed).ToList();
            var changes = ledger.Reconcile(new Dictionary<SymbolName, Level> { [Symbol] = Level.OfNet(new Lots(total)) });
            return changes.All(c => c.Stream == Magic.Unattributed)
                && ledger.Levels.Where(l => l.Stream != Magic.Unattributed).SequenceEqual(streams)
                && ledger.Levels.Sum(l => l.Level.Net.Value) == total;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_hedging_book_is_the_sum_of_its_positions() =>
        Prop.ForAll(Trades, trades =>
        {
            var book = new HedgingBook();
            var ticket = 0L;
            foreach (var trade in trades)
            {
                var known = book.Positions.ElementAtOrDefault(trade.Reason);
                var deal = DealOf(++ticket, trade, 0m) with
                {
                    Position = known?.Id ?? ticket,
                    Entry = known is null ? DealEntry.In : DealEntry.Out,
                    Side = known is null ? (trade.Lots > 0 ? OrderSide.Buy : OrderSide.Sell) : known.Side == OrderSide.Buy ? OrderSide.Sell : OrderSide.Buy,
                };
                var changes = book.Apply(deal);
                if (known is not null && changes[0].Stream != known.Magic) return false;
                if (trade.Void) book.Void(deal, changes);

                foreach (var group in book.Positions.GroupBy(p => p.Magic))
                {
                    var longs = group.Where(p => p.Side == OrderSide.Buy).Sum(p => p.Volume.Value);
                    var shorts = group.Where(p => p.Side == OrderSide.Sell).Sum(p => p.Volume.Value);
                    if (book.LevelOf(group.Key, Symbol) != new Level(new Lots(longs), new Lots(shorts))) return false;
                }

                if (book.Levels.Count != book.Positions.Select(p => p.Magic).Distinct().Count()) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<(Deal Deal, IReadOnlyList<StreamChange> Changes)> Play(NettingLedger ledger, Trade[] trades, Action<decimal> net)
    {
        var position = 0m;
        var ticket = 0L;
        foreach (var trade in trades)
        {
            var deal = DealOf(++ticket, trade, position);
            var changes = ledger.Apply(deal);
            position += trade.Lots;
            if (trade.Void)
            {
                changes = ledger.Void(deal, changes);
                position -= trade.Lots;
            }

            net(position);
            yield return (deal, changes);
        }
    }

    private static Deal DealOf(long ticket, Trade trade, decimal position) => new(
        ticket, ticket, 1, new Magic(Magics[trade.Magic]), Symbol,
        trade.Lots > 0 ? OrderSide.Buy : OrderSide.Sell,
        position * trade.Lots >= 0 ? DealEntry.In : Math.Abs(trade.Lots) > Math.Abs(position) ? DealEntry.InOut : DealEntry.Out,
        new Lots(Math.Abs(trade.Lots)), 1m, ticket, (DealReason)trade.Reason, 0m, "");
}
