using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>
/// Money that one lot makes when the price moves by one, taken from the history itself. From flat to flat the profits of one side
/// of a symbol sum to the factor times (money received − money paid), whichever deal closed whichever position. Each such run
/// bounds the factor, as profits are rounded.
/// </summary>
/// <param name="Low">The factor is not below this.</param>
/// <param name="High">The factor is not above this.</param>
/// <param name="Rounding">Most that a reported profit differs from the exact one.</param>
internal sealed record ProfitFactor(decimal Low, decimal High, decimal Rounding)
{
    /// <summary>Where profits are converted at changing rates the runs disagree; rates between runs may lie this share outside of them.</summary>
    private const decimal RateMargin = 0.01m;

    /// <summary>True when a position opened at one price and closed by <paramref name="row"/> can have made the reported profit.</summary>
    public bool Fits(DealRow row, decimal openPrice)
    {
        var closesLong = row.Deal.Side == OrderSide.Sell;
        var move = (closesLong ? row.Deal.Price - openPrice : openPrice - row.Deal.Price) * row.Deal.Volume.Value;
        var (a, b) = (move * Low, move * High);
        return row.Profit >= Math.Min(a, b) - Rounding && row.Profit <= Math.Max(a, b) + Rounding;
    }

    /// <summary>Null when the deals of the symbol tell nothing (no side was ever closed wholly, or at the same prices only).</summary>
    public static ProfitFactor? Of(IEnumerable<DealRow> symbolRows, IEnumerable<OpeningPosition> opening, decimal rounding)
    {
        var sides = new Dictionary<OrderSide, Run> { [OrderSide.Buy] = new(), [OrderSide.Sell] = new() };
        foreach (var p in opening) sides[p.Side].Open(p.Volume.Value, p.OpenPrice, p.Side);
        decimal? low = null, high = null;
        foreach (var row in symbolRows)
        {
            if (row.Deal.Entry == DealEntry.In)
            {
                sides[row.Deal.Side].Open(row.Deal.Volume.Value, row.Deal.Price, row.Deal.Side);
                continue;
            }

            var held = row.Deal.Side == OrderSide.Sell ? OrderSide.Buy : OrderSide.Sell;
            if (sides[held].Close(row, rounding) is not { } bounds) continue;
            low = low is null ? bounds.Low : Math.Max(low.Value, bounds.Low);
            high = high is null ? bounds.High : Math.Min(high.Value, bounds.High);
        }

        if (low is null || high is null) return null;
        return low <= high
            ? new ProfitFactor(low.Value, high.Value, rounding)
            : new ProfitFactor(high.Value * (1 - RateMargin), low.Value * (1 + RateMargin), rounding);
    }

    /// <summary>What one side of a symbol did since it was last flat.</summary>
    private sealed class Run
    {
        private decimal _lots;
        private decimal _made;
        private decimal _profit;
        private int _closes;

        public void Open(decimal lots, decimal price, OrderSide side)
        {
            _lots += lots;
            _made += (side == OrderSide.Buy ? -price : price) * lots;
        }

        public (decimal Low, decimal High)? Close(DealRow row, decimal rounding)
        {
            _lots -= row.Deal.Volume.Value;
            _made += (row.Deal.Side == OrderSide.Sell ? row.Deal.Price : -row.Deal.Price) * row.Deal.Volume.Value;
            _profit += row.Profit;
            _closes++;
            if (_lots > 0m) return null;
            var (made, profit, error) = (_made, _profit, _closes * rounding);
            (_lots, _made, _profit, _closes) = (0m, 0m, 0m, 0);
            if (made == 0m) return null;
            var (a, b) = ((profit - error) / made, (profit + error) / made);
            var bounds = (Low: Math.Max(0m, Math.Min(a, b)), High: Math.Max(a, b));
            return bounds.High > 0m ? bounds : null;
        }
    }
}
