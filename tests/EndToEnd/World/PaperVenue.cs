using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>A <c>paper</c> process, and what a person at the venue would do and see there.</summary>
internal sealed class PaperVenue : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly string? _data;
    private readonly string? _key;
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private Program _program;

    private PaperVenue(Program program, Uri address, string? data, string? key, IReadOnlyDictionary<string, string>? environment)
    {
        (_program, Address, _data, _key, _environment) = (program, address, data, key, environment);
        if (key is not null) _http.DefaultRequestHeaders.Add("X-Paper-Key", key);
    }

    public Uri Address { get; }

    public string Said => _program.Output + _program.Errors;

    public Program Running => _program;

    public static async Task<PaperVenue> StartAsync(string? data = null, string? key = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        // One that keeps its book may be killed and come back: on a port that nobody else gets meanwhile.
        var (program, address) = await LaunchAsync(data is null ? 0 : Service.FreePort(), data, key, environment);
        return new PaperVenue(program, address, data, key, environment);
    }

    /// <summary>SIGKILL, and up again with the same data on the same port.</summary>
    public async Task KillAndStartAgainAsync()
    {
        await _program.DisposeAsync();
        (_program, _) = await LaunchAsync(Address.Port, _data, _key, _environment);
    }

    public async Task PriceAsync(string instrument, decimal price, string product = "futures") => await PostAsync($"{product}/prices", new { instrument, price });

    public Task ListAsync(string id, string @base, string quote, decimal lotStep, string product = "futures") =>
        PostAsync($"{product}/instruments", new { instrument = new { id, @base, quote, lotStep, minQuantity = lotStep } });

    public Task TradeAsync(string instrument, string side, decimal quantity, string product = "futures") =>
        PostAsync($"{product}/trades", new { instrument, side, quantity });

    public Task MisbehaveAsync(object rule) => PostAsync("futures/misbehave", rule);

    public async Task BehaveAsync()
    {
        using var answer = await _http.DeleteAsync(At("futures/misbehave"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What the account holds, flat ones left out.</summary>
    public async Task<IReadOnlyDictionary<string, decimal>> HoldingsAsync(string product = "futures", string account = "main")
    {
        var all = await GetAsync($"{product}/holdings?account={account}");
        return all.EnumerateArray()
            .Select(h => (Name: h.GetProperty("name").GetString()!, Quantity: Amount(h, "quantity")))
            .Where(h => h.Quantity != 0m)
            .ToDictionary(h => h.Name, h => h.Quantity, StringComparer.Ordinal);
    }

    /// <summary>The same by name and side, for accounts in hedge mode.</summary>
    public async Task<IReadOnlyDictionary<(string Name, string Side), decimal>> HoldingsBySideAsync(string product, string account)
    {
        var all = await GetAsync($"{product}/holdings?account={account}");
        return all.EnumerateArray()
            .Select(h => (Key: (h.GetProperty("name").GetString()!, Text(h, "side")), Quantity: Amount(h, "quantity")))
            .Where(h => h.Quantity != 0m)
            .ToDictionary(h => h.Key, h => h.Quantity);
    }

    /// <summary>Every order of the account, oldest first.</summary>
    public Task<IReadOnlyList<PaperOrder>> OrdersAsync(string product = "futures", string account = "main") => AllAsync(
        product, account, "orders", o => new PaperOrder(
            Text(o, "clientOrderId"), Text(o, "instrument"), Text(o, "positionSide"), Text(o, "side"), Amount(o, "quantity"), Amount(o, "filled"), o.GetProperty("number").GetInt64()));

    /// <summary>Number of the newest futures order after one that is known, of any account; that one's when there is none.</summary>
    public async Task<long> LastOrderAsync(long known)
    {
        var (main, hedge) = (await GetAsync(Page("main")), await GetAsync(Page("hedge")));
        return Numbers(main).Concat(Numbers(hedge)).Append(known).Max();

        string Page(string account) => string.Create(CultureInfo.InvariantCulture, $"futures/orders?account={account}&limit=1000&after={known}");

        static IEnumerable<long> Numbers(JsonElement page) => page.GetProperty("orders").EnumerateArray().Select(o => o.GetProperty("number").GetInt64());
    }

    /// <summary>What was filled of each order, by the order's number.</summary>
    public async Task<IReadOnlyDictionary<long, decimal>> FilledByOrderAsync(string product, string account)
    {
        var fills = await AllAsync(product, account, "fills", f => (Order: f.GetProperty("order").GetInt64(), Quantity: Amount(f, "quantity")));
        return fills.GroupBy(f => f.Order).ToDictionary(g => g.Key, g => g.Sum(f => f.Quantity));
    }

    /// <summary>Every fill of the account, oldest first; sells below zero.</summary>
    public Task<IReadOnlyList<(string Instrument, decimal Signed)>> FillsAsync(string product = "futures", string account = "main") => AllAsync(
        product, account, "fills", f => (Text(f, "instrument"), Text(f, "side") == "buy" ? Amount(f, "quantity") : -Amount(f, "quantity")));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }

    private static async Task<(Program Program, Uri Address)> LaunchAsync(int port, string? data, string? key, IReadOnlyDictionary<string, string>? variables)
    {
        var arguments = new List<string> { "paper", "--port", port.ToString(CultureInfo.InvariantCulture), "--json" };
        if (data is not null) arguments.AddRange(["--data", data]);
        var environment = new Dictionary<string, string>(variables ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (key is not null) environment["CSMC_PAPER_KEY"] = key;
        var program = Program.Start(environment, [.. arguments]);
        var seen = await program.SeesAsync("\"url\":\"([^\"]+)\"");
        return (program, new Uri(seen.Groups[1].Value));
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(string product, string account, string what, Func<JsonElement, T> read)
    {
        var all = new List<T>();
        long? after = 0;
        while (after is { } from)
        {
            var page = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"{product}/{what}?account={account}&limit=1000&after={from}"));
            all.AddRange(page.GetProperty(what).EnumerateArray().Select(read));
            after = page.TryGetProperty("next", out var next) ? next.GetInt64() : null;
        }

        return all;
    }

    private async Task<JsonElement> GetAsync(string path) => await _http.GetFromJsonAsync<JsonElement>(At(path));

    private async Task PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(At(path), body);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private Uri At(string path) => new(Address, $"/paper/v1/{path}");

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static decimal Amount(JsonElement of, string name) => decimal.Parse(Text(of, name), CultureInfo.InvariantCulture);
}

/// <summary>An order as the venue remembers it.</summary>
internal sealed record PaperOrder(string Id, string Instrument, string PositionSide, string Side, decimal Quantity, decimal Filled, long Number)
{
    /// <summary>What it filled; sells below zero.</summary>
    public decimal Signed => Side == "buy" ? Filled : -Filled;
}
