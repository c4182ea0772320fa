using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>An order that the simulator took. On Linux its clock is the machine's monotonic one, in which all processes here count.</summary>
/// <param name="Symbol">Which of the symbols.</param>
/// <param name="Quantity">In the base asset, sells below zero.</param>
/// <param name="Timestamp">When all of its request was there.</param>
internal readonly record struct TakenOrder(int Symbol, decimal Quantity, long Timestamp);

/// <summary>One Binance product of the simulator, as a process of its own, without limits and with funds.</summary>
internal sealed class BinanceService : IAsyncDisposable
{
    private const decimal Funds = 1_000_000_000_000m;

    private readonly Child _child;
    private readonly HttpClient _control;

    private BinanceService(Child child, string product, Uri rest, Uri control, string key, string secret)
    {
        (_child, Product, Rest, Key, Secret) = (child, product, rest, key, secret);
        _control = new HttpClient { BaseAddress = new Uri(control, $"/{product}/") };
    }

    /// <summary>"spot" or "usdm".</summary>
    public string Product { get; }

    public Uri Rest { get; }

    public string Key { get; }

    public string Secret { get; }

    /// <summary>Requests that were no orders, when the orders were read last.</summary>
    public int Others { get; private set; }

    /// <summary>Where orders go.</summary>
    public string OrderPath => Product == "spot" ? "/api/v3/order" : "/fapi/v1/order";

    public static async Task<BinanceService> StartAsync(string product, int symbols)
    {
        var child = Child.StartProgram(
            Child.Simulators, null, "binance", "--port", "0", "--no-limits", "--more-instruments", symbols.ToString(CultureInfo.InvariantCulture));
        try
        {
            var up = await child.SeesAsync(@"secret +(\S+)");
            var said = child.Said;
            var service = new BinanceService(child, product, new Uri(Word(said, "rest")), new Uri(Word(said, "control")), Word(said, "key"), up.Groups[1].Value);
            await service.FundAsync();
            return service;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Forgets the orders that came so far.</summary>
    public Task ForgetAsync() => DoAsync("clear-received", new { });

    /// <summary>From now on an order, and every reading, takes so long at the venue.</summary>
    public Task TakeAsync(int milliseconds) => DoAsync("latency", new { milliseconds });

    /// <summary>The orders that came, in the order in which they came. One that was refused makes the run worthless.</summary>
    public async Task<IReadOnlyList<TakenOrder>> OrdersAsync()
    {
        var received = await _control.GetFromJsonAsync<JsonElement>("received");
        Others = received.EnumerateArray().Count(r => r.GetProperty("request").GetString() != $"POST {OrderPath}");
        var orders = new List<TakenOrder>();
        foreach (var request in received.EnumerateArray().Where(r => r.GetProperty("request").GetString() == $"POST {OrderPath}"))
        {
            var values = request.GetProperty("parameters").EnumerateArray()
                .ToDictionary(p => p.GetProperty("key").GetString()!, p => p.GetProperty("value").GetString()!, StringComparer.Ordinal);
            if (request.GetProperty("status").GetInt32() != 200) throw new InvalidOperationException($"The simulator refused an order: {request}");
            var quantity = decimal.Parse(values["quantity"], CultureInfo.InvariantCulture);
            orders.Add(new TakenOrder(
                int.Parse(values["symbol"].AsSpan(1, 3), CultureInfo.InvariantCulture),
                values["side"] == "BUY" ? quantity : -quantity,
                request.GetProperty("timestamp").GetInt64()));
        }

        return [.. orders.OrderBy(o => o.Timestamp)];
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _child.DisposeAsync();
    }

    private static string Word(string said, string name) =>
        said.Split('\n').First(l => l.StartsWith(name + " ", StringComparison.Ordinal))[name.Length..].Trim();

    // Spot fees are paid in BNB, so that each deal is one order of its own size.
    private async Task FundAsync()
    {
        await DoAsync("deposit", new { asset = "USDT", amount = Funds });
        if (Product != "spot") return;
        await DoAsync("deposit", new { asset = "BNB", amount = Funds });
        await DoAsync("bnb-fees", new { on = true });
    }

    private async Task DoAsync(string command, object body)
    {
        using var content = JsonContent.Create(body);
        await content.LoadIntoBufferAsync();
        using var answer = await _control.PostAsync(command, content);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{command}: {await answer.Content.ReadAsStringAsync()}");
    }
}
