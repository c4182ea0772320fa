using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>The service (<c>run</c>) on a data folder of its own, with the commands and the API that a user has.</summary>
internal sealed class Service : IAsyncDisposable
{
    private const int LowestPort = 10_000;
    private const int PortCount = 9_000;

    private static int s_ports = RandomNumberGenerator.GetInt32(PortCount);

    private readonly Dictionary<string, string> _environment;
    private readonly IReadOnlyList<string>? _under;
    private readonly StringBuilder _said = new();
    private Program? _program;

    private Service(string data, IReadOnlyDictionary<string, string>? environment, IReadOnlyList<string>? under = null)
    {
        (Data, _under) = (data, under);
        _environment = Ports(0);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) _environment[name] = value;
    }

    public string Data { get; }

    public IPEndPoint Feed { get; private set; } = new(IPAddress.Loopback, 0);

    public Uri Api { get; private set; } = new("http://127.0.0.1");

    /// <summary>Both streams of every process that ran here.</summary>
    public string Said => _said + _program?.Output + _program?.Errors;

    /// <summary>It was started and has not ended.</summary>
    public bool IsRunning => _program is { HasExited: false };

    public Program Running => _program ?? throw new InvalidOperationException("The service does not run.");

    /// <summary>A service that is not started yet.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="under">A program, with its arguments, that the host runs under; it must give its process id to the host.</param>
    public static Service Of(string data, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? under = null) => new(data, environment, under);

    public static async Task<Service> StartAsync(string data, object[]? connectors = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var service = new Service(data, environment);
        await service.StartAgainAsync(connectors);
        return service;
    }

    /// <summary>
    /// A port for what must be found again after a restart: below those that the system gives to whoever asks for any, so that nobody gets it while it is
    /// free for a moment; another one each time.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = LowestPort + (int)((uint)Interlocked.Increment(ref s_ports) % PortCount);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }

    /// <summary>Variables that put the feed on a port (0 = any) and the API on any.</summary>
    public static Dictionary<string, string> Ports(int feed) => new(StringComparer.Ordinal)
    {
        ["CSMC_Feed__Port"] = feed.ToString(CultureInfo.InvariantCulture),
        ["CSMC_Api__Port"] = "0",
    };

    /// <summary>Starts on what the folder holds, or on other connectors.</summary>
    public async Task StartAgainAsync(object[]? connectors = null)
    {
        await LaunchAsync(connectors);
        await UpAsync();
    }

    /// <summary>Starts the process and does not wait for it.</summary>
    public async Task LaunchAsync(object[]? connectors = null)
    {
        var arguments = new List<string> { "run", "--data", Data };
        if (connectors is not null)
        {
            var file = Data + ".connectors.json";
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { connectors }));
            arguments.AddRange(["--connectors", file]);
        }

        if (_program is not null) Keep();
        _program = Program.StartUnder(_under ?? [], _environment, [.. arguments]);
    }

    /// <summary>Waits until it listens.</summary>
    public async Task UpAsync()
    {
        var up = await Running.SeesAsync(@"Terminals connect to (\S+); the API listens on (\S+)");
        (Feed, Api) = (IPEndPoint.Parse(up.Groups[1].Value), new Uri(up.Groups[2].Value));
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await Running.KillAsync();
        Keep();
    }

    /// <summary>SIGTERM, and the end.</summary>
    public async Task<Ended> TerminateAsync()
    {
        var ended = await Running.TerminateAsync();
        Keep();
        return ended;
    }

    /// <summary>A command of the user on this service.</summary>
    public async Task<Ended> CommandAsync(params string[] arguments) => await Program.RunAsync([.. arguments, "--data", Data]);

    /// <summary>A command that has to work.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var ended = await CommandAsync([.. arguments, "--json"]);
        ended.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}: {ended}");
        return ended.Json;
    }

    /// <summary>Makes a feed client; the secret.</summary>
    public async Task<string> AddClientAsync(string client) => (await JsonAsync("client", "add", client)).GetProperty("secret").GetString()!;

    /// <summary>Connects a terminal as a client made for it, and waits until the host knows what it holds.</summary>
    public async Task<string> ConnectAsync(Trader trader, string client = "ea")
    {
        var secret = await AddClientAsync(client);
        trader.Connect(Trader.Options(Feed.Port, client, secret));
        await trader.LiveAsync();
        return secret;
    }

    public HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = Api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(Data, "api-token")).Trim());
        return http;
    }

    public async Task<JsonElement> StatusAsync()
    {
        using var http = Http();
        return await http.GetFromJsonAsync<JsonElement>("api/v1/status");
    }

    /// <summary>Waits until a connector says what is wanted.</summary>
    public async Task<JsonElement> ConnectorAsync(string id, Func<JsonElement, bool> right, string what) =>
        Connector(await Eventually.GetAsync(StatusAsync, status => right(Connector(status, id)), $"{id} {what}"), id);

    public Task<JsonElement> RunningAsync(string id) => ConnectorAsync(id, c => c.GetProperty("state").GetString() == "running", "runs");

    /// <summary>Waits until nothing is left to do anywhere.</summary>
    public Task<JsonElement> ConvergedAsync() => Eventually.GetAsync(StatusAsync, s => s.GetProperty("converged").GetBoolean() && s.GetProperty("complete").GetBoolean(), "converged");

    public static JsonElement Connector(JsonElement status, string id) =>
        status.GetProperty("connectors").EnumerateArray().Single(c => c.GetProperty("id").GetString() == id);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
    }

    private void Keep()
    {
        _said.Append(Running.Output).Append(Running.Errors);
        _program = null;
    }
}
