using System.Text;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Host.Tests.Logging;

public sealed class SecretsInLogsTests
{
    private const string Secret = "s3cr3t-Of-The-Terminal";

    [Fact]
    public async Task A_secret_in_use_is_in_no_log_however_it_got_there()
    {
        using var folder = new TempFolder();
        using var console = new StringWriter();
        var guard = new SecretGuard();
        guard.Remember(Secret);
        await using (var log = HostLog.Open(new LogSettings { Level = "verbose" }, folder.Path, console, guard))
        {
            log.Information("plain " + Secret);
            log.Information("property {Value}", Secret);
            log.Information("object {@Value}", new { Inner = Secret });
            log.Information("list {Values}", (object)new[] { Secret });
            log.Error(new InvalidOperationException($"the venue said {Secret}", new IOException(Secret)), "exception");
            log.ForContext("SourceContext", Secret).Warning("source");
            log.Information("typed {Secret}", new SecretText(Secret));
        }

        var files = Directory.GetFiles(folder.Path);
        files.ShouldNotBeEmpty();
        foreach (var text in files.Select(f => File.ReadAllText(f, Encoding.UTF8)).Append(console.ToString()))
        {
            text.ShouldNotContain(Secret);
            text.ShouldContain("***");
            text.ShouldContain("exception");
        }
    }

    [Theory]
    [InlineData("apiKey=AbCdEf123456", "AbCdEf123456")]
    [InlineData("{\"secret\":\"AbCdEf123456\"}", "AbCdEf123456")]
    [InlineData("{\"apiSecret\": \"AbCdEf123456\", \"x\": 1}", "AbCdEf123456")]
    [InlineData("passphrase: AbCdEf123456", "AbCdEf123456")]
    [InlineData("password = AbCdEf123456", "AbCdEf123456")]
    [InlineData("GET /api/v3/order?symbol=BTCUSDT&signature=0123456789abcdef", "0123456789abcdef")]
    [InlineData("Authorization: Bearer AbCdEf123456", "AbCdEf123456")]
    [InlineData("X-MBX-APIKEY: AbCdEf123456", "AbCdEf123456")]
    [InlineData("{\"t\":\"hello\",\"proof\":\"0123456789abcdef0123456789abcdef\"}", "0123456789abcdef")]
    public void What_stands_behind_a_secrets_name_is_hidden_even_when_it_is_not_known(string line, string secret)
    {
        var scrubbed = new SecretGuard().Scrub(line);
        scrubbed.ShouldNotContain(secret);
        scrubbed.ShouldContain("***");
    }

    [Theory]
    [InlineData("Connector binance-1 buys 0.3 BTCUSDT")]
    [InlineData("No secret is stored; the api key is missing")]
    [InlineData("symbol=BTCUSDT&side=BUY&timestamp=1763650000123")]
    public void Other_text_stays_as_it_is(string line) => new SecretGuard().Scrub(line).ShouldBe(line);

    [Fact]
    public async Task Log_files_roll_by_size_and_old_ones_go()
    {
        using var folder = new TempFolder();
        await using (var log = HostLog.Open(new LogSettings { FileMegabytes = 1, KeepFiles = 2 }, folder.Path, null, new SecretGuard()))
        {
            var line = new string('x', 10_000);
            for (var i = 0; i < 400; i++) log.Information("{Line}", line);
        }

        var sizes = Directory.GetFiles(folder.Path).Select(f => new FileInfo(f).Length).ToList();
        sizes.Count.ShouldBe(2);
        sizes.ShouldAllBe(s => s <= (1024 * 1024) + 20_000);
    }
}
