using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Feeds.Tests.Terminal;

namespace CSMultiConnector.Feeds.Tests.Client;

/// <summary>The host's side by hand, for one client at a time; proofs are computed by the test's own code.</summary>
internal sealed class RawHost : IDisposable
{
    public const string Nonce = "ffeeddccbbaa99887766554433221100";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private TcpClient? _client;
    private StreamReader? _reader;

    public RawHost() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Takes the next connection and sends the challenge; returns the text of <c>hello</c>.</summary>
    public async Task<string> AcceptAsync()
    {
        _client?.Dispose();
        _client = await _listener.AcceptTcpClientAsync().WaitAsync(RawTerminal.Patience);
        _reader = new StreamReader(_client.GetStream(), Encoding.UTF8);
        await SendAsync("{\"t\":\"challenge\",\"protocol\":1,\"nonce\":\"" + Nonce + "\",\"host\":\"x\",\"version\":\"1.0.0\"}");
        return await LineAsync() ?? throw new InvalidOperationException("The client closed instead of saying hello.");
    }

    /// <summary>Takes the next connection and lets it in.</summary>
    public async Task LogInAsync(string secret = TestHost.Secret, int heartbeat = 5)
    {
        using var hello = JsonDocument.Parse(await AcceptAsync());
        var nonce = hello.RootElement.GetProperty("nonce").GetString();
        // In one write: a client that does not believe the first line closes without reading the others.
        await SendAsync(RawTerminal.Sign($"{{\"t\":\"welcome\",\"session\":\"1\",\"heartbeat\":{heartbeat}", secret, "csmc-host-1|" + nonce + "|")
            + "\n{\"t\":\"resume\",\"magic\":1001,\"deal\":0,\"timeMsc\":0}\n{\"t\":\"ready\"}");
    }

    public async Task SendAsync(string line) => await _client!.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>The next line; null = the client closed.</summary>
    public async Task<string?> LineAsync()
    {
        try
        {
            return await _reader!.ReadLineAsync().WaitAsync(RawTerminal.Patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async Task<JsonElement> ReadUntilAsync(string type)
    {
        while (await LineAsync() is { } text)
        {
            var line = JsonDocument.Parse(text).RootElement;
            if (line.GetProperty("t").GetString() == type) return line;
        }

        throw new InvalidOperationException($"The client closed before a line of type {type} came.");
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }
}
