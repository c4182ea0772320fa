using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance;

/// <summary>How one gateway talks to one product.</summary>
internal sealed record BinanceLineOptions
{
    internal required BinanceProduct Product { get; init; }

    internal required BinanceNetwork Network { get; init; }

    internal required VenueCredentials Credentials { get; init; }

    internal required TimeProvider Time { get; init; }

    /// <summary>What is shared with other gateways to the same place.</summary>
    internal required VenuePlace Place { get; init; }

    internal HeaderLog? Log { get; init; }

    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Signed requests to one product: the venue's clock, its limits, its errors. Readings and cancels are sent again, once, when the venue refused our time;
/// an order never is.
/// </summary>
internal sealed partial class BinanceLine : IDisposable
{
    internal const string KeyHeader = "X-MBX-APIKEY";

    /// <summary>How long the venue may take a reading after its time stamp.</summary>
    private const int ReadingWindow = 5000;

    private const long LongestWindow = 60_000;

    private static readonly TimeSpan s_slowAnswer = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_banWithoutTime = TimeSpan.FromMinutes(2);

    private readonly BinanceLineOptions _options;
    private readonly BinanceProduct _product;
    private readonly HttpLine _http;
    private readonly HttpLine? _permissions;
    private readonly RateLimiter _orders;
    private readonly Uri _orderAddress;

    internal BinanceLine(BinanceLineOptions options)
    {
        _options = options;
        _product = options.Product;
        Key = new HmacKey(options.Credentials.Secret);
        _http = Open(options.Network.Rest);
        _permissions = options.Network.Permissions is { } other && other != options.Network.Rest ? Open(other) : null;
        _orders = new RateLimiter(options.Place.Clock, [.. _product.Limits.Where(l => l.Kind == RateKind.Orders)]);
        _orderAddress = _http.At(_product.Endpoints.PlaceOrder.Path);
        options.Place.Limits.ConfigureOnce(_product.Limits.Where(l => l.Kind == RateKind.Weight));
    }

    internal VenueClock Clock => _options.Place.Clock;

    internal HmacKey Key { get; }

    internal string ApiKey => _options.Credentials.Key;

    internal ErrorTable Errors => _product.Errors;

    /// <summary>Takes the limits that the venue told.</summary>
    internal void Configure(IEnumerable<RateLimitWire> told)
    {
        var limits = told.Select(l => l.ToLimit()).OfType<RateLimit>().ToArray();
        if (limits.Any(l => l.Kind == RateKind.Weight)) _options.Place.Limits.Configure(limits.Where(l => l.Kind == RateKind.Weight));
        if (limits.Any(l => l.Kind == RateKind.Orders)) _orders.Configure(limits.Where(l => l.Kind == RateKind.Orders));
    }

    /// <summary>Asks the venue for its time; keeps the connection warm besides.</summary>
    internal async Task<BinanceReply> MeasureClockAsync(bool lastIsWrong, CancellationToken cancellation)
    {
        var begun = Clock.Begin();
        var reply = await OnceAsync(_http, _product.Endpoints.Time, null, cancellation);
        if (reply.Read(BinanceJson.Default.TimeWire) is { } time && BinanceWords.At(time.ServerTime) is { } said) Clock.Take(said, begun, lastIsWrong);
        return reply;
    }

    /// <summary>Sends a request that may be repeated.</summary>
    internal Task<BinanceReply> AskAsync(BinanceEndpoint endpoint, Action<FormWriter>? parameters, CancellationToken cancellation) =>
        AskAgainAsync(() => OnceAsync(_http, endpoint, parameters, cancellation), cancellation);

    /// <summary>What the key may do; null where the network does not tell. Counted by the venue apart from the product's requests, and asked once a connection.</summary>
    internal async Task<BinanceReply?> AskPermissionsAsync(CancellationToken cancellation)
    {
        if (_options.Network.Permissions is null) return null;
        var line = _permissions ?? _http;
        return await AskAgainAsync(
            async () => _options.Place.Limits.Take(default) is { } wait ? NotSent(wait) : Obeyed(await line.SendAsync(HttpMethod.Get, Address(line, s_permissionsEndpoint, null), null, cancellation)),
            cancellation);
    }

    /// <summary>Sends an order, once. What the venue says of its time window is the order's own validity.</summary>
    /// <param name="check">Whether it may still go.</param>
    /// <param name="write">Writes the order's parameters.</param>
    /// <param name="cancellation">Gives up waiting; the order may live.</param>
    /// <returns>The answer, or the refusal by which not one byte left.</returns>
    internal async Task<(BinanceReply? Reply, SubmitOutcome.DeniedLocally? Refusal)> SubmitAsync(SendCheck check, Action<FormWriter, OrderRequest> write, CancellationToken cancellation)
    {
        if (check.Refusal() is { } early) return (null, early);
        var instrument = check.Order.Instrument;
        var cost = new RateCost(_product.Endpoints.PlaceOrder.Weight, Orders: 1, Urgent: true);
        if (Take(cost) is { } wait)
            return (null, new SubmitOutcome.DeniedLocally(new Rejection(RejectionClass.Wait, "rate-limit", $"{instrument}: the venue's limits are used up; the order was not sent.", wait)));

        SubmitOutcome.DeniedLocally? refusal = null;
        var body = new GuardedContent(Body(check, write), "application/x-www-form-urlencoded", () => (refusal = check.Refusal()) is null);
        var reply = await SendAsync(_http, HttpMethod.Post, _orderAddress, body, cost, null, cancellation);

        // Nobody has refused this order: the venue cannot be reached, which uses none of its tries.
        if (!body.Started) return (null, refusal ?? SendCheck.Denied(RejectionClass.Wait, "not-sent", $"{instrument}: the order was not sent: {reply.Why}."));
        if (reply.Has(ErrorEffect.ClockWrong)) await MeasureClockAsync(lastIsWrong: true, cancellation);
        return (reply, null);
    }

