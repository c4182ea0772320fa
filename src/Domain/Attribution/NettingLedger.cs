using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Attribution;

/// <summary>
/// Attribution on a netting or exchange account: a symbol has one position, but several streams may have made it, in either direction.
/// Kept per symbol. The sum over all streams and <see cref="Magic.Unattributed"/> is the terminal's position at any time.
/// </summary>
public sealed class NettingLedger : IAttributionBook
{
    private readonly HashSet<Magic> _listed;
    private readonly SortedDictionary<SymbolName, Book> _books = [];

    /// <summary>An empty ledger.</summary>
    /// <param name="listed">The magics that the terminal's Expert Advisor lists: their deals always count for them.</param>
    public NettingLedger(IEnumerable<Magic> listed) => _listed = [.. listed];

    /// <inheritdoc/>
    public IReadOnlyList<StreamLevel> Levels =>
        [.. _books.SelectMany(b => b.Value.Held.Select(h => new StreamLevel(h.Key, b.Key, LevelOfNet(h.Value))))];

    /// <inheritdoc/>
    public IReadOnlyDictionary<SymbolName, Level> Totals =>
        _books.Where(b => b.Value.Total != 0m).ToDictionary(b => b.Key, b => LevelOfNet(b.Value.Total));

    /// <inheritdoc/>
    public Level LevelOf(Magic stream, SymbolName symbol) =>
        _books.TryGetValue(symbol, out var book) ? LevelOfNet(book[stream]) : Level.Flat;

    /// <summary>The magic that opened the symbol's position, as far as the ledger has seen or was told; null = unknown.</summary>
    public Magic? OwnerOf(SymbolName symbol) => _books.TryGetValue(symbol, out var book) ? book.Owner : null;

    /// <summary>Forgets everything and goes on from a given ledger. Entries of one stream in one symbol add up.</summary>
    public void Resume(IEnumerable<StreamLevel> levels)
    {
        _books.Clear();
        foreach (var entry in levels)
            BookOf(entry.Symbol).Add(entry.Stream, entry.Level.Net.Value);
        DropEmptyBooks();
    }

    /// <summary>Says which magic the symbol's position carries; a tie-breaker for exits that name no stream. Ignored when the symbol is flat.</summary>
    public void SetOwner(SymbolName symbol, Magic owner)
    {
        if (_books.TryGetValue(symbol, out var book)) book.Owner = owner;
    }

    /// <inheritdoc/>
    public IReadOnlyList<StreamChange> Apply(Deal deal)
    {
        var book = BookOf(deal.Symbol);
        var changes = new Changes(deal.Symbol, book);
        var signed = deal.Signed.Value;
        var before = book.Total;
        var after = before + signed;

        if (after == 0m)
            MakeFlat(book, changes, deal.Magic);
        else if (CountsForItsMagic(deal, book))
            changes.Add(deal.Magic, signed);
        else
            TakeFromHolders(deal, book, changes, before, signed);

        if (Math.Sign(before) != Math.Sign(after)) book.Owner = after == 0m ? null : deal.Magic;
        DropEmptyBooks(deal.Symbol);
        return changes.Net();
    }

    /// <inheritdoc/>
    public IReadOnlyList<StreamChange> Void(Deal deal, IReadOnlyList<StreamChange> changes)
    {
        var book = BookOf(deal.Symbol);
        var undo = new Changes(deal.Symbol, book);
        foreach (var change in changes.Where(c => c.Symbol == deal.Symbol))
            undo.Add(change.Stream, (change.Before.Net - change.After.Net).Value);
        if (book.Total == 0m) MakeFlat(book, undo, deal.Magic);
        DropEmptyBooks(deal.Symbol);
        return undo.Net();
    }

    /// <summary>
    /// Compares with what the terminal holds (net, every symbol that is not flat) and books each difference to <see cref="Magic.Unattributed"/>.
    /// </summary>
    /// <returns>The changes made: empty when ledger and terminal agree.</returns>
    public IReadOnlyList<StreamChange> Reconcile(IReadOnlyDictionary<SymbolName, Level> totals)
    {
        var all = new List<StreamChange>();
        foreach (var symbol in totals.Keys.Union(_books.Keys).Order().ToList())
        {
            var book = BookOf(symbol);
            var changes = new Changes(symbol, book);
            changes.Add(Magic.Unattributed, totals.GetValueOrDefault(symbol).Net.Value - book.Total);
            all.AddRange(changes.Net());
        }
        DropEmptyBooks();
        return all;
    }

