using System.Text.Json;
using System.Text.RegularExpressions;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Binance;

/// <summary><c>demo</c> and <c>replay</c> onto an account for trials.</summary>
public sealed partial class BinanceTrialTests
{
    private static readonly string[] s_dear = ["BTC", "XAU", "WIN"];
    private static readonly string[] s_instruments = ["BTCUSDT", "ETHUSDT", "BNBUSDT"];

    public static TheoryData<string, string> Replays
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.GetFiles(Folder.OwnHistory).Where(f => !f.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                foreach (var product in new[] { BinanceVenue.Spot, BinanceVenue.Usdm }) data.Add(Path.GetFileName(file), product);
            if (Folder.SharedHistory is { } shared)
                foreach (var product in new[] { BinanceVenue.Spot, BinanceVenue.Usdm }) data.Add(Path.Combine(shared, "history-deals-get-hedge.csv"), product);
            return data;
        }
    }

    [Theory]
    [InlineData(BinanceVenue.Spot)]
    [InlineData(BinanceVenue.Usdm)]
    public async Task The_demo_ends_with_what_the_terminal_holds(string product)
    {
        await using var venue = await BinanceVenue.StartAsync();
        var ended = await Program.RunAsync(venue.Environment(), "demo", "--venue", product, "--api-url", venue.Simulator.RestUrl, "--for", "4s", "--json");

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("converged").GetBoolean().ShouldBeTrue(ended.ToString());
        ended.Json.GetProperty("orders").GetInt64().ShouldBeGreaterThan(0);
        venue.Orders(product).Count.ShouldBe(ended.Json.GetProperty("orders").GetInt32());
        Holds(venue, product, ended.Json, symbol => symbol == "BTCUSD" ? "BTCUSDT" : "ETHUSDT");
        (ended.Output + ended.Errors).ShouldNotContain(venue.Simulator.Key.Secret);
    }

    [Theory]
    [MemberData(nameof(Replays))]
    public async Task A_history_ends_with_its_positions_mapped_and_netted(string file, string product)
    {
        await using var venue = await BinanceVenue.StartAsync();
        var path = Path.IsPathRooted(file) ? file : Path.Combine(Folder.OwnHistory, file);
        string[] trial = ["replay", path, "--venue", product, "--api-url", venue.Simulator.RestUrl, "--json"];

        // The error names the history's symbols, as a person would find them out.
        var asked = await Program.RunAsync(venue.Environment(), [.. trial, "--map", "NONE=BTCUSDT"]);
        asked.ExitCode.ShouldBe(2, asked.ToString());
        var symbols = Symbols().Match(asked.Errors + asked.Output).Groups["symbols"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        symbols.ShouldNotBeEmpty(asked.ToString());
        string To(string symbol) => s_instruments[Array.IndexOf(symbols, symbol) % s_instruments.Length];

        var ended = await Program.RunAsync(venue.Environment(), [.. trial, "--allow-netting", .. symbols.SelectMany(s => Map(s, To(s)))]);
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("remaining").GetInt32().ShouldBe(0);
        Holds(venue, product, ended.Json, To);
    }

    [Fact]
    public async Task A_hedging_history_keeps_both_sides_on_an_account_in_hedge_mode()
    {
        await using var venue = await BinanceVenue.StartAsync(hedge: true);
        var ended = await Program.RunAsync(
            venue.Environment(), ["replay", Path.Combine(Folder.OwnHistory, "deals-hedging.csv"), "--venue", BinanceVenue.Usdm, "--api-url", venue.Simulator.RestUrl, "--json", .. Map("EURUSD", "BTCUSDT"), .. Map("BTCUSD", "ETHUSDT")]);
        ended.ExitCode.ShouldBe(0, ended.ToString());
        venue.Held(BinanceVenue.Usdm, "BTCUSDT", "LONG").ShouldBe(0.1m);
        venue.Held(BinanceVenue.Usdm, "BTCUSDT", "SHORT").ShouldBe(-0.1m);
    }

    [Fact]
    public async Task Netting_has_to_be_allowed_and_what_is_not_mapped_is_reported()
    {
        await using var venue = await BinanceVenue.StartAsync();
        string[] trial = ["replay", Path.Combine(Folder.OwnHistory, "deals-hedging.csv"), "--venue", BinanceVenue.Usdm, "--api-url", venue.Simulator.RestUrl, "--json"];
        var mode = await Program.RunAsync(venue.Environment(), [.. trial, "--map", "EURUSD=BTCUSDT", "--map", "BTCUSD=ETHUSDT", "--settle", "2s"]);
        mode.ExitCode.ShouldNotBe(0);
        (mode.Output + mode.Errors).ShouldContain("hedg");

        // Its currencies are not known from a history of deals: a person has to say what it is.
        var unmapped = await Program.RunAsync(venue.Environment(), [.. trial, "--allow-netting", "--settle", "2s"]);
        unmapped.ExitCode.ShouldBe(4, unmapped.ToString());
        unmapped.Json.GetProperty("problems").ToString().ShouldContain("EURUSD");
        venue.Orders(BinanceVenue.Usdm).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("live")]
    [InlineData("https://fapi.binance.com")]
    [InlineData("")]
    public async Task Trials_never_run_where_real_money_is(string apiUrl)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["CSMC_TRIAL_CREDENTIALS"] = """{"apiKey":"k","secret":"s"}""" };
        var ended = await Program.RunAsync(variables, "demo", "--venue", BinanceVenue.Usdm, "--api-url", apiUrl, "--for", "1s", "--json");
        ended.ExitCode.ShouldBe(2, ended.ToString());
        (ended.Output + ended.Errors).ShouldContain("real money");
    }

    // Notionals go by MT5's price: what costs about 1 stands for a coin only by the ten thousands. A lot is as many, so that lots and coins have the same numbers.
    private static string[] Map(string symbol, string instrument) => s_dear.Any(dear => symbol.StartsWith(dear, StringComparison.Ordinal)) ? ["--map", $"{symbol}={instrument}"]
        : ["--map", $"{symbol}={instrument}*60000", "--contract-size", $"{symbol}=60000"];

    // What MT5 holds of all streams, long less short; on spot what is above zero of it.
    private static void Holds(BinanceVenue venue, string product, JsonElement summary, Func<string, string> instrumentOf)
    {
        var positions = summary.GetProperty("positions").EnumerateArray().ToArray();
        foreach (var instrument in s_instruments)
        {
            var net = positions.Where(p => instrumentOf(p.GetProperty("symbol").GetString()!) == instrument).Sum(p => p.GetProperty("long").GetDecimal() - p.GetProperty("short").GetDecimal());
            var goal = product == BinanceVenue.Spot ? Math.Max(0m, net) : net;
            Math.Abs(venue.Held(product, instrument) - goal).ShouldBeLessThan(venue.Tolerance(product, instrument), $"{instrument} should be {goal}, is {venue.Held(product, instrument)}: {summary}");
        }
    }

    [GeneratedRegex("""it has (?<symbols>[^"\\\n]+)\.""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Symbols();
}