    public void Dispose()
    {
        _http.Dispose();
        _permissions?.Dispose();
    }

    /// <summary>Ends a form with time stamp, window and signature.</summary>
    internal void Sign(FormWriter form, long window)
    {
        form.Add("recvWindow"u8, window).Add("timestamp"u8, Clock.Milliseconds);
        Span<byte> signature = stackalloc byte[HmacKey.HexLength];
        Key.Sign(form.Written, signature);
        form.Add("signature"u8, signature);
    }

    // The venue takes an order as long as its clock is not beyond time stamp + window.
    internal byte[] Body(SendCheck check, Action<FormWriter, OrderRequest> write)
    {
        using var form = new FormWriter();
        write(form, check.Order);
        Sign(form, Math.Clamp((long)check.Left.TotalMilliseconds, 1, LongestWindow));
        return form.ToArray();
    }

    // The first measurement opens the line: when that takes long, it dates the next request ahead of the venue.
    private async Task<BinanceReply> AskAgainAsync(Func<Task<BinanceReply>> ask, CancellationToken cancellation)
    {
        var reply = await ask();
        if (!reply.Has(ErrorEffect.ClockWrong)) return reply;
        await MeasureClockAsync(lastIsWrong: true, cancellation);
        return await ask();
    }

    private async Task<BinanceReply> OnceAsync(HttpLine line, BinanceEndpoint endpoint, Action<FormWriter>? parameters, CancellationToken cancellation)
    {
        if (Take(endpoint.Cost) is { } wait) return NotSent(wait);
        return await SendAsync(line, endpoint.Method, Address(line, endpoint, parameters), null, endpoint.Cost, ReferenceEquals(endpoint, _product.Endpoints.ExchangeInfo) ? s_slowAnswer : null, cancellation);
    }

    private BinanceReply NotSent(TimeSpan wait) =>
        BinanceReply.NotSent($"the venue's limits are used up for {wait.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s", wait, _product.Errors);

    private Uri Address(HttpLine line, BinanceEndpoint endpoint, Action<FormWriter>? parameters)
    {
        if (parameters is null && !endpoint.Signed) return line.At(endpoint.Path);
        using var form = new FormWriter();
        parameters?.Invoke(form);
        if (endpoint.Signed) Sign(form, ReadingWindow);
        return line.At($"{endpoint.Path}?{form}");
    }

    private TimeSpan? Take(RateCost cost)
    {
        if (_options.Place.Limits.Take(cost) is { } wait) return wait;
        if (cost.Orders == 0 || _orders.Take(cost) is not { } orders) return null;
        _options.Place.Limits.GiveBack(cost);
        return orders;
    }

    private async Task<BinanceReply> SendAsync(HttpLine line, HttpMethod method, Uri address, HttpContent? body, RateCost cost, TimeSpan? within, CancellationToken cancellation)
    {
        HttpReply? answer = null;
        var begun = Clock.Now;
        try
        {
            answer = await line.SendAsync(method, address, body, cancellation, within);
        }
        finally
        {
            int? Used(RateLimit limit) => answer?.Number(limit.Header);
            _options.Place.Limits.Settle(cost, begun, Used);
            if (cost.Orders > 0) _orders.Settle(cost, begun, Used);
        }

        return Obeyed(answer);
    }

    // When the venue asks for silence there is silence.
    private BinanceReply Obeyed(HttpReply answer)
    {
        var reply = new BinanceReply(answer, _product.Errors);
        if (!reply.IsLimited) return reply;
        var pause = reply.RetryAfter ?? Banned(reply.Text) ?? ((int)reply.Status! == 418 ? s_banWithoutTime : _options.Place.Limits.UntilNextMinute());

        // An account's orders are its own matter: look-ups, cancels and the other accounts of this address go on.
        (reply.IsTooManyOrders ? _orders : _options.Place.Limits).Close(pause);
        return reply.RetryAfter is null ? new BinanceReply(answer with { RetryAfter = pause }, _product.Errors) : reply;
    }

    // "… banned until 1659146400000. …"
    private TimeSpan? Banned(string text) =>
        BannedUntil().Match(text) is { Success: true } found && long.TryParse(found.Groups["until"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            && DateTimeOffset.FromUnixTimeMilliseconds(until) - Clock.Now is var wait && wait > TimeSpan.Zero && wait < TimeSpan.FromDays(4) ? wait : null;

    private HttpLine Open(Uri address) => new(new HttpLineOptions
    {
        Address = address,
        Time = _options.Time,
        Timeout = _options.Timeout,
        KeyHeader = (KeyHeader, _options.Credentials.Key),
        Log = _options.Log,
    });

    private static readonly BinanceEndpoint s_permissionsEndpoint = new(HttpMethod.Get, "/sapi/v1/account/apiRestrictions", 1);

    [GeneratedRegex("until (?<until>\\d{13})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BannedUntil();
}
