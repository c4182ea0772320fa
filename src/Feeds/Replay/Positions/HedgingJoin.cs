using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay.Positions;

/// <summary>
/// Finds the position of every deal of a hedging report, whose rows do not name it. An opening deal's order is the id. A closing
/// deal is joined by, in this order: the row of the positions table with the same symbol, side, time, price, volume and profit;
/// the comment of a close-by; the only open position that can be meant; the only one whose price gives the reported profit.
/// </summary>
internal sealed class HedgingJoin
{
    private readonly IReadOnlyList<DealRow> _rows;
    private readonly IReadOnlyList<PositionRow> _positions;
    private readonly Magic _magic;
    private readonly decimal _rounding;
    private readonly Dictionary<long, Live> _live = [];
    private readonly Dictionary<long, Live> _before = [];
    private readonly Dictionary<SymbolName, ProfitFactor?> _factors = [];

    private HedgingJoin(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions, Magic magic)
    {
        (_rows, _positions, _magic) = (rows, positions, magic);
        var scale = rows.Count == 0 ? (byte)0 : rows.Max(r => r.Profit.Scale);
        _rounding = 0.5m * new decimal(1, 0, 0, false, scale);
    }

    public static JoinedHistory Join(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions, Magic magic, CancellationToken cancellation) =>
        new HedgingJoin(rows, positions, magic).Join(cancellation);

    /// <summary>The positions open before the first deal, as the position tables have them.</summary>
    public static List<OpeningPosition> Opening(IReadOnlyList<DealRow> rows, IReadOnlyList<PositionRow> positions, Magic magic)
    {
        var join = new HedgingJoin(rows, positions, magic);
        join.OpenBefore();
        return join.OpeningPositions();
    }

    private JoinedHistory Join(CancellationToken cancellation)
    {
        OpenBefore();
        var matched = MatchTable();
        var reserved = matched.Values.ToHashSet();
        var joined = new List<DealRow>(_rows.Count);
        for (var i = 0; i < _rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = _rows[i];
            var id = row.Deal.Entry switch
            {
                DealEntry.In => Open(row),
                DealEntry.InOut => throw HistoryFormatException.Damaged(row.Place, $"deal {row.Deal.Ticket} reverses a position, which a hedging account cannot"),
                _ => Close(row, matched.TryGetValue(i, out var known) ? known : Find(row, reserved)),
            };
            joined.Add(row with { Deal = row.Deal with { Position = id } });
        }

        return new JoinedHistory(joined, OpeningPositions());
    }

    private void OpenBefore()
    {
        foreach (var p in OpenedBefore.Of(_rows, _positions))
        {
            // A position that stands in both tables has a part of its volume in each.
            if (!_before.TryGetValue(p.Position, out var live))
                _live[p.Position] = _before[p.Position] = live = new Live(p.Position, p.Symbol, p.Side) { OpenTime = p.OpenTime, StaysOpen = true };
            live.Add(p.Volume.Value, p.OpenPrice);
            live.StaysOpen &= p.Close is null;
        }
    }

    private List<OpeningPosition> OpeningPositions() =>
        [.. _before.Values.OrderBy(p => p.Id).Select(p => new OpeningPosition(
            p.Id, _magic, p.Symbol, p.Side, new Lots(p.Opened), p.Price, p.OpenTime))];

    /// <summary>Index of the closing deal → position id. Rows alike in all of this are closed at one time and price: which is which changes nothing.</summary>
    private Dictionary<int, long> MatchTable()
    {
        var table = _positions.Where(p => p.Close is not null)
            .ToLookup(p => (p.Symbol, p.Side == OrderSide.Buy ? OrderSide.Sell : OrderSide.Buy, p.Close!.Time, p.Close.Price, p.Volume, p.Close.Profit));
        var deals = Enumerable.Range(0, _rows.Count)
            .Where(i => _rows[i].Deal.Entry is DealEntry.Out or DealEntry.OutBy)
            .GroupBy(i => (_rows[i].Deal.Symbol, _rows[i].Deal.Side, _rows[i].Deal.Time, _rows[i].Deal.Price, _rows[i].Deal.Volume, _rows[i].Profit));
        var matched = new Dictionary<int, long>();
        foreach (var group in deals)
        {
            var rows = table[group.Key].OrderBy(p => p.Position).ToList();
            if (rows.Count != group.Count()) continue;
            foreach (var (i, position) in group.Zip(rows)) matched[i] = position.Position;
        }

        return matched;
    }

