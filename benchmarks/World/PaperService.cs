using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>The venue: <c>paper</c> as a process of its own, in memory, so that its own disk is no part of a figure.</summary>
internal sealed class PaperService : IAsyncDisposable
{
    private readonly Child _child;
    private readonly HttpClient _http = new();

    private PaperService(Child child, Uri address) => (_child, Address) = (child, address);

    public Uri Address { get; }

    public static async Task<PaperService> StartAsync()
    {
        var child = Child.Start(null, "paper", "--port", "0", "--json");
        try
        {
            var up = await child.SeesAsync("\"url\":\"([^\"]+)\"");
            return new PaperService(child, new Uri(up.Groups[1].Value));
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every order of an account above a number, oldest first, with the moment at which the venue took it.</summary>
    public async Task<IReadOnlyList<ArrivedOrder>> OrdersAsync(string account, long after = 0)
    {
        var all = new List<ArrivedOrder>();
        for (long? from = after; from is { } next;)
        {
            var page = await _http.GetFromJsonAsync<JsonElement>(
                new Uri(Address, string.Create(CultureInfo.InvariantCulture, $"/paper/v1/futures/orders?account={account}&limit=1000&after={next}")));
            foreach (var o in page.GetProperty("orders").EnumerateArray())
            {
                var filled = decimal.Parse(o.GetProperty("filled").GetString()!, CultureInfo.InvariantCulture);
                all.Add(new ArrivedOrder(
                    o.GetProperty("number").GetInt64(),
                    o.GetProperty("instrument").GetString()!,
                    o.GetProperty("side").GetString() == "buy" ? filled : -filled,
                    o.GetProperty("createdAt").GetDateTimeOffset()));
            }

            from = page.TryGetProperty("next", out var more) ? more.GetInt64() : null;
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
    }
}

/// <summary>An order at the venue; filled quantity in contracts, sells below zero.</summary>
internal sealed record ArrivedOrder(long Number, string Instrument, decimal Filled, DateTimeOffset At);
