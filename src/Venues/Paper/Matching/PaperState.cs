using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>
/// All that the venue knows. It changes by <see cref="Put"/> only, which also notes the change for the transaction; a start replays the
/// stored changes through <see cref="Apply(PaperChange)"/>.
/// </summary>
internal sealed class PaperState
{
    private readonly Dictionary<(PaperProduct, InstrumentId), Instrument> _instruments = [];
    private readonly Dictionary<(PaperProduct, InstrumentId), (decimal Price, bool Fed)> _prices = [];
    private readonly SortedDictionary<PaperAccountKey, AccountState> _accounts = [];
    private readonly Dictionary<long, PaperOrder> _orders = [];
    private readonly SortedSet<long> _orderNumbers = [];
    private readonly SortedSet<(DateTimeOffset, long)> _closed = [];
    private readonly SortedSet<(DateTimeOffset, long)> _due = [];
    private readonly Dictionary<(PaperAccountKey, string), long> _byClientId = [];
    private readonly Dictionary<long, PaperFill> _fills = [];
    private readonly SortedSet<long> _fillNumbers = [];
    private readonly Dictionary<long, List<long>> _fillsOfOrder = [];
    private readonly Queue<long> _fillsWithoutOrder = new();
    private readonly List<PaperChange> _changes = [];

    internal IReadOnlyDictionary<PaperAccountKey, AccountState> Accounts => _accounts;

    internal long LastOrder { get; private set; }

    internal long LastFill { get; private set; }

    internal int OrderCount => _orders.Count;

    internal int FillsWithoutOrder => _fillsWithoutOrder.Count;

    internal long OldestFillWithoutOrder => _fillsWithoutOrder.Peek();

    /// <summary>The open order whose rest fills next by itself.</summary>
    internal (DateTimeOffset At, long Number)? NextDue => _due.Count == 0 ? null : _due.Min;

    /// <summary>The order that has been closed for the longest time.</summary>
    internal (DateTimeOffset At, long Number)? OldestClosed => _closed.Count == 0 ? null : _closed.Min;

    internal IEnumerable<Instrument> Instruments(PaperProduct product) => _instruments.Where(p => p.Key.Item1 == product).Select(p => p.Value);

    internal Instrument? Instrument(PaperProduct product, InstrumentId id) => _instruments.GetValueOrDefault((product, id));

    internal (decimal Price, bool Fed)? Price(PaperProduct product, InstrumentId id) => _prices.TryGetValue((product, id), out var price) ? price : null;

    internal PaperOrder Order(long number) => _orders[number];

    internal PaperOrder? Order(PaperAccountKey account, ClientOrderId id) => _byClientId.TryGetValue((account, id.Value), out var number) ? _orders[number] : null;

    internal IEnumerable<PaperOrder> OrdersAfter(long number) => After(_orderNumbers, number).Select(n => _orders[n]);

    internal IEnumerable<PaperFill> FillsAfter(long number) => After(_fillNumbers, number).Select(n => _fills[n]);

    /// <summary>The changes since the last call.</summary>
    internal IReadOnlyList<PaperChange> TakeChanges()
    {
        var taken = _changes.ToArray();
        _changes.Clear();
        return taken;
    }

    internal void Put(PaperChange change)
    {
        Apply(change);
        _changes.Add(change);
    }

    internal void Apply(PaperChange change)
    {
        switch (change)
        {
            case PaperChange.InstrumentPut put: _instruments[(put.Product, put.Instrument.Id)] = put.Instrument; break;
            case PaperChange.PricePut put: _prices[(put.Product, put.Instrument)] = (put.Price, put.Fed); break;
            case PaperChange.AccountPut put: Apply(put.Account); break;
            case PaperChange.HoldingPut put: _accounts[put.Account].Put(put.Leg, put.Quantity, put.Sequence); break;
            case PaperChange.OrderPut put: Apply(put.Order); break;
            case PaperChange.FillAdded added: Apply(added.Fill); break;
            case PaperChange.OrderForgotten gone: ForgetOrder(gone.Number); break;
            case PaperChange.FillForgotten gone: ForgetFill(gone.Number); break;
            case PaperChange.IdsForgotten gone: _accounts[gone.Account].ForgottenIds[gone.Prefix] = gone.LastCounter; break;
            case PaperChange.NumbersPut put: (LastOrder, LastFill) = (put.LastOrder, put.LastFill); break;
            default: throw new InvalidOperationException($"No such change: {change.GetType().Name}.");
        }
    }

    private static IEnumerable<long> After(SortedSet<long> numbers, long number) =>
        number == long.MaxValue ? [] : numbers.GetViewBetween(number + 1, long.MaxValue);

    private void Apply(PaperAccount account)
    {
        if (_accounts.TryGetValue(account.Key, out var state)) state.Put(account);
        else _accounts[account.Key] = new AccountState(account);
    }

    private void Apply(PaperOrder order)
    {
        if (_orders.TryGetValue(order.Number, out var old))
        {
            _closed.Remove((old.UpdatedAt, old.Number));
            if (old.RestFillsAt is { } due) _due.Remove((due, old.Number));
        }

        _orders[order.Number] = order;
        _orderNumbers.Add(order.Number);
        _byClientId[(order.Account, order.Report.ClientOrderId.Value)] = order.Number;
        var open = _accounts[order.Account].Open;
        if (order.Report.IsClosed)
        {
            open.Remove(order.Number);
            _closed.Add((order.UpdatedAt, order.Number));
        }
        else
        {
            open.Add(order.Number);
            if (order.RestFillsAt is { } due) _due.Add((due, order.Number));
        }
    }

    private void Apply(PaperFill fill)
    {
        _fills[fill.Number] = fill;
        _fillNumbers.Add(fill.Number);
        if (fill.Order == 0)
        {
            _fillsWithoutOrder.Enqueue(fill.Number);
            return;
        }

        if (!_fillsOfOrder.TryGetValue(fill.Order, out var numbers)) _fillsOfOrder[fill.Order] = numbers = [];
        numbers.Add(fill.Number);
    }

    private void ForgetOrder(long number)
    {
        var order = _orders[number];
        _orders.Remove(number);
        _orderNumbers.Remove(number);
        _closed.Remove((order.UpdatedAt, number));
        _byClientId.Remove((order.Account, order.Report.ClientOrderId.Value));
        if (!_fillsOfOrder.Remove(number, out var fills)) return;
        foreach (var fill in fills)
        {
            _fills.Remove(fill);
            _fillNumbers.Remove(fill);
        }
    }

    private void ForgetFill(long number)
    {
        // Fills without an order are forgotten oldest first.
        _fillsWithoutOrder.Dequeue();
        _fills.Remove(number);
        _fillNumbers.Remove(number);
    }
}
