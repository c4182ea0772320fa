using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Binance;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>
/// Answers and events of the venue, read by the gateway's types and compared member by member. The files lie beside the repository where they may be used;
/// the same tests run on small ones of our own (<c>fixtures/</c>), which have the same names.
/// </summary>
public sealed class FixtureTests
{
    private static readonly BinanceJson s_json = BinanceJson.Default;

    private static readonly Dictionary<string, Fixture> s_read = new(StringComparer.Ordinal)
    {
        ["error.json"] = Whole(s_json.ErrorWire),
        ["spot.time.json"] = Whole(s_json.TimeWire),
        ["spot.exchangeInfo.json"] = Whole(s_json.SpotExchangeInfoWire),
        ["spot.exchangeInfo.shape2026.json"] = Whole(s_json.SpotExchangeInfoWire),
        ["spot.account.json"] = Whole(s_json.SpotAccountWire),
        ["spot.order.post.full.json"] = Whole(s_json.SpotOrderWire, Order),
        ["spot.order.post.result.json"] = Whole(s_json.SpotOrderWire, Order),
        ["spot.order.post.market.expired-partial.json"] = Whole(s_json.SpotOrderWire, Order),
        ["spot.order.get.json"] = Whole(s_json.SpotOrderWire, Order),
        ["spot.order.delete.json"] = Whole(s_json.SpotOrderWire, Order),
        ["spot.openOrders.json"] = Whole(s_json.SpotOrderWireArray, Orders),
        ["spot.myTrades.json"] = Whole(s_json.TradeWireArray),
        ["spot.myTrades.bnb-fee.json"] = Whole(s_json.TradeWireArray),
        ["spot.event.executionReport.new.json"] = In(s_json.SpotExecutionWire, r => [r.GetProperty("event")], Execution),
        ["spot.event.executionReport.market-expired-sequence.json"] = In(s_json.SpotExecutionWire, r => r.EnumerateArray().Where(e => e.GetProperty("e").GetString() == "executionReport"), Execution),
        ["spot.wsapi.key-revoked.json"] = In(s_json.ErrorWire, r => [r.GetProperty("error")]),
        ["spot.wsapi.error.json"] = In(s_json.ErrorWire, r => FromServer(r).Select(m => m.GetProperty("error"))),
        ["spot.wsapi.error.418.json"] = In(s_json.ErrorWire, r => FromServer(r).Select(m => m.GetProperty("error"))),
        ["usdm.exchangeInfo.json"] = Whole(s_json.UsdmExchangeInfoWire),
        ["usdm.balance.v3.json"] = Whole(s_json.UsdmBalanceWireArray),
        ["usdm.accountConfig.json"] = Whole(s_json.UsdmAccountConfigWire),
        ["usdm.positionRisk.v3.one-way.json"] = Whole(s_json.UsdmPositionWireArray),
        ["usdm.positionRisk.v3.hedge.json"] = Whole(s_json.UsdmPositionWireArray),
        ["usdm.order.post.json"] = Whole(s_json.UsdmOrderWire, Order),
        ["usdm.order.get.json"] = Whole(s_json.UsdmOrderWire, Order),
        ["usdm.order.delete.json"] = Whole(s_json.UsdmOrderWire, Order),
        ["usdm.openOrder.get.json"] = Whole(s_json.UsdmOrderWire, Order),
        ["usdm.batchOrders.post.recorded-2025.json"] = Whole(s_json.UsdmOrderWireArray, Orders),
        ["usdm.batchOrders.post.mixed.json"] = In(s_json.UsdmOrderWire, r => r.EnumerateArray().Where(o => o.TryGetProperty("orderId", out _)), Order),
        ["usdm.userTrades.json"] = Whole(s_json.TradeWireArray),
        ["usdm.listenKey.post.json"] = Whole(s_json.UsdmListenKeyWire),
        ["usdm.event.ORDER_TRADE_UPDATE.sequence.json"] = In(s_json.UsdmOrderEventWire, r => r.EnumerateArray(), (e, raw) => Execution(e.Order, raw.GetProperty("o"))),
        ["usdm.event.ACCOUNT_UPDATE.hedge.json"] = In(s_json.UsdmAccountEventWire, r => FromServer(r).Where(m => m.TryGetProperty("data", out _)).Select(m => m.GetProperty("data"))),
    };

