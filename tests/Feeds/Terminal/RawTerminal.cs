using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>
/// The terminal's side by hand: writes the bytes of lines and reads lines as JSON. It shares no code with what it tests, proofs included.
/// </summary>
internal sealed class RawTerminal : IAsyncDisposable
{
    public const string Nonce = "00112233445566778899aabbccddeeff";

    /// <summary>Only for what never comes when the code is wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _tcp;
    private readonly Stream _stream;
    private readonly List<byte> _pending = [];
    private readonly byte[] _buffer = new byte[65_536];
    private int _seq;
    private long _acknowledged;

    private RawTerminal(TcpClient tcp, Stream stream) => (_tcp, _stream) = (tcp, stream);

    public string HostNonce { get; private set; } = "";

    public static async Task<RawTerminal> ConnectAsync(IPEndPoint endPoint, RemoteCertificateValidationCallback? tls = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(endPoint);
        if (tls is null) return new RawTerminal(tcp, tcp.GetStream());
        var stream = new SslStream(tcp.GetStream(), false, tls);
        await stream.AuthenticateAsClientAsync("localhost");
        return new RawTerminal(tcp, stream);
    }

    /// <summary>Connects and logs in; returns with every line up to and with <c>ready</c>.</summary>
    public static async Task<(RawTerminal Terminal, List<JsonElement> Lines)> LogInAsync(
        IPEndPoint endPoint, string client = "ea-1", string secret = TestHost.Secret, string magics = "1001,1002", string margin = "netting", long login = 5012345)
    {
        var terminal = await ConnectAsync(endPoint);
        await terminal.ReadChallengeAsync();
        await terminal.WriteAsync(terminal.Hello(client, secret, magics, margin, login));
        var lines = new List<JsonElement>();
        do lines.Add(await terminal.ReadAsync());
        while (TypeOf(lines[^1]) is not ("ready" or "error" or "bye"));
        TypeOf(lines[^1]).ShouldBe("ready");
        return (terminal, lines);
    }

    public async Task<JsonElement> ReadChallengeAsync()
    {
        var challenge = await ReadAsync();
        TypeOf(challenge).ShouldBe("challenge");
        HostNonce = challenge.GetProperty("nonce").GetString()!;
        return challenge;
    }

    public string Hello(string client = "ea-1", string secret = TestHost.Secret, string magics = "1001,1002", string margin = "netting", long login = 5012345) =>
        Sign(
            $$"""{"t":"hello","protocol":1,"client":"{{client}}","nonce":"{{Nonce}}","login":{{login}},"server":"MetaQuotes-Demo","margin":"{{margin}}","mode":"demo","currency":"USD","build":4755,"ea":"1.0.0","magics":"{{magics}}","stopOnCritical":false,"licence":"default" """.TrimEnd(),
            secret,
            "csmc-feed-1|" + HostNonce + "|");

    /// <summary>Appends the proof over the bytes so far.</summary>
    public static string Sign(string before, string secret, string prefix) => $$"""{{before}},"proof":"{{ProofOf(before, secret, prefix)}}"}""";

    public static string ProofOf(string before, string secret, string prefix) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(prefix + before))).ToLower(CultureInfo.InvariantCulture);

    /// <summary>Writes a line, LF added.</summary>
    public Task WriteAsync(string line) => WriteBytesAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task WriteBytesAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>Writes a line with the next <c>seq</c>; returns the number.</summary>
    public async Task<int> SendAsync(string type, string fields = "")
    {
        var seq = ++_seq;
        await WriteAsync($$"""{"t":"{{type}}","seq":{{seq}}{{(fields.Length == 0 ? "" : ",")}}{{fields}}}""");
        return seq;
    }

    public Task<int> SendSymbolAsync(string name = "EURUSD") => SendAsync(
        "symbol",
        $$""" "name":"{{name}}","contractSize":100000,"volumeMin":0.01,"volumeStep":0.01,"base":"EUR","profit":"USD","margin":"EUR","digits":5,"calcMode":"SYMBOL_CALC_MODE_FOREX","path":"Forex\\{{name}}","description":"x" """);

    public static string DealFields(long ticket = 100, string magic = "1001", string symbol = "EURUSD", string level = "\"long\":0.3,\"short\":0") =>
        $$""" "magic":{{magic}},"dealMagic":1001,"ticket":{{ticket}},"order":{{ticket}},"position":77,"symbol":"{{symbol}}","side":"buy","entry":"in","lots":0.3,"price":1.0835,"timeMsc":1763650000123,"utcMsc":1763642800123,"reason":"expert","commission":-0.7,"comment":"c",{{level}} """;

    public Task<int> SendDealAsync(long ticket = 100, string magic = "1001", string symbol = "EURUSD") => SendAsync("deal", DealFields(ticket, magic, symbol));

    /// <summary>The next line; a closed connection reads as <c>{"t":"&lt;closed&gt;"}</c>.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        var text = await ReadTextAsync();
        var line = JsonDocument.Parse(text ?? """{"t":"<closed>"}""").RootElement;
        if (TypeOf(line) == "ack") _acknowledged = line.GetProperty("seq").GetInt64();
        return line;
    }

    /// <summary>The next line's text; null = closed.</summary>
    public async Task<string?> ReadTextAsync()
    {
        while (true)
        {
            var end = _pending.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString([.. _pending[..end]]);
                _pending.RemoveRange(0, end + 1);
                return line;
            }

            int read;
            try
            {
                read = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(Patience);
            }
            catch (IOException)
            {
                read = 0;
            }

            if (read == 0) return null;
            _pending.AddRange(_buffer.AsSpan(0, read));
        }
    }

    /// <summary>Reads on until a line of the type; a close on the way fails the test unless it is what is waited for.</summary>
    public async Task<JsonElement> ReadUntilAsync(string type, Func<JsonElement, bool>? that = null)
    {
        while (true)
        {
            var line = await ReadAsync();
            if (TypeOf(line) == type && (that is null || that(line))) return line;
            if (TypeOf(line) == "<closed>") throw new InvalidOperationException($"The connection was closed before a line of type {type} came.");
        }
    }

    public async Task<JsonElement> ReadErrorAsync(string code, long seq)
    {
        var error = await ReadUntilAsync("error");
        error.GetProperty("code").GetString().ShouldBe(code, error.GetRawText());
        error.GetProperty("seq").GetInt64().ShouldBe(seq);
        return error;
    }

    public async Task ReadAckAsync(long seq)
    {
        while (_acknowledged < seq)
            TypeOf(await ReadAsync()).ShouldNotBe("<closed>");
    }

    public static string TypeOf(JsonElement line) => line.GetProperty("t").GetString()!;

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return _stream.DisposeAsync();
    }
}
