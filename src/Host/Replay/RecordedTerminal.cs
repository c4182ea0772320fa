using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Feeds.Replay;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Host.Replay;

/// <summary>The terminal of a recorded history: before its first deal, and with as many of its deals as were played.</summary>
internal sealed class RecordedTerminal
{
    private const long NamelessLogin = 1;
    private const string NamelessServer = "Replay";

    private readonly RecordedHistory _history;

    public RecordedTerminal(RecordedHistory history, IReadOnlyDictionary<string, decimal> contractSizes)
    {
        _history = history;
        var magics = history.Deals.Select(d => d.Magic).Concat(history.OpeningPositions.Select(p => p.Magic)).Distinct().ToArray();
        Terminal = new SimulatedTerminal(new TerminalId(history.Login ?? NamelessLogin, history.Server ?? NamelessServer), history.Margin, magics)
        {
            Currency = history.Currency ?? "USD",
        };
        Facts = [.. history.Symbols.Select(s => FactsOf(s, contractSizes.GetValueOrDefault(s.Value, 1m)))];
        foreach (var facts in Facts) Terminal.Describe(facts);
        foreach (var p in history.OpeningPositions) Terminal.Open(new HedgingPosition(p.Position, p.Magic, p.Symbol, p.Side, p.Volume));
    }

    /// <summary>The terminal.</summary>
    public SimulatedTerminal Terminal { get; }

    /// <summary>What it says of its symbols.</summary>
    public IReadOnlyList<SymbolFacts> Facts { get; }

    /// <summary>How many deals it has.</summary>
    public int Played { get; private set; }

    /// <summary>The next deal; null at the end.</summary>
    public Deal? Next => Played < _history.Deals.Count ? _history.Deals[Played] : null;

    /// <summary>Lets the next deal happen.</summary>
    public void Step()
    {
        Terminal.Apply(_history.Deals[Played]);
        Played++;
    }

    /// <summary>Deals are played in order and recorded in order: the host has those up to the last one that any stream names.</summary>
    public int RecordedBy(IReadOnlyList<ResumePoint> resume)
    {
        var last = resume.Where(r => r.Deal != 0).Select(r => r.Deal).ToHashSet();
        for (var i = _history.Deals.Count; i > 0; i--)
            if (last.Contains(_history.Deals[i - 1].Ticket)) return i;
        return 0;
    }

    // Neither reports nor deals tell what a symbol is: the step is the finest that was traded, sizes are as the caller says.
    private SymbolFacts FactsOf(SymbolName symbol, decimal contractSize)
    {
        var deals = _history.Deals.Where(d => d.Symbol == symbol).ToArray();
        var volumes = deals.Select(d => d.Volume.Value).Concat(_history.OpeningPositions.Where(p => p.Symbol == symbol).Select(p => p.Volume.Value));
        var step = volumes.Aggregate(0m, GreatestCommonDivisor);
        var digits = deals.Select(d => d.Price.Scale).DefaultIfEmpty((byte)0).Max();
        return new SymbolFacts(
            symbol, contractSize, new Lots(step), new Lots(step), "", _history.Currency ?? "USD", _history.Currency ?? "USD", Math.Min(digits, (byte)10), "", "", "");
    }

    private static decimal GreatestCommonDivisor(decimal a, decimal b)
    {
        while (b != 0m) (a, b) = (b, a % b);
        return a;
    }
}
