using System.Text.Json;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Attribution;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Attribution;

/// <summary>Reads the vectors that every implementation of the policy runs.</summary>
internal static class AttributionVectors
{
    public static IReadOnlyList<AttributionCase> Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot(), "tests", "vectors", "attribution.json")));
        json.RootElement.GetProperty("format").GetInt32().ShouldBe(1);
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(c => new AttributionCase(c.Clone()))];
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln")))
                return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is in no parent folder of the test assembly.");
    }

    public static Deal DealOf(JsonElement d) => new(
        Ticket: d[0].GetInt64(),
        Order: d[0].GetInt64(),
        Position: d[1].GetInt64(),
        Magic: new Magic(d[2].GetInt64()),
        Symbol: new SymbolName(d[3].GetString()!),
        Side: SideOf(d[4]),
        Entry: d[5].GetString() switch
        {
            "in" => DealEntry.In,
            "out" => DealEntry.Out,
            "inout" => DealEntry.InOut,
            "out_by" => DealEntry.OutBy,
            var other => throw new InvalidDataException(other),
        },
        Volume: new Lots(d[6].GetDecimal()),
        Price: 1m,
        Time: d[0].GetInt64(),
        Reason: d[7].GetString() switch
        {
            "client" => DealReason.Client,
            "mobile" => DealReason.Mobile,
            "expert" => DealReason.Expert,
            "sl" => DealReason.StopLoss,
            "tp" => DealReason.TakeProfit,
            "so" => DealReason.StopOut,
            "rollover" => DealReason.Rollover,
            var other => throw new InvalidDataException(other),
        },
        Commission: 0m,
        Comment: "");

    public static OrderSide SideOf(JsonElement side) => side.GetString() == "buy" ? OrderSide.Buy : OrderSide.Sell;

    public static IReadOnlyList<StreamLevel> LevelsOf(JsonElement levels) =>
    [
        .. levels.EnumerateArray().Select(l => new StreamLevel(
            new Magic(l[1].GetInt64()),
            new SymbolName(l[0].GetString()!),
            new Level(new Lots(l[2].GetDecimal()), new Lots(l[3].GetDecimal())))),
    ];
}

/// <summary>One case: a book and the steps it goes through.</summary>
internal sealed class AttributionCase(JsonElement json)
{
    private readonly Dictionary<long, (Deal Deal, IReadOnlyList<StreamChange> Changes)> _applied = [];

    public string Name => json.GetProperty("name").GetString()!;

    public void Run()
    {
        var listed = json.GetProperty("listed").EnumerateArray().Select(m => new Magic(m.GetInt64()));
        var book = Book(listed);
        var number = 0;
        foreach (var step in json.GetProperty("steps").EnumerateArray())
        {
            number++;
            var changes = Apply(book, step);
            var where = $"{Name}, step {number}";
            changes.Select(c => c.Stream.Value).ShouldBe(step.GetProperty("changed").EnumerateArray().Select(m => m.GetInt64()), where);
            book.Levels.ShouldBe(AttributionVectors.LevelsOf(step.GetProperty("levels")), where);
            foreach (var change in changes) book.LevelOf(change.Stream, change.Symbol).ShouldBe(change.After, where);
        }
    }

    private IAttributionBook Book(IEnumerable<Magic> listed)
    {
        var start = json.TryGetProperty("start", out var s) ? s : default;
        if (json.GetProperty("mode").GetString() == "netting")
        {
            var ledger = new NettingLedger(listed);
            if (start.ValueKind == JsonValueKind.Array) ledger.Resume(AttributionVectors.LevelsOf(start));
            return ledger;
        }

        var book = new HedgingBook();
        if (start.ValueKind == JsonValueKind.Array)
            book.Resume(start.EnumerateArray().Select(p => new HedgingPosition(
                p[0].GetInt64(), new Magic(p[1].GetInt64()), new SymbolName(p[2].GetString()!), AttributionVectors.SideOf(p[3]), new Lots(p[4].GetDecimal()))));
        return book;
    }

    private IReadOnlyList<StreamChange> Apply(IAttributionBook book, JsonElement step)
    {
        if (step.TryGetProperty("deal", out var d))
        {
            var deal = AttributionVectors.DealOf(d);
            var changes = book.Apply(deal);
            _applied.Add(deal.Ticket, (deal, changes));
            return changes;
        }

        if (step.TryGetProperty("void", out var ticket))
        {
            var (deal, changes) = _applied[ticket.GetInt64()];
            return book.Void(deal, changes);
        }

        var ledger = (NettingLedger)book;
        if (step.TryGetProperty("totals", out var totals))
            return ledger.Reconcile(totals.EnumerateArray().ToDictionary(t => new SymbolName(t[0].GetString()!), t => Level.OfNet(new Lots(t[1].GetDecimal()))));
        if (step.TryGetProperty("ledger", out var levels))
        {
            ledger.Resume(AttributionVectors.LevelsOf(levels));
            return [];
        }

        var owner = step.GetProperty("owner");
        ledger.SetOwner(new SymbolName(owner[0].GetString()!), new Magic(owner[1].GetInt64()));
        return [];
    }
}
