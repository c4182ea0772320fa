using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>Answers of the venue that are well formed and cannot be true, and true ones in another writing.</summary>
public sealed partial class WrongAnswerTests : IAsyncLifetime
{
    private const string Spot = "binance-spot";
    private const string OneWay = "binance-usdm";
    private const string Hedge = "binance-usdm, hedge";

    private static readonly string[] s_products = [Spot, OneWay, Hedge];

    // What is wrong, and the text that makes it so.
    private static readonly Dictionary<string, Action<JsonObject>> s_wrong = new(StringComparer.Ordinal)
    {
        ["another order's id"] = json => json[json.ContainsKey("origClientOrderId") ? "origClientOrderId" : "clientOrderId"] = "testrun00199999999",
        ["another symbol"] = json => json["symbol"] = "ETHUSDT",
        ["more filled than ordered"] = json => json["executedQty"] = "2.5",
        ["less than nothing filled"] = json => json["executedQty"] = "-1",
        ["filled, but not all of it"] = json => (json["status"], json["executedQty"]) = ("FILLED", "0.5"),
        ["a status nobody knows"] = json => json["status"] = "TELEPORTED",
        ["no status"] = json => json.Remove("status"),
        ["a side nobody knows"] = json => json["side"] = "BOTH",
        ["a quantity that is no number"] = json => json["executedQty"] = "NaN",
        ["a quantity beyond all numbers"] = json => json["executedQty"] = "1E400",
    };

    private BinanceHost _host = null!;

    public static TheoryData<string, string> Wrong => Each(s_wrong.Keys);

    public static TheoryData<string, string> Writings => Each(["E", "number", "number E"]);

