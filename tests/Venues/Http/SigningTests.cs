using System.Text;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

/// <summary>Vectors that the venue published (the first four) or that follow from its rules, and what is written for them.</summary>
public sealed class SigningTests
{
    private const string SpotKey = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";
    private const string SpotSecret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    private const string UsdmSecret = "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9";

    [Theory]
    [InlineData(SpotSecret, "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71")]
    [InlineData(SpotSecret, "symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559", "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3")]
    [InlineData(SpotSecret, $"apiKey={SpotKey}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT", "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24")]
    [InlineData(UsdmSecret, "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000&timestamp=1591702613943", "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9")]
    [InlineData(SpotSecret, "omitZeroBalances=true&recvWindow=5000&timestamp=1499827319559", "807e9f33e2180fee3162aaa9fddb73c600a957ca7e8353e2c50ba2a31430a41f")]
    [InlineData(SpotSecret, "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.00100000&newClientOrderId=fd-0001&newOrderRespType=FULL&recvWindow=5000&timestamp=1499827319559", "209cef36871780fc1dab6a268be02a69adbb4b820eabba00535a09bd1019fa0b")]
    [InlineData(SpotSecret, $"apiKey={SpotKey}&timestamp=1747385641636", "681110a6057ad58657af22f5640fab9dd17418834cdfccdc81be8b0f7b2cde3e")]
    [InlineData(UsdmSecret, "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.001&reduceOnly=true&newClientOrderId=fd-0001&newOrderRespType=RESULT&recvWindow=5000&timestamp=1591702613943", "9cb55e715619c0234996ba0708a111bbdad45ff0b621ea55704bf22cbe2bdcde")]
    public void A_payload_has_its_signature(string secret, string payload, string signature) => new HmacKey(secret).Sign(payload).ShouldBe(signature);

    [Fact]
    public void Values_are_percent_encoded_before_they_are_signed()
    {
        using var form = new FormWriter();
        form.Add("symbol"u8, "１２３４５６").Add("side"u8, "BUY"u8).Add("type"u8, "LIMIT"u8).Add("timeInForce"u8, "GTC"u8)
            .Add("quantity"u8, 1.000m).Add("price"u8, 0.10m).Add("recvWindow"u8, 5000L).Add("timestamp"u8, 1499827319559L);
        form.ToString().ShouldBe("symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559");
        Span<byte> hex = stackalloc byte[HmacKey.HexLength];
        new HmacKey(SpotSecret).Sign(form.Written, hex);
        Encoding.ASCII.GetString(hex).ShouldBe("e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3");
    }

    [Theory]
    [InlineData("a b&c=d+e%/é", "a%20b%26c%3Dd%2Be%25%2F%C3%A9")]
    [InlineData("AZaz09-_.~", "AZaz09-_.~")]
    [InlineData("", "")]
    public void Only_what_is_unreserved_stays(string value, string written)
    {
        using var form = new FormWriter();
        form.Add("x"u8, value).ToString().ShouldBe($"x={written}");
    }

    [Theory]
    [InlineData("0.00000001", "0.00000001")]
    [InlineData("1000.0100", "1000.01")]
    [InlineData("100", "100")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("-0.50", "-0.5")]
    public void Amounts_have_no_exponent_and_no_zeros_at_the_end(string amount, string written)
    {
        using var form = new FormWriter();
        form.Add("x"u8, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)).ToString().ShouldBe($"x={written}");
    }

    [Fact]
    public void A_long_form_grows_and_stays_whole()
    {
        using var form = new FormWriter();
        for (var i = 0; i < 100; i++) form.Add("name"u8, new string('ü', 50));
        form.ToString().ShouldBe(string.Join("&", Enumerable.Repeat("name=" + string.Concat(Enumerable.Repeat("%C3%BC", 50)), 100)));
    }

    [Fact]
    public void Signing_a_written_form_allocates_nothing()
    {
        var key = new HmacKey(SpotSecret);
        using var form = new FormWriter();
        form.Add("symbol"u8, "BTCUSDT").Add("timestamp"u8, 1L);

        // The least of some rounds: what the runtime itself does on this thread meanwhile is not of a call.
        var least = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) Sign();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);

        void Sign()
        {
            Span<byte> hex = stackalloc byte[HmacKey.HexLength];
            key.Sign(form.Written, hex);
        }
    }

    [Fact]
    public void A_key_shows_nothing() => $"{new HmacKey(SpotSecret)}".ShouldNotContain(SpotSecret[..6]);
}
