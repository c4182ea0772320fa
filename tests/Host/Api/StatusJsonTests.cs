using System.Text.Json;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Tests.Api;

public sealed class StatusJsonTests
{
    private static readonly HostDto Host = new("1.2.3", 42, Samples.Noon, "/data", "127.0.0.1:5555");

    [Fact]
    public void Decimals_are_exact_numbers_without_trailing_zeros()
    {
        var json = Write(Samples.Status());
        json.ShouldContain("\"target\":0.3,");
        json.ShouldContain("\"roundingResidual\":0.0000000000000000000000000001,");
        json.ShouldContain("""{"symbol":"BTCUSD","long":0.3,"short":0}""");
    }

    [Fact]
    public void A_decimal_survives_the_way_there_and_back()
    {
        foreach (var value in (decimal[])[decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, 123456789.123456789m, -0.1m, 0m])
        {
            var leg = Samples.Leg(residual: value).ToDto(new ConnectorId("x"));
            var status = new StatusDto(Samples.Noon, Host, false, true, [], [Samples.Connector().ToDto() with { Legs = [leg] }]);
            var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(status, PortalJson.Default.StatusDto), PortalJson.Default.StatusDto)!;
            back.Connectors[0].Legs[0].RoundingResidual.ShouldBe(value);
        }
    }

    [Fact]
    public void Symbols_that_are_flat_are_left_out() => Write(Samples.Status()).ShouldNotContain("EURUSD");

    [Fact]
    public void What_is_not_known_is_null_and_not_zero()
    {
        var leg = Samples.Leg() with { Target = null, Goal = null, Instrument = null, ActualKnown = false };
        using var json = JsonDocument.Parse(Write(Samples.Status() with { Connectors = [Samples.Connector(legs: leg)] }));
        var written = json.RootElement.GetProperty("connectors")[0].GetProperty("legs")[0];
        written.GetProperty("target").ValueKind.ShouldBe(JsonValueKind.Null);
        written.GetProperty("goal").ValueKind.ShouldBe(JsonValueKind.Null);
        written.GetProperty("instrument").ValueKind.ShouldBe(JsonValueKind.Null);
        written.GetProperty("actualKnown").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Every_value_of_every_enum_has_a_name_that_begins_small()
    {
        AllNames<ConnectorState>().ShouldBe(["starting", "running", "paused", "reconnecting", "standby", "faulted", "stopped"]);
        AllNames<LevelKnowledge>().ShouldBe(["unknown", "known", "stale", "unfed"]);
        AllNames<OrderPhase>().ShouldBe(["none", "sending", "resting", "cancelling", "unknown", "settling"]);
        AllNames<SyncScope>().ShouldBe(["streamLegs", "wholeAccount"]);
        AllNames<PositionSide>().ShouldBe(["net", "long", "short"]);
    }

    [Fact]
    public void A_plan_carries_its_id_reason_and_orders()
    {
        using var json = JsonDocument.Parse(Write(Samples.Status() with { Connectors = [Samples.Connector(Samples.Plan())] }));
        var plan = json.RootElement.GetProperty("connectors")[0].GetProperty("plan");
        plan.GetProperty("id").GetString().ShouldBe("p-1");
        var order = plan.GetProperty("orders")[0];
        order.GetProperty("side").GetString().ShouldBe("buy");
        order.GetProperty("quantity").GetDecimal().ShouldBe(0.3m);
        order.GetProperty("why").GetString().ShouldBe("MT5 holds something else");
        json.RootElement.GetProperty("converged").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void The_open_order_is_named_by_its_id()
    {
        var id = ClientOrderId.Create("abcd", "efghij", 7);
        var json = Write(Samples.Status() with { Connectors = [Samples.Connector(legs: Samples.Leg() with { OpenOrder = id, Phase = OrderPhase.Resting })] });
        json.ShouldContain($"\"phase\":\"resting\",\"openOrder\":\"{id}\"");
    }

    private static string[] AllNames<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(StatusMapping.Wire)];

    private static string Write(HostStatus status) => JsonSerializer.Serialize(status.ToDto(Host), PortalJson.Default.StatusDto);
}
