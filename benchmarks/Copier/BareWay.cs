using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>The control: the same signed order straight out of the process that has the deal. No session, no journal, no second process.</summary>
internal sealed class BareWay : IWay
{
    private readonly BinanceService _venue;
    private readonly HttpClient _http;
    private readonly byte[] _secret;
    private readonly List<Task> _sent = [];

    private BareWay(BinanceService venue)
    {
        _venue = venue;
        _secret = Encoding.UTF8.GetBytes(venue.Secret);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = venue.Rest };
        _http.DefaultRequestHeaders.Add("X-MBX-APIKEY", venue.Key);
    }

    public string Name => "bare HTTP client";

    public string Said => "";

    public static Task<IWay> StartAsync(BinanceService venue) => Task.FromResult<IWay>(new BareWay(venue));

    public void Deal(int symbol) => _sent.Add(PostAsync(symbol, _sent.Count));

    public Task SettledAsync() => Task.WhenAll(_sent);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }

    private async Task PostAsync(int symbol, int number)
    {
        var form = string.Create(
            CultureInfo.InvariantCulture,
            $"symbol=A{symbol:000}USDT&side=BUY&type=MARKET&quantity={FeedLine.LotsADeal}&newClientOrderId=b{number:00000000}&newOrderRespType=RESULT&recvWindow=5000&timestamp={TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}");
        var signed = Encoding.ASCII.GetBytes($"{form}&signature={Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes(form)))}");
        using var content = new ByteArrayContent(signed);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var answer = await _http.PostAsync(_venue.OrderPath, content);
        var said = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The simulator refused an order: {said}");
    }
}
