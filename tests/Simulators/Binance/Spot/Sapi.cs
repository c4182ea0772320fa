namespace CSMultiConnector.Simulators.Binance.Spot;

/// <summary>The few endpoints of the wallet family that trading clients call.</summary>
internal sealed class Sapi
{
    public Sapi(SpotExchange exchange)
    {
        Routes =
        [
            new("GET", "/sapi/v1/system/status", call =>
            {
                call.Json.WriteStartObject();
                call.Json.Field("status", exchange.Maintenance ? 1 : 0);
                call.Json.Field("msg", exchange.Maintenance ? "system_maintenance" : "normal");
                call.Json.WriteEndObject();
            }) { Weight = static _ => 0, AlwaysUp = true },
            Signed("/sapi/v1/account/apiRestrictions", Restrictions),
            Signed("/sapi/v1/capital/config/getall", EmptyList),
            Signed("/sapi/v1/margin/allPairs", EmptyList) with { Security = Security.Key },
            Signed("/sapi/v1/margin/isolated/allPairs", EmptyList),
        ];
    }

    public IReadOnlyList<Route> Routes { get; }

    private static Route Signed(string path, Action<Call> handle) =>
        new("GET", path, handle) { Security = Security.Signed, Permission = Permission.None, Weight = static _ => 0 };

    private static void EmptyList(Call call)
    {
        call.Json.WriteStartArray();
        call.Json.WriteEndArray();
    }

    private static void Restrictions(Call call)
    {
        var key = call.Key!;
        call.Json.WriteStartObject();
        call.Json.Field("ipRestrict", key.IpRestricted);
        call.Json.Field("createTime", 1_698_645_219_000);
        call.Json.Field("enableReading", key.Reading);
        call.Json.Field("enableWithdrawals", key.Withdrawals);
        call.Json.Field("enableInternalTransfer", false);
        call.Json.Field("enableMargin", false);
        call.Json.Field("enableFutures", key.Futures);
        call.Json.Field("permitsUniversalTransfer", false);
        call.Json.Field("enableVanillaOptions", false);
        call.Json.Field("enableFixApiTrade", false);
        call.Json.Field("enableFixReadOnly", false);
        call.Json.Field("enableSpotAndMarginTrading", key.SpotTrading);
        call.Json.Field("enablePortfolioMarginTrading", false);
        call.Json.WriteEndObject();
    }
}