    private static readonly Dictionary<string, string> s_unused = new(StringComparer.Ordinal)
    {
        ["spot.account.commission.json"] = "fees are counted as they are taken, not foreseen",
        ["spot.myFilters.json"] = "an account's own limits are told by the refusal",
        ["spot.rateLimit.order.json"] = "the headers of every answer tell it",
        ["spot.order.post.ack.json"] = "orders ask for the full answer",
        ["spot.openOrders.delete.json"] = "orders are cancelled one by one",
        ["spot.wsapi.order.place.json"] = "orders go over HTTP",
        ["spot.wsapi.order.status.json"] = "look-ups go over HTTP",
        ["spot.wsapi.session.logon.json"] = "for another kind of key",
        ["spot.wsapi.subscribe.signature.json"] = "only its status is read; the conformance suite subscribes with it",
        ["spot.wsapi.serverShutdown.json"] = "only its name is read: see the tests of the stream",
        ["spot.wsapi.event.wrapped.json"] = "balances are told by orders and by readings",
        ["spot.event.outboundAccountPosition.json"] = "balances are told by orders and by readings",
        ["spot.event.balanceUpdate.json"] = "only its name is read: the account is read anew",
        ["spot.event.eventStreamTerminated.json"] = "only its name is read: see the tests of the stream",
        ["usdm.account.v3.json"] = "positions are read where they stand with their side",
        ["usdm.positionSide.dual.get.json"] = "the account's configuration says the same for less weight",
        ["usdm.positionSide.dual.post.json"] = "nothing of the account is changed",
        ["usdm.leverage.post.json"] = "nothing of the account is changed",
        ["usdm.symbolConfig.json"] = "leverage and margin are the person's",
        ["usdm.commissionRate.json"] = "fees are counted as they are taken, not foreseen",
        ["usdm.algoOrder.post.json"] = "only market orders are sent",
        ["usdm.algoOrder.delete.json"] = "only market orders are sent",
        ["usdm.event.TRADE_LITE.json"] = "the same trade comes again with everything",
        ["usdm.event.ACCOUNT_CONFIG_UPDATE.json"] = "leverage and margin are the person's",
        ["usdm.event.MARGIN_CALL.json"] = "only its name is read, for the log",
        ["usdm.event.ALGO_UPDATE.json"] = "only market orders are sent",
    };

    // The recorded lists of filters are older, or shortened.
    private static readonly string[] s_notRecorded = [$"{nameof(FilterWire)}.{nameof(FilterWire.ApplyMinToMarket)}"];

    private delegate void Fixture(JsonElement root, WireCheck check, string file);

    public static TheoryData<string> Files => [.. s_read.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_member_is_read_as_it_stands(string file)
    {
        var found = Folders().Select(f => Path.Combine(f, file)).Where(File.Exists).ToArray();
        found.ShouldNotBeEmpty("each file has one of our own");
        foreach (var path in found) Read(path, new WireCheck());
    }

    [Fact]
    public void Every_member_that_a_type_names_is_somewhere_in_a_file()
    {
        // In the files of each folder: a name that is misspelt would be in none.
        foreach (var folder in Folders())
        {
            var check = new WireCheck();
            foreach (var file in s_read.Keys.Where(f => File.Exists(Path.Combine(folder, f)))) Read(Path.Combine(folder, file), check);
            check.Known.Count.ShouldBeGreaterThan(60);
            check.Known.Except(check.Seen).Except(folder == OwnFolder ? [] : s_notRecorded).ShouldBeEmpty(folder);
        }
    }

    [Fact]
    public void Every_file_is_read_or_left_out_for_a_reason()
    {
        s_read.Keys.Intersect(s_unused.Keys).ShouldBeEmpty();
        var own = Directory.GetFiles(OwnFolder, "*.json").Select(f => Path.GetFileName(f)).ToArray();
        own.Order(StringComparer.Ordinal).ShouldBe(s_read.Keys.Order(StringComparer.Ordinal), "one of our own for each that is read");
        if (SharedFolder is not { } shared) return;
        var there = Directory.GetFiles(shared, "*.json").Select(f => Path.GetFileName(f)).ToArray();
        there.Except(s_read.Keys).Except(s_unused.Keys).ShouldBeEmpty("a file that nobody reads and nobody left out");
        s_read.Keys.Concat(s_unused.Keys).Except(there).ShouldBeEmpty("a file that is not there any more");
    }

    private static void Read(string path, WireCheck check)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        s_read[Path.GetFileName(path)](json.RootElement, check, path);
    }

    private static Fixture Whole<T>(JsonTypeInfo<T> type, Action<T, JsonElement>? also = null)
        where T : class => In(type, root => [root], also);

    private static Fixture In<T>(JsonTypeInfo<T> type, Func<JsonElement, IEnumerable<JsonElement>> where, Action<T, JsonElement>? also = null)
        where T : class => (root, check, file) =>
    {
        var count = 0;
        foreach (var raw in where(root))
        {
            count++;
            var read = Venues.Http.VenueJson.Read(raw, type).ShouldNotBeNull(file);
            check.Same(read, raw, file);
            also?.Invoke(read, raw);
        }

        count.ShouldBeGreaterThan(0, file);
    };

