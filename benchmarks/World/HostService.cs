using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.Benchmarks.World;

/// <summary>The service (<c>run</c>) as a user starts it: SQLite journal on the disk of the data folder, every commit synced.</summary>
internal sealed class HostService : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private readonly Child _child;
    private readonly HttpClient _http;

    private HostService(Child child, string data, IPEndPoint feed, Uri api)
    {
        (_child, Data, Feed) = (child, data, feed);
        _http = new HttpClient { BaseAddress = api };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(data, "api-token")).Trim());
    }

    public string Data { get; }

    public IPEndPoint Feed { get; }

    public int Id => _child.Id;

    public string Said => _child.Said;

    public static async Task<HostService> StartAsync(string data, object[]? connectors)
    {
        var arguments = new List<string> { "run", "--data", data };
        if (connectors is not null)
        {
            var file = data + ".connectors.json";
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { connectors }));
            arguments.AddRange(["--connectors", file]);
        }

        var ports = new Dictionary<string, string>(StringComparer.Ordinal) { ["CSMC_Feed__Port"] = "0", ["CSMC_Api__Port"] = "0" };
        var child = Child.Start(ports, [.. arguments]);
        try
        {
            var up = await child.SeesAsync(@"Terminals connect to (\S+); the API listens on (\S+)");
            return new HostService(child, data, IPEndPoint.Parse(up.Groups[1].Value), new Uri(up.Groups[2].Value));
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a feed client; its secret.</summary>
    public async Task<byte[]> AddClientAsync(string client)
    {
        var said = await Child.RunAsync("client", "add", client, "--data", Data, "--json");
        using var json = JsonDocument.Parse(said);
        return Encoding.UTF8.GetBytes(json.RootElement.GetProperty("secret").GetString()!);
    }

    /// <summary>Waits until the status is as wanted.</summary>
    public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> right, string what)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(end) < s_patience)
        {
            var status = await _http.GetFromJsonAsync<JsonElement>("api/v1/status");
            if (right(status)) return status;
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        throw new TimeoutException($"The host never came so far: {what}. It said:\n{Said}");
    }

    /// <summary>Waits until every connector has its line to the venue.</summary>
    public Task<JsonElement> RunningAsync() =>
        WaitAsync(s => s.GetProperty("connectors").EnumerateArray().All(c => c.GetProperty("state").GetString() == "running"), "all connectors run");

    /// <summary>Waits until nothing is left to do.</summary>
    public Task<JsonElement> ConvergedAsync() =>
        WaitAsync(s => s.GetProperty("converged").GetBoolean() && s.GetProperty("complete").GetBoolean(), "converged");

    public Task StopAsync() => _child.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
    }
}