    private long Open(DealRow row)
    {
        var id = row.Deal.Order;
        if (!_live.TryGetValue(id, out var live)) _live[id] = live = new Live(id, row.Deal.Symbol, row.Deal.Side);
        if (live.Symbol != row.Deal.Symbol || live.Side != row.Deal.Side)
            throw HistoryFormatException.Damaged(row.Place, string.Create(CultureInfo.InvariantCulture, $"order {id} opened another position before"));
        live.Add(row.Deal.Volume.Value, row.Deal.Price);
        return id;
    }

    private long Close(DealRow row, long id)
    {
        if (!_live.TryGetValue(id, out var live))
            throw HistoryFormatException.Damaged(
                row.Place, string.Create(CultureInfo.InvariantCulture, $"deal {row.Deal.Ticket} closes position {id}, whose opening deal is missing"));
        // What stays open at the end had this volume on top.
        if (live.StaysOpen) live.Add(row.Deal.Volume.Value, live.Price);
        if (live.Lots < row.Deal.Volume.Value)
            throw HistoryFormatException.Damaged(
                row.Place, $"deal {row.Deal.Ticket} closes {AmountText.Of(row.Deal.Volume.Value)} lots, but position {id} has {AmountText.Of(live.Lots)}");
        live.Lots -= row.Deal.Volume.Value;
        if (live.Lots == 0m && !live.StaysOpen) _live.Remove(id);
        return id;
    }

    private long Find(DealRow row, HashSet<long> reserved)
    {
        var candidates = _live.Values
            .Where(p => p.Symbol == row.Deal.Symbol && p.Side != row.Deal.Side && (p.Lots >= row.Deal.Volume.Value || p.StaysOpen))
            .ToList();
        var named = ReportText.PositionsInComment(row.Deal.Comment).ToHashSet();
        if (candidates.Where(p => named.Contains(p.Id)).ToList() is [var one]) return one.Id;
        candidates.RemoveAll(p => reserved.Contains(p.Id));
        switch (candidates)
        {
            case []:
                throw HistoryFormatException.Incomplete(
                    row.Place, $"deal {row.Deal.Ticket} closes {AmountText.Of(row.Deal.Volume.Value)} lots of {row.Deal.Symbol}, but no position that it can close is open");
            case [var only]:
                return only.Id;
        }

        var factor = FactorOf(row.Deal.Symbol);
        var fitting = factor is null ? candidates : candidates.FindAll(p => factor.Fits(row, p.Price));
        return fitting switch
        {
            [] => throw HistoryFormatException.Damaged(
                row.Place, $"the profit {AmountText.Of(row.Profit)} of deal {row.Deal.Ticket} fits none of the open positions {Ids(candidates)}"),
            [var only] => only.Id,
            // Alike in everything: the oldest goes first, and no level depends on it.
            _ when fitting.TrueForAll(p => p.Price == fitting[0].Price && p.Lots == fitting[0].Lots && !p.StaysOpen) => fitting.Min(p => p.Id),
            _ => throw HistoryFormatException.Ambiguous(
                row.Place, $"deal {row.Deal.Ticket} can have closed any of the positions {Ids(fitting)}"),
        };
    }

    private ProfitFactor? FactorOf(SymbolName symbol)
    {
        if (_factors.TryGetValue(symbol, out var known)) return known;
        return _factors[symbol] = ProfitFactor.Of(_rows.Where(r => r.Deal.Symbol == symbol), OpeningPositions().Where(p => p.Symbol == symbol), _rounding);
    }

    private static string Ids(IEnumerable<Live> positions) =>
        string.Join(", ", positions.Select(p => p.Id.ToString(CultureInfo.InvariantCulture)).Take(10));

    /// <summary>An open position during the walk.</summary>
    private sealed class Live(long id, SymbolName symbol, OrderSide side)
    {
        private decimal _value;

        public long Id => id;

        public SymbolName Symbol => symbol;

        public OrderSide Side => side;

        public long OpenTime { get; init; }

        /// <summary>Lots now open.</summary>
        public decimal Lots { get; set; }

        /// <summary>Lots ever opened.</summary>
        public decimal Opened { get; private set; }

        /// <summary>Stands in the table of open positions only: that is its volume at the end; the deals tell what it had more before.</summary>
        public bool StaysOpen { get; set; }

        /// <summary>Mean opening price.</summary>
        public decimal Price => Opened == 0m ? 0m : _value / Opened;

        public void Add(decimal lots, decimal price)
        {
            Lots += lots;
            Opened += lots;
            _value += lots * price;
        }
    }
}