    private static IEnumerable<JsonElement> FromServer(JsonElement root) => root.TryGetProperty("transcript", out var transcript)
        ? transcript.EnumerateArray().Where(m => m.GetProperty("from").GetString() == "server").Select(m => m.GetProperty("message"))
        : [root];

    private static void Orders(SpotOrderWire[] read, JsonElement raw)
    {
        for (var i = 0; i < read.Length; i++) Order(read[i], raw[i]);
    }

    private static void Orders(UsdmOrderWire[] read, JsonElement raw)
    {
        for (var i = 0; i < read.Length; i++) Order(read[i], raw[i]);
    }

    private static void Order(SpotOrderWire read, JsonElement raw)
    {
        var report = Same(read.ToOrder(), raw, "clientOrderId", "origQty", "executedQty", "status", "side", "symbol", "orderId");
        report.PositionSide.ShouldBe(Domain.Identity.PositionSide.Net);
        var (filled, quote) = (Number(raw, "executedQty"), raw.TryGetProperty("cummulativeQuoteQty", out _) ? Number(raw, "cummulativeQuoteQty") : 0m);
        report.AveragePrice?.Value.ShouldBe(filled > 0m ? quote / filled : 0m);
        (report.AveragePrice is null).ShouldBe(filled == 0m || quote == 0m);
        if (raw.TryGetProperty("fills", out var fills)) fills.EnumerateArray().Sum(f => Number(f, "qty")).ShouldBe(filled, "the sample agrees with itself");
    }

    private static void Order(UsdmOrderWire read, JsonElement raw) =>
        Same(read.ToOrder(), raw, "clientOrderId", "origQty", "executedQty", "status", "side", "symbol", "orderId").PositionSide.ToString().ToUpperInvariant()
            .ShouldBe(raw.GetProperty("positionSide").GetString() is var side && side == "BOTH" ? "NET" : side);

    private static void Execution(SpotExecutionWire read, JsonElement raw)
    {
        Same(read.ToOrder(), raw, "c", "q", "z", "X", "S", "s", "i");
        read.IsTrade.ShouldBe(raw.GetProperty("x").GetString() == "TRADE");
    }

    private static void Execution(UsdmExecutionWire read, JsonElement raw)
    {
        Same(read.ToOrder(), raw, "c", "q", "z", "X", "S", "s", "i");
        read.IsTheVenues.ShouldBe(raw.GetProperty("x").GetString() == "CALCULATED");
    }

    private static OrderReport Same(VenueOrder? order, JsonElement raw, string id, string quantity, string filled, string status, string side, string symbol, string number)
    {
        var report = order.ShouldNotBeNull().Report;

        // In the answer to a cancel and in its event, another member names the order.
        var named = new[] { "origClientOrderId", "C" }.Select(n => raw.TryGetProperty(n, out var original) ? original.GetString() : null).FirstOrDefault(n => !string.IsNullOrEmpty(n));
        report.ClientOrderId.Value.ShouldBe(named ?? raw.GetProperty(id).GetString());
        report.Quantity.Value.ShouldBe(Number(raw, quantity));
        report.Filled.Value.ShouldBe(Number(raw, filled));
        report.Instrument.Value.ShouldBe(raw.GetProperty(symbol).GetString());
        report.Side.ToString().ToUpperInvariant().ShouldBe(raw.GetProperty(side).GetString());
        order.Number.ShouldBe(raw.GetProperty(number).GetInt64());
        report.VenueOrderId.ShouldBe(raw.GetProperty(number).GetRawText());
        report.Status.ShouldBe(raw.GetProperty(status).GetString() switch
        {
            "NEW" or "PARTIALLY_FILLED" => OrderStatus.Open,
            "FILLED" => OrderStatus.Filled,
            "CANCELED" => OrderStatus.Cancelled,
            "EXPIRED" => OrderStatus.Expired,
            var other => throw new ShouldAssertException($"a status that this test does not know: {other}"),
        });
        return report;
    }

    private static decimal Number(JsonElement raw, string name) => decimal.Parse(raw.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Folders() => SharedFolder is { } shared ? [OwnFolder, shared] : [OwnFolder];

    private static string OwnFolder { get; } = Path.Combine(Root(), "tests", "Venues", "Binance", "fixtures");

    private static string? SharedFolder { get; } = Path.GetFullPath(Path.Combine(Root(), "..", "shared", "fixtures", "binance")) is var folder && Directory.Exists(folder) ? folder : null;

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this test's folders.");
    }
}
