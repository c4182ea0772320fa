using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CSMultiConnector.EndToEnd.Tests.World;
using CSMultiConnector.Storage.Folder;

namespace CSMultiConnector.EndToEnd.Tests.Lease;

/// <summary>One of the hosts that share a database: it may trade or stand by. Its ports stay the same over all of that.</summary>
internal sealed class SharedHost : IAsyncDisposable
{
    /// <summary>Short, since tests wait for its end, and long enough for a host on a busy machine to renew it.</summary>
    public const string LeaseDuration = "10s";

    private readonly string _data;
    private readonly Dictionary<string, string> _environment;
    private readonly int _api = Service.FreePort();
    private Program _program;

    private SharedHost(string data, string connectionString, string connectors)
    {
        (_data, Feed) = (data, Service.FreePort());
        _environment = Service.Ports(Feed);
        _environment["CSMC_Api__Port"] = _api.ToString(CultureInfo.InvariantCulture);
        _environment["CSMC_Storage__ConnectionString"] = connectionString;
        _environment["CSMC_Lease__Duration"] = LeaseDuration;
        _environment["CSMC_Connectors__File"] = connectors;
        _program = Program.Start(_environment, "run", "--data", data);
    }

    public int Feed { get; }

    /// <summary>Both streams of the running process.</summary>
    public string Said => _program.Output + _program.Errors;

    /// <summary>All that it wrote down.</summary>
    public string Logged => string.Concat(Directory.GetFiles(System.IO.Path.Combine(_data, "logs")).Select(ReadShared));

    /// <summary>Starts; whether it trades is for the database to say.</summary>
    public static async Task<SharedHost> StartAsync(Folder folder, string name, string connectionString, params object[] connectors)
    {
        var file = folder[$"{name}.json"];
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { connectors }));
        return new SharedHost(folder[name], connectionString, file);
    }

    /// <summary>What the hosts of a shared database must have in common besides it: the keys that open its secrets.</summary>
    public static void ShareKeys(Folder folder, string from, string to)
    {
        var keys = System.IO.Path.Combine(folder[to], "keys");
        PrivateFile.EnsureFolder(folder[to]);
        PrivateFile.EnsureFolder(keys);
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(folder[from], "keys"))) File.Copy(file, System.IO.Path.Combine(keys, System.IO.Path.GetFileName(file)));
    }

    /// <summary>Waits until it trades.</summary>
    public Task<JsonElement> TradesAsync() => Eventually.GetAsync(StatusAsync, s => Lease(s) == "held", "trades");

    /// <summary>Waits until it stands by and takes no terminal in any more.</summary>
    public Task<JsonElement> StandsByAsync() =>
        Eventually.GetAsync(StatusAsync, s => Lease(s) == "standby" && s.GetProperty("host").GetProperty("feed").GetString() == "", "stands by");

    /// <summary>Waits until it trades and nothing is left to do.</summary>
    public Task<JsonElement> ConvergedAsync() =>
        Eventually.GetAsync(StatusAsync, s => Lease(s) == "held" && s.GetProperty("converged").GetBoolean() && s.GetProperty("complete").GetBoolean(), "converged");

    public Task<JsonElement> SaysAsync(Func<JsonElement, bool> right, string what) => Eventually.GetAsync(StatusAsync, right, what);

    /// <summary>The status; undefined while nobody answers.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        if (_program.HasExited) throw new InvalidOperationException($"The host ended.\n{Said}");
        using var http = Http();
        try
        {
            using var answer = await http.GetAsync("api/v1/status");
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return default;
        }
    }

    /// <summary>Code and answer of the probe.</summary>
    public async Task<(int Code, string Status)> ReadyAsync()
    {
        using var http = Http();
        using var answer = await http.GetAsync("health/ready");
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString()!);
    }

    public Task<Ended> CommandAsync(params string[] arguments) => Program.RunAsync([.. arguments, "--data", _data]);

    /// <summary>Makes a feed client; its secret.</summary>
    public async Task<string> AddClientAsync(string client)
    {
        var ended = await CommandAsync("client", "add", client, "--json");
        ended.ExitCode.ShouldBe(0, ended.ToString());
        return ended.Json.GetProperty("secret").GetString()!;
    }

    public Task KillAsync() => _program.KillAsync();

    public void StartAgain() => _program = Program.Start(_environment, "run", "--data", _data);

    /// <summary>SIGSTOP: nothing of the process runs any more, and it does not know.</summary>
    public Task StopAsync(int pid) => SignalAsync("STOP", pid);

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync(int pid) => SignalAsync("CONT", pid);

    public async Task<int> PidAsync() => (await StatusAsync()).GetProperty("host").GetProperty("pid").GetInt32();

    public async Task<Ended> TerminateAsync() => await _program.TerminateAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static string Lease(JsonElement status) =>
        status.ValueKind == JsonValueKind.Object ? status.GetProperty("host").GetProperty("lease").GetProperty("state").GetString()! : "";

    private static string ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_api.ToString(CultureInfo.InvariantCulture)}"), Timeout = TimeSpan.FromSeconds(10) };
        var token = System.IO.Path.Combine(_data, "api-token");
        if (File.Exists(token)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(token).Trim());
        return http;
    }
}