    public static TheoryData<string> Products => [.. s_products];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        var unmet = _host.Unmet;
        await _host.DisposeAsync();
        unmet.ShouldBe(0, "trouble that nothing met proves nothing");
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_about_the_order_leaves_it_unknown(string product, string what)
    {
        var orders = await ReadyAsync(product);
        var order = orders.Buy(2m);
        Answer("POST", s_wrong[what]);
        var outcome = await Gateway.SubmitAsync(order, default).InTime();
        outcome.ShouldBeOfType<SubmitOutcome.Unknown>(outcome.ToString());
        (await _host.CountOrdersAsync()).ShouldBe(1);

        Answer("GET", s_wrong[what]);
        var found = await Gateway.FindAsync(orders.Key(order), default).InTime();
        found.ShouldBeOfType<LookupOutcome.Incomplete>(found.ToString());
        found = await Gateway.FindAsync(orders.Key(order), default).InTime();
        found.ShouldBeOfType<LookupOutcome.Found>(found.ToString()).Report.Filled.ShouldBe(order.Quantity);

        var resting = orders.Buy(2m);
        await _host.RestAsync(resting);
        Answer("DELETE", s_wrong[what]);
        var cancelled = await Gateway.CancelAsync(orders.Key(resting), default).InTime();
        cancelled.ShouldBeOfType<CancelOutcome.Unknown>(cancelled.ToString());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public async Task A_list_that_tells_of_the_order_what_cannot_be_is_no_answer(string product)
    {
        var orders = await ReadyAsync(product);
        var resting = orders.Buy(2m);
        await _host.RestAsync(resting);
        _host.Control.Script(
            BinanceRows.Error($"GET {_host.OrderPath}", -2013, "Order does not exist."),
            Edited("GET", $"{_host.Path("openOrders")}", text => Change(text, json => json["executedQty"] = "2.5")));
        var outcome = await Gateway.FindAsync(orders.Key(resting), default).InTime();
        outcome.ShouldBeOfType<LookupOutcome.Incomplete>(outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public async Task One_row_that_is_not_understood_makes_a_list_none(string product)
    {
        var orders = await ReadyAsync(product);
        (await Gateway.SubmitAsync(orders.Buy(2m), default).InTime()).ShouldBeOfType<SubmitOutcome.Confirmed>();
        await _host.RestAsync(orders.Buy(2m));

        _host.Control.Script(Edited("GET", _host.Path("exchangeInfo"), text => Change(text, json => json["symbols"]!.AsArray()[0]!["baseAsset"] = null)));
        (await Gateway.GetInstrumentsAsync(default).InTime()).Failure.ShouldNotBeNull();
        (await Gateway.GetInstrumentsAsync(default).InTime()).Value.ShouldContain(_host.Instrument);

        _host.Control.Script(Edited("GET", _host.HoldingsPath, text => Change(text, json => Row(json, "balances")[product == Spot ? "free" : "positionAmt"] = "some")));
        (await Gateway.ReadHoldingsAsync(default).InTime()).Failure.ShouldNotBeNull();
        (await _host.HeldAsync()).ShouldBeGreaterThan(2.9m);

        _host.Control.Script(Edited("GET", _host.Path("openOrders"), text => Change(text, json => json["status"] = "TELEPORTED")));
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Failure.ShouldNotBeNull();
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public async Task A_number_is_the_same_in_every_writing(string product, string writing)
    {
        var orders = await ReadyAsync(product);
        string[] requests =
        [
            $"POST {_host.OrderPath}", $"GET {_host.OrderPath}", $"GET {_host.HoldingsPath}", $"GET {_host.Path("exchangeInfo")}", $"GET {_host.Path("openOrders")}",
        ];
        foreach (var request in requests) _host.Control.Script(new Fault { Match = request, Executed = true, Ending = FaultEnding.Answer, Edit = text => Write(text, writing), Times = 0 });

        (await Gateway.GetInstrumentsAsync(default).InTime()).Value.Single(i => i.Id == _host.Instrument.Id).ShouldBe(_host.Instrument);
        var order = orders.Buy(0.35m);
        var report = (await Gateway.SubmitAsync(order, default).InTime()).ShouldBeOfType<SubmitOutcome.Confirmed>().Report;
        (report.Filled.Value, report.Quantity.Value, report.FeeInBase.Value).ShouldBe((0.35m, 0.35m, product == Spot ? 0.00035m : 0m));
        (await Gateway.FindAsync(orders.Key(order), default).InTime()).ShouldBeOfType<LookupOutcome.Found>().Report.Filled.Value.ShouldBe(0.35m);
        (await _host.HeldAsync()).ShouldBe(0.35m - report.FeeInBase.Value);
        await _host.RestAsync(orders.Buy(2.5m));
        (await Gateway.ReadOpenOrdersAsync(default).InTime()).Value.ShouldHaveSingleItem().Filled.Value.ShouldBe(1.25m);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public async Task What_was_seen_to_fill_is_not_told_as_less_by_an_older_look(string product)
    {
        var orders = await ReadyAsync(product);
        await using var events = Gateway.StreamAsync(default).GetAsyncEnumerator();
        await events.NextAsync<VenueEvent.Gap>();
        var order = orders.Buy(2m);
        (await Gateway.SubmitAsync(order, default).InTime()).ShouldBeOfType<SubmitOutcome.Confirmed>();
        await events.NextAsync<VenueEvent.OrderChanged>(e => e.Report.IsClosed);
        Answer("GET", json => (json["status"], json["executedQty"]) = ("PARTIALLY_FILLED", "0.5"));
        (await Gateway.FindAsync(orders.Key(order), default).InTime()).ShouldBeOfType<LookupOutcome.Found>().Report.Filled.ShouldBe(new Contracts(2m));
    }

    private IVenueGateway Gateway => _host.Gateway;

    private static TheoryData<string, string> Each(IEnumerable<string> cases)
    {
        var data = new TheoryData<string, string>();
        foreach (var one in cases)
            foreach (var product in s_products) data.Add(product, one);
        return data;
    }

    private async Task<OrderMaker> ReadyAsync(string product)
    {
        _host = (BinanceHost)await BinanceHost.StartAsync(product == Spot, product == Hedge ? PositionMode.Hedge : PositionMode.OneWay);
        (await Gateway.ConnectAsync(default).InTime()).Failure.ShouldBeNull();
        (await Gateway.GetInstrumentsAsync(default).InTime()).Failure.ShouldBeNull();
        return new OrderMaker(_host);
    }

    private void Answer(string method, Action<JsonObject> change) => _host.Control.Script(Edited(method, _host.OrderPath, text => Change(text, change)));

    private static Fault Edited(string method, string path, Func<string, string> edit) => new() { Match = $"{method} {path}", Executed = true, Ending = FaultEnding.Answer, Edit = edit };

    // The object, or the first of a list.
    private static string Change(string text, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(text)!;
        change(json is JsonArray list ? list[0]!.AsObject() : json.AsObject());
        return json.ToJsonString();
    }

    private static JsonObject Row(JsonObject json, string list) => json[list] is JsonArray rows ? rows[0]!.AsObject() : json;

    private static string Write(string text, string writing) => Decimals().Replace(text, found =>
    {
        var number = decimal.Parse(found.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        var written = writing == "number" ? number.ToString(CultureInfo.InvariantCulture) : number.ToString("0.################E+0", CultureInfo.InvariantCulture);
        return writing == "E" ? $"\"{written}\"" : written;
    });

    [GeneratedRegex("\"(?<number>-?[0-9]+\\.[0-9]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Decimals();
}
