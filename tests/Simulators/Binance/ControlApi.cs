using System.Text.Json;
using System.Text.Json.Serialization;
using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>What a control request may say; each command reads its own fields.</summary>
internal sealed record ControlRequest
{
    public string? Symbol { get; init; }

    public string? Asset { get; init; }

    public string? Side { get; init; }

    public decimal? Price { get; init; }

    public decimal? Bid { get; init; }

    public decimal? Ask { get; init; }

    public decimal? Quantity { get; init; }

    public decimal? Amount { get; init; }

    public bool? Buy { get; init; }

    public bool? On { get; init; }

    public int? Count { get; init; }

    public long? OrderId { get; init; }

    public double? Milliseconds { get; init; }

    public string? How { get; init; }

    public Fault? Fault { get; init; }

    public BinanceKey? Key { get; init; }

    public Level[]? Bids { get; init; }

    public Level[]? Asks { get; init; }

    public JsonElement? Event { get; init; }
}

/// <summary>
/// The control over HTTP, for other processes: POST /spot/{command} or /usdm/{command} with a JSON object answers 200 and {"ok":true} or the result,
/// or 400 with the reason. GET /received, /state of either product read.
/// </summary>
internal sealed class ControlApi(BinanceSimulator simulator)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var parts = http.Request.Path.Value!.Trim('/').Split('/');
            ProductControl? product = parts[0] switch
            {
                "spot" => simulator.Spot,
                "usdm" => simulator.Usdm,
                _ => null,
            };
            if (parts is ["addresses"]) await WriteAsync(http, 200, Addresses());
            else if (product is null || parts.Length != 2) await WriteAsync(http, 404, new { error = "POST /spot/{command}, /usdm/{command}, or GET /addresses" });
            else
            {
                var request = http.Request.ContentLength is > 0
                    ? await JsonSerializer.DeserializeAsync<ControlRequest>(http.Request.Body, Options, http.RequestAborted) ?? new ControlRequest() : new ControlRequest();
                await WriteAsync(http, 200, await RunAsync(product, parts[1], request) ?? new { ok = true });
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            await WriteAsync(http, 400, new { error = e.Message });
        }
    }

    private static Task WriteAsync(HttpContext http, int status, object body)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, Options, http.RequestAborted);
    }

    private static T Need<T>(T? value, string name)
        where T : struct => value ?? throw new FormatException($"'{name}' is missing.");

    private static string Need(string? value, string name) => value ?? throw new FormatException($"'{name}' is missing.");

    private static TEnum Parse<TEnum>(string? text)
        where TEnum : struct, Enum => Enum.Parse<TEnum>(Need(text, "how"), ignoreCase: true);

    private object Addresses() => new
    {
        rest = simulator.RestUrl, spotWsApi = simulator.SpotWsApiUrl, usdmStreams = simulator.UsdmStreamUrl, usdmWsApi = simulator.UsdmWsApiUrl,
        key = simulator.Key.Key, secret = simulator.Key.Secret,
    };

    private async Task<object?> RunAsync(ProductControl product, string command, ControlRequest r)
    {
        switch (command)
        {
            case "received": return product.Received;
            case "clear-received": product.ClearReceived(); return null;
            case "orders": return product.Orders;
            case "price": product.SetPrice(Need(r.Symbol, "symbol"), r.Bid ?? Need(r.Price, "price"), r.Ask ?? Need(r.Price, "price")); return null;
            case "depth": product.SetDepth(Need(r.Symbol, "symbol"), r.Bids ?? [], r.Asks ?? []); return null;
            case "mark": product.SetMark(Need(r.Symbol, "symbol"), Need(r.Price, "price")); return null;
            case "fault": product.Script(r.Fault ?? throw new FormatException("'fault' is missing.")); return null;
            case "clear-faults": product.ClearFaults(); return null;
            case "kick": await product.KickStreamsAsync(r.How is null ? StreamEnd.Abort : Parse<StreamEnd>(r.How)); return null;
            case "mute": product.MuteStreams(r.On ?? true); return null;
            case "refuse-streams": product.RefuseStreams = r.On ?? true; return null;
            case "event-timing": product.EventTiming = Parse<EventTiming>(r.How); return null;
            case "release-events": product.ReleaseEvents(); return null;
            case "push-event": product.PushEvent((r.Event ?? throw new FormatException("'event' is missing.")).GetRawText()); return null;
            case "maintenance": product.Maintenance = r.On ?? true; return null;
            case "can-trade": product.CanTrade = r.On ?? true; return null;
            case "latency": product.Latency = TimeSpan.FromMilliseconds(Need(r.Milliseconds, "milliseconds")); return null;
            case "visibility-delay": product.VisibilityDelay = TimeSpan.FromMilliseconds(Need(r.Milliseconds, "milliseconds")); return null;
            case "clock-offset": simulator.ClockOffset = TimeSpan.FromMilliseconds(Need(r.Milliseconds, "milliseconds")); return null;
            case "used-weight": product.SetUsedWeight(Need(r.Count, "count")); return null;
            case "ban": product.Ban(TimeSpan.FromMilliseconds(Need(r.Milliseconds, "milliseconds"))); return null;
            case "key": product.SetKey(r.Key ?? throw new FormatException("'key' is missing.")); return null;
            case "revoke-key": product.RevokeKey(r.How ?? simulator.Key.Key); return null;
            case "freeze": product.FreezeHoldings(r.On ?? true); return null;
            case "cancel": product.CancelManually(Need(r.OrderId, "orderId")); return null;
            default: return product is SpotControl spot ? OfSpot(spot, command, r) : OfUsdm((UsdmControl)product, command, r);
        }
    }

    private static object? OfSpot(SpotControl spot, string command, ControlRequest r)
    {
        switch (command)
        {
            case "state": return new { balances = spot.Balances, openOrders = spot.OpenOrders, streams = spot.StreamCount };
            case "deposit": spot.Deposit(Need(r.Asset, "asset"), Need(r.Amount, "amount")); return null;
            case "bnb-fees": spot.BnbFees = r.On ?? true; return null;
            case "trade": return spot.TradeManually(Need(r.Symbol, "symbol"), r.Buy ?? true, Need(r.Quantity, "quantity"));
            case "status": spot.SetSymbol(spot.Symbol(Need(r.Symbol, "symbol")) with { Status = Need(r.How, "how") }); return null;
            case "terminate-subscriptions": spot.TerminateSubscriptions(); return null;
            case "announce-shutdown": spot.AnnounceShutdown(); return null;
            default: throw new FormatException($"There is no command '{command}'.");
        }
    }

    private static object? OfUsdm(UsdmControl usdm, string command, ControlRequest r)
    {
        switch (command)
        {
            case "state": return new { positions = usdm.Positions, wallet = usdm.Wallet, hedgeMode = usdm.HedgeMode, openOrders = usdm.OpenOrders, streams = usdm.StreamCount };
            case "deposit": usdm.Transfer(Need(r.Asset, "asset"), Need(r.Amount, "amount")); return null;
            case "funding": usdm.Funding(Need(r.Asset, "asset"), Need(r.Amount, "amount")); return null;
            case "bnb-fees": usdm.BnbFees = r.On ?? true; return null;
            case "hedge": usdm.HedgeMode = r.On ?? true; return null;
            case "only-reduce": usdm.OnlyReduce = r.On ?? true; return null;
            case "trade": return usdm.TradeManually(Need(r.Symbol, "symbol"), r.Buy ?? true, Need(r.Quantity, "quantity"), r.Side ?? "BOTH");
            case "status": usdm.SetSymbol(usdm.Symbol(Need(r.Symbol, "symbol")) with { Status = Need(r.How, "how") }); return null;
            case "liquidate": return usdm.Liquidate(Need(r.Symbol, "symbol"), r.Side ?? "BOTH", r.Quantity);
            case "deleverage": return usdm.Deleverage(Need(r.Symbol, "symbol"), r.Side ?? "BOTH", r.Quantity);
            case "settle": return usdm.Settle(Need(r.Symbol, "symbol"), r.Side ?? "BOTH");
            case "margin-call": usdm.MarginCall(Need(r.Symbol, "symbol"), r.Side ?? "BOTH"); return null;
            case "expire-listen-key": usdm.ExpireListenKey(); return null;
            default: throw new FormatException($"There is no command '{command}'.");
        }
    }
}