    // Rule 1: with the account flat in the symbol, nobody can hold anything in it.
    private static void MakeFlat(Book book, Changes changes, Magic first)
    {
        changes.Add(first, -book[first]);
        foreach (var magic in book.Held.Keys.ToList())
            changes.Add(magic, -book[magic]);
    }

    // Rule 2. An exit that the trade server made (SL, TP, stop-out, rollover) opens nothing for anyone, whatever magic it happens to carry.
    private bool CountsForItsMagic(Deal deal, Book book) =>
        deal.Magic != Magic.Unattributed && !IsForcedExit(deal) && (_listed.Contains(deal.Magic) || book[deal.Magic] != 0m);

    private static bool IsForcedExit(Deal deal) =>
        deal.Entry != DealEntry.In
        && deal.Reason is DealReason.StopLoss or DealReason.TakeProfit or DealReason.StopOut or DealReason.Rollover;

    // Rules 3 and 4.
    private void TakeFromHolders(Deal deal, Book book, Changes changes, decimal before, decimal signed)
    {
        var side = Math.Sign(signed);
        var rest = Math.Abs(signed);
        var opening = 0m;
        if (deal.Entry == DealEntry.InOut && Math.Sign(before) == -side)
        {
            opening = rest - Math.Abs(before);
            rest = Math.Abs(before);
        }

        if (deal.Entry != DealEntry.In)
        {
            foreach (var magic in HoldersOnSide(book, -side, deal))
            {
                var taken = Math.Min(rest, Math.Abs(book[magic]));
                changes.Add(magic, side * taken);
                rest -= taken;
                if (rest == 0m) break;
            }
        }

        changes.Add(Magic.Unattributed, side * rest);
        changes.Add(deal.Magic, side * opening);
    }

    private static List<Magic> HoldersOnSide(Book book, int side, Deal deal) =>
    [
        .. book.Held
            .Where(h => Math.Sign(h.Value) == side && h.Key != Magic.Unattributed)
            .OrderBy(h => IsForcedExit(deal) && deal.Magic != Magic.ByHand && h.Key == deal.Magic ? 0 : h.Key == book.Owner ? 1 : 2)
            .ThenByDescending(h => Math.Abs(h.Value))
            .ThenBy(h => h.Key)
            .Select(h => h.Key),
    ];

    private Book BookOf(SymbolName symbol)
    {
        if (!_books.TryGetValue(symbol, out var book)) _books.Add(symbol, book = new Book());
        return book;
    }

    private void DropEmptyBooks()
    {
        foreach (var symbol in _books.Keys.ToList()) DropEmptyBooks(symbol);
    }

    private void DropEmptyBooks(SymbolName symbol)
    {
        if (_books[symbol].Held.Count == 0) _books.Remove(symbol);
    }

    private static Level LevelOfNet(decimal net) => Level.OfNet(new Lots(net));

    /// <summary>One symbol: signed lots by stream, zero never stored.</summary>
    private sealed class Book
    {
        public SortedDictionary<Magic, decimal> Held { get; } = [];

        public Magic? Owner { get; set; }

        public decimal Total { get; private set; }

        public decimal this[Magic magic] => Held.GetValueOrDefault(magic);

        public void Add(Magic magic, decimal signed)
        {
            if (signed == 0m) return;
            Total += signed;
            var held = this[magic] + signed;
            if (held == 0m) Held.Remove(magic);
            else Held[magic] = held;
        }
    }

    /// <summary>Changes the book and remembers each stream's level before the first change.</summary>
    private sealed class Changes(SymbolName symbol, Book book)
    {
        private readonly List<(Magic Magic, decimal Before)> _first = [];

        public void Add(Magic magic, decimal signed)
        {
            if (signed == 0m) return;
            if (!_first.Exists(f => f.Magic == magic)) _first.Add((magic, book[magic]));
            book.Add(magic, signed);
        }

        public IReadOnlyList<StreamChange> Net() =>
        [
            .. _first.Where(f => f.Before != book[f.Magic])
                .Select(f => new StreamChange(f.Magic, symbol, LevelOfNet(f.Before), LevelOfNet(book[f.Magic]))),
        ];
    }
}
