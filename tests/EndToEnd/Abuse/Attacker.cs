using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests.Abuse;

/// <summary>A connection to the feed port whose other end does as it likes. Proofs are computed here, from the protocol page.</summary>
internal sealed class Attacker : IAsyncDisposable
{
    public const string NobodysSecret = "Xy9wPlantedAttack4Lm2pTz77";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly Socket _socket;
    private readonly List<byte> _pending = [];
    private readonly byte[] _buffer = new byte[64 * 1024];

    private Attacker(Socket socket) => _socket = socket;

    /// <summary>Proofs that were sent, to look for them where they must not be.</summary>
    public static IReadOnlyCollection<string> Proofs => s_proofs.Keys.ToArray();

    public string HostNonce { get; private set; } = "";

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> s_proofs = new(StringComparer.Ordinal);

    /// <summary>Connects; from another address than the good terminals' where the machine has one (the back-off of failed logins is for each address).</summary>
    public static async Task<Attacker> ConnectAsync(IPEndPoint host, int from = 2)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!OperatingSystem.IsMacOS()) socket.Bind(new IPEndPoint(new IPAddress(new byte[] { 127, 0, 0, (byte)from }), 0));
        await socket.ConnectAsync(host).WaitAsync(s_patience);
        return new Attacker(socket);
    }

    /// <summary>Connects and logs in.</summary>
    public static async Task<Attacker> LogInAsync(IPEndPoint host, string client, string secret, long login, string magics = "5", int from = 3)
    {
        var attacker = await ConnectAsync(host, from);
        await attacker.ChallengeAsync();
        await attacker.SendLineAsync(attacker.Hello(client, secret, login, magics));
        while (true)
        {
            var line = await attacker.LineAsync();
            if (TypeOf(line) == "ready") return attacker;
            if (TypeOf(line) is "error" or "bye" or "<closed>") throw new InvalidOperationException($"Not logged in: {line}");
        }
    }

    public async Task ChallengeAsync()
    {
        var line = await LineAsync();
        TypeOf(line).ShouldBe("challenge");
        HostNonce = line.GetProperty("nonce").GetString()!;
    }

    public string Hello(string client, string secret, long login, string magics = "5", int protocol = 1)
    {
        var before = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"t\":\"hello\",\"protocol\":{protocol},\"client\":\"{client}\",\"nonce\":\"00112233445566778899aabbccddeeff\",\"login\":{login},\"server\":\"Attack\",\"margin\":\"netting\",\"mode\":\"demo\",\"currency\":\"USD\",\"build\":1,\"ea\":\"1\",\"magics\":\"{magics}\",\"stopOnCritical\":false,\"licence\":\"x\"");
        var proof = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"csmc-feed-1|{HostNonce}|{before}")));
        s_proofs[proof] = true;
        return $"{before},\"proof\":\"{proof}\"}}";
    }

    public Task SendLineAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes).AsTask().WaitAsync(s_patience)..];
    }

    /// <summary>Sends as long as the host takes it.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next line; a closed connection reads as one of type <c>&lt;closed&gt;</c>.</summary>
    public async Task<JsonElement> LineAsync()
    {
        while (true)
        {
            var end = _pending.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = JsonDocument.Parse(_pending[..end].ToArray()).RootElement;
                _pending.RemoveRange(0, end + 1);
                return line;
            }

            var read = 0;
            try
            {
                read = await _socket.ReceiveAsync(_buffer).WaitAsync(s_patience);
            }
            catch (SocketException)
            {
                // Cut off: the same as closed.
            }

            if (read == 0) return JsonDocument.Parse("{\"t\":\"<closed>\"}").RootElement;
            _pending.AddRange(_buffer.AsSpan(0, read));
        }
    }

    /// <summary>Reads on until a line of one of the types, or the end.</summary>
    public async Task<JsonElement> UntilAsync(params string[] types)
    {
        while (true)
        {
            var line = await LineAsync();
            if (TypeOf(line) == "<closed>" || types.Contains(TypeOf(line))) return line;
        }
    }

    public async Task<JsonElement> ErrorAsync(string code, long seq)
    {
        var error = await UntilAsync("error", "bye");
        TypeOf(error).ShouldBe("error", error.ToString());
        error.GetProperty("code").GetString().ShouldBe(code, error.ToString());
        error.GetProperty("seq").GetInt64().ShouldBe(seq, error.ToString());
        return error;
    }

    public async Task ByeAsync(string reason)
    {
        var bye = await UntilAsync("bye");
        TypeOf(bye).ShouldBe("bye");
        bye.GetProperty("reason").GetString().ShouldBe(reason);
        await ClosedAsync();
    }

    public async Task ClosedAsync() => TypeOf(await LineAsync()).ShouldBe("<closed>");

    /// <summary>Resets the connection instead of closing it.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public static string TypeOf(JsonElement line) => line.GetProperty("t").GetString()!;

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
