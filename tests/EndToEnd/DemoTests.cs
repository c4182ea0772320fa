using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task Demo_trades_three_streams_and_everything_converges()
    {
        var ended = await Program.RunAsync("demo", "--for", "4s", "--json");

        ended.ExitCode.ShouldBe(0, ended.ToString());
        var summary = ended.Json;
        summary.GetProperty("converged").GetBoolean().ShouldBeTrue();
        summary.GetProperty("deals").GetInt64().ShouldBeGreaterThan(3);
        summary.GetProperty("orders").GetInt64().ShouldBeGreaterThan(0);
        summary.GetProperty("streams").GetInt32().ShouldBe(3);
        var legs = summary.GetProperty("legs").EnumerateArray().ToArray();
        legs.ShouldNotBeEmpty();
        foreach (var leg in legs)
        {
            leg.GetProperty("connector").GetString().ShouldNotBeNullOrEmpty();
            leg.GetProperty("instrument").GetString().ShouldNotBeNullOrEmpty();
            leg.GetProperty("side").GetString().ShouldNotBeNullOrEmpty();
            leg.GetProperty("target").ValueKind.ShouldBe(JsonValueKind.Number);
            leg.GetProperty("roundingResidual").ValueKind.ShouldBe(JsonValueKind.Number);
            (leg.GetProperty("goal").GetDecimal() - leg.GetProperty("actual").GetDecimal() - leg.GetProperty("untradable").GetDecimal())
                .ShouldBe(0m, leg.ToString());
        }

        var latency = summary.GetProperty("latencyMs");
        latency.GetProperty("p50").GetDouble().ShouldBeGreaterThan(0);
        latency.GetProperty("p99").GetDouble().ShouldBeGreaterThanOrEqualTo(latency.GetProperty("p50").GetDouble());
        latency.GetProperty("max").GetDouble().ShouldBeGreaterThanOrEqualTo(latency.GetProperty("p99").GetDouble());
    }
}
