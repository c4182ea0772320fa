using CSMultiConnector.Simulators.Binance;

namespace CSMultiConnector.Simulators.Tests.Binance;

/// <summary>Signatures over the exact text, the time window, keys and what they may do.</summary>
public sealed class SignatureTests
{
    private static readonly BinanceKey SpotKey = new("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
    private static readonly BinanceKey UsdmKey = new("dbefbc809e3e83c283a984c3a1459732ea7db1360ca80c5c2c8867408d28cc83", "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9");

    private static Task<Bench> WithKeysAsync(long nowMs) => Bench.StartAsync(
        new BinanceSimulatorOptions { Keys = [SpotKey, UsdmKey], SpotBalances = new Dictionary<string, decimal> { ["USDT"] = 100_000, ["BTC"] = 10 } },
        new ManualTime(DateTimeOffset.FromUnixTimeMilliseconds(nowMs)));

    /// <summary>The venue's published vectors, sent as they stand: only a right signature comes as far as the symbol or the price.</summary>
    [Theory]
    [InlineData("POST", "/api/v3/order", 1499827319559, "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71", -1121)]
    [InlineData("POST", "/api/v3/order", 1499827319559, "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559", "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3", -1121)]
    [InlineData("POST", "/fapi/v1/order", 1591702613943, "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943", "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9", 0)]
    [InlineData("GET", "/api/v3/account", 1499827319559, "omitZeroBalances=true&recvWindow=5000&timestamp=1499827319559", "807e9f33e2180fee3162aaa9fddb73c600a957ca7e8353e2c50ba2a31430a41f", 0)]
    [InlineData("POST", "/api/v3/order", 1499827319559, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.00100000&newClientOrderId=fd-0001&newOrderRespType=FULL&recvWindow=5000&timestamp=1499827319559", "209cef36871780fc1dab6a268be02a69adbb4b820eabba00535a09bd1019fa0b", 0)]
    [InlineData("POST", "/fapi/v1/order", 1591702613943, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.001&reduceOnly=true&newClientOrderId=fd-0001&newOrderRespType=RESULT&recvWindow=5000&timestamp=1591702613943", "9cb55e715619c0234996ba0708a111bbdad45ff0b621ea55704bf22cbe2bdcde", -2022)]
    public async Task Published_vectors_pass_the_gate_in_the_query_and_in_the_body(string method, string path, long now, string payload, string signature, int code)
    {
        foreach (var inBody in method == "POST" ? new[] { false, true } : [false])
        {
            await using var bench = await WithKeysAsync(now);
            var key = path.StartsWith("/fapi", StringComparison.Ordinal) ? UsdmKey.Key : SpotKey.Key;
            var text = $"{payload}&signature={signature}";
            var reply = inBody ? await bench.Client.SendAsync(method, path, text, key) : await bench.Client.SendAsync(method, $"{path}?{text}", key: key);
            reply.Code.ShouldBe(code, reply.Body);
            (await bench.Client.SendAsync(method, $"{path}?{payload}&signature={signature[..^1]}{(signature[^1] == '0' ? '1' : '0')}", key: key)).Code.ShouldBe(-1022);
        }
    }

    [Theory]
    [InlineData("order.place", 1645423376532, "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24", """{"apiKey":"KEY","price":"52000.00","quantity":"0.01000000","recvWindow":100,"side":"SELL","symbol":"BTCUSDT","timeInForce":"GTC","timestamp":1645423376532,"type":"LIMIT","signature":"SIG"}""")]
    [InlineData("userDataStream.subscribe.signature", 1747385641636, "681110a6057ad58657af22f5640fab9dd17418834cdfccdc81be8b0f7b2cde3e", """{"timestamp":1747385641636,"apiKey":"KEY","signature":"SIG"}""")]
    public async Task Published_vectors_of_the_websocket_api_pass(string method, long now, string signature, string parameters)
    {
        await using var bench = await WithKeysAsync(now);
        using var socket = await bench.Client.SpotSocketAsync();
        var json = parameters.Replace("KEY", SpotKey.Key, StringComparison.Ordinal);
        await socket.SendAsync($$"""{"id":7,"method":"{{method}}","params":{{json.Replace("SIG", signature, StringComparison.Ordinal)}}}""");
        var answer = await socket.NextAsync();
        while (!answer.TryGetProperty("id", out _)) answer = await socket.NextAsync();
        (answer.GetProperty("id").GetInt32(), answer.GetProperty("status").GetInt32()).ShouldBe((7, 200), answer.ToString());
        await socket.SendAsync($$"""{"id":8,"method":"{{method}}","params":{{json.Replace("SIG", new string('0', 64), StringComparison.Ordinal)}}}""");
        do answer = await socket.NextAsync();
        while (!answer.TryGetProperty("id", out _));
        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-1022);
    }

    [Fact]
    public async Task Query_and_body_are_signed_together_without_a_separator()
    {
        await using var bench = await Bench.StartAsync();
        var (query, body) = ("symbol=BTCUSDT&side=BUY&type=MARKET", $"quantity=0.001&timestamp={bench.Client.Now}");
        var right = RawClient.Sign(bench.Simulator.Key.Secret, query + body);
        var wrong = RawClient.Sign(bench.Simulator.Key.Secret, query + "&" + body);

        (await bench.Client.SendAsync("POST", $"/api/v3/order?{query}", $"{body}&signature={wrong}", bench.Simulator.Key.Key)).ShouldFail(-1022, "Signature for this request is not valid.");
        (await bench.Client.SendAsync("POST", $"/api/v3/order?{query}", $"{body}&signature={right}", bench.Simulator.Key.Key)).ShouldSucceed();
    }

    [Theory]
    [InlineData("POST", "/api/v3/order", "application/json")]
    [InlineData("POST", "/fapi/v1/order", "text/plain")]
    [InlineData("GET", "/api/v3/openOrders", "application/x-www-form-urlencoded")]
    public async Task A_body_counts_only_where_and_as_parameters_may_stand_in_it(string method, string path, string mediaType)
    {
        await using var bench = await Bench.StartAsync();
        var body = $"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001&timestamp={bench.Client.Now}";
        var key = bench.Simulator.Key;
        var reply = await bench.Client.SendAsync(method, path, $"{body}&signature={RawClient.Sign(key.Secret, body)}", key.Key, mediaType: mediaType);
        reply.ShouldFail(-1102, "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.");
    }

    [Fact]
    public async Task Signing_the_raw_text_and_sending_it_encoded_is_refused_and_so_is_sending_it_raw()
    {
        await using var bench = await Bench.StartAsync();
        var (raw, encoded) = ($"symbol=a:b&timestamp={bench.Client.Now}", $"symbol=a%3Ab&timestamp={bench.Client.Now}");
        var key = bench.Simulator.Key;

        (await bench.Client.SendAsync("GET", $"/api/v3/openOrders?{encoded}&signature={RawClient.Sign(key.Secret, raw)}", key: key.Key)).ShouldFail(-1022, "Signature for this request is not valid.");
        (await bench.Client.SendAsync("GET", $"/api/v3/openOrders?{raw}&signature={RawClient.Sign(key.Secret, raw)}", key: key.Key)).ShouldFail(-1022, "Signature for this request is not valid.");
        (await bench.Client.SendAsync("GET", $"/api/v3/openOrders?{encoded}&signature={RawClient.Sign(key.Secret, encoded)}", key: key.Key)).ShouldFail(-1121, "Invalid symbol.");
    }

    [Fact]
    public async Task The_signature_may_stand_anywhere_on_spot_and_must_be_last_on_usdm()
    {
        await using var bench = await Bench.StartAsync();
        var key = bench.Simulator.Key;
        var payload = $"timestamp={bench.Client.Now}";
        var first = $"signature={RawClient.Sign(key.Secret, payload)}&{payload}";

        (await bench.Client.SendAsync("GET", $"/api/v3/account?{first}", key: key.Key)).ShouldSucceed();
        (await bench.Client.SendAsync("GET", $"/fapi/v3/account?{first}", key: key.Key)).ShouldFail(-1022, "Signature for this request is not valid.");
    }

    [Theory]
    [InlineData("/api/v3/account")]
    [InlineData("/fapi/v3/account")]
    public async Task Clocks_may_differ_by_the_window_one_way_and_by_less_than_a_second_the_other(string path)
    {
        await using var bench = await Bench.StartAsync();
        async Task<Reply> At(long offsetMs, string window = "") =>
            await bench.Client.SignedAsync("GET", path, window, timestamp: (bench.Time.GetUtcNow().ToUnixTimeMilliseconds() + offsetMs).ToString(System.Globalization.CultureInfo.InvariantCulture));

        (await At(999)).ShouldSucceed();
        (await At(1000)).ShouldFail(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
        (await At(-5000)).ShouldSucceed();
        (await At(-5001)).ShouldFail(-1021, "Timestamp for this request is outside of the recvWindow.");
        (await At(-100, "recvWindow=100")).ShouldSucceed();
        (await At(-101, "recvWindow=100")).ShouldFail(-1021, "Timestamp for this request is outside of the recvWindow.");
        (await At(-60_000, "recvWindow=60000")).ShouldSucceed();
        (await At(0, "recvWindow=60001")).ShouldFail(-1131, "recvWindow must be less than 60000.");

        bench.Simulator.ClockOffset = TimeSpan.FromSeconds(-10);
        (await At(0)).ShouldFail(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    }

    [Theory]
    [InlineData("/api/v3/order", -1021, "Timestamp for this request is outside of the recvWindow.")]
    [InlineData("/fapi/v1/order", -5028, "Timestamp for this request is outside of the ME recvWindow.")]
    public async Task An_order_that_is_late_at_the_engine_is_not_placed(string path, int code, string message)
    {
        await using var bench = await Bench.StartAsync();
        bench.Spot.Latency = bench.Usdm.Latency = TimeSpan.FromMilliseconds(300);
        var sending = bench.Client.SignedAsync("POST", path, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01&recvWindow=200");
        await bench.Time.TimerWithinAsync(TimeSpan.FromMilliseconds(300));
        bench.Time.Advance(TimeSpan.FromMilliseconds(300));

        (await sending).ShouldFail(code, message);
        (bench.Spot.Orders.Count + bench.Usdm.Orders.Count).ShouldBe(0);
    }

    [Fact]
    public async Task Keys_are_checked_for_form_existence_and_permission()
    {
        var readOnly = new BinanceKey(new string('r', 64), "s") { SpotTrading = false, Futures = false };
        await using var bench = await Bench.StartAsync(new BinanceSimulatorOptions { Keys = [BinanceSimulatorOptions.DefaultKey, readOnly] });
        const string order = "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.001";

        (await bench.Client.SendAsync("GET", "/api/v3/account")).ShouldFail(-2014, "API-key format invalid.");
        (await bench.Client.SendAsync("GET", "/api/v3/account", key: "short")).ShouldFail(-2014, "API-key format invalid.");
        (await bench.Client.SendAsync("GET", "/api/v3/account", key: new string('x', 64))).ShouldFail(-2015, "Invalid API-key, IP, or permissions for action.");
        (await bench.Client.SignedAsync("GET", "/api/v3/account", key: readOnly)).ShouldSucceed();
        (await bench.Client.SignedAsync("POST", "/api/v3/order", order, readOnly)).ShouldFail(-2015, "Invalid API-key, IP, or permissions for action.");
        (await bench.Client.SignedAsync("GET", "/fapi/v3/account", key: readOnly)).ShouldFail(-2015, "Invalid API-key, IP, or permissions for action.");
        var restrictions = (await bench.Client.SignedAsync("GET", "/sapi/v1/account/apiRestrictions", key: readOnly)).ShouldSucceed();
        (restrictions["enableReading"], restrictions["enableSpotAndMarginTrading"], restrictions["enableFutures"], restrictions["enableWithdrawals"]).ShouldBe(("True", "False", "False", "False"));
        bench.Spot.Orders.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "timestamp")]
    [InlineData("timestamp=1", "signature")]
    public async Task Timestamp_and_signature_are_mandatory(string query, string missing)
    {
        await using var bench = await Bench.StartAsync();
        foreach (var path in new[] { "/api/v3/account", "/fapi/v3/account" })
            (await bench.Client.SendAsync("GET", $"{path}?{query}", key: bench.Simulator.Key.Key)).ShouldFail(-1102, $"Mandatory parameter '{missing}' was not sent, was empty/null, or malformed.");
    }
}
