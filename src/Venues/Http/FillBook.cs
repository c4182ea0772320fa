using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Http;

/// <summary>One trade of an order.</summary>
internal readonly record struct Trade(long Id, decimal Quantity, decimal Price, string FeeAsset, decimal Fee);

/// <summary>
/// The trades seen of the newest orders, each once, from whatever source: answers and streams tell of the same trade, in any order, and what a venue
/// says of an order itself often lacks fees. Safe for concurrent use.
/// </summary>
internal sealed class FillBook(int capacity = 1024)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Symbol, long Order), Dictionary<long, Trade>> _orders = [];
    private readonly List<Waiter> _waiters = [];
    private readonly Queue<(string Symbol, long Order)> _age = new();

    internal void Add(string symbol, long order, Trade trade)
    {
        lock (_lock)
        {
            if (!_orders.TryGetValue((symbol, order), out var trades))
            {
                if (_age.Count >= capacity) _orders.Remove(_age.Dequeue());
                _orders[(symbol, order)] = trades = [];
                _age.Enqueue((symbol, order));
            }

            trades[trade.Id] = trade;
            if (_waiters.Count == 0) return;
            var quantity = trades.Values.Sum(t => t.Quantity);
            foreach (var waiter in _waiters.Where(w => w.Symbol == symbol && w.Order == order && quantity >= w.Quantity)) waiter.Seen.TrySetResult();
        }
    }

    /// <summary>Waits until trades of so much were seen, at most for so long: whoever tells of an order and whoever tells of its trades are not one.</summary>
    internal async Task WaitAsync(string symbol, long order, decimal quantity, TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
    {
        var waiter = new Waiter(symbol, order, quantity, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (_orders.TryGetValue((symbol, order), out var trades) && trades.Values.Sum(t => t.Quantity) >= quantity) return;
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Seen.Task.WaitAsync(atMost, time, cancellation);
        }
        catch (TimeoutException)
        {
            // Then it is told without them.
        }
        finally
        {
            lock (_lock) _waiters.Remove(waiter);
        }
    }

    /// <summary>The report with fees and price, as far as all of its trades were seen.</summary>
    /// <param name="report">What the venue says of the order.</param>
    /// <param name="order">The venue's number of the order.</param>
    /// <param name="baseAsset">A fee in this asset lowers what is held; null where fees never do.</param>
    /// <param name="complete">False when trades are missing.</param>
    internal OrderReport Complete(OrderReport report, long order, string? baseAsset, out bool complete)
    {
        complete = report.Filled.IsZero;
        if (complete) return report;
        lock (_lock)
        {
            if (!_orders.TryGetValue((report.Instrument.Value, order), out var trades)) return report;
            var quantity = trades.Values.Sum(t => t.Quantity);

            // More than is reported: this report is older than the stream, and its fees are at most those of all trades.
            if (quantity < report.Filled.Value) return report;
            complete = true;
            if (quantity > report.Filled.Value) report = report with { Filled = new Contracts(quantity) };
            var fees = trades.Values.Where(t => t.Fee != 0m).GroupBy(t => t.FeeAsset, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new Fee(new AssetName(g.Key), g.Sum(t => t.Fee))).ToImmutableArray();
            return report with
            {
                Fees = fees,
                FeeInBase = new Contracts(baseAsset is null ? 0m : fees.Where(f => string.Equals(f.Asset.Value, baseAsset, StringComparison.Ordinal)).Sum(f => f.Amount)),
                AveragePrice = new Price(trades.Values.Sum(t => t.Quantity * t.Price) / quantity),
            };
        }
    }

    private sealed record Waiter(string Symbol, long Order, decimal Quantity, TaskCompletionSource Seen);
}
