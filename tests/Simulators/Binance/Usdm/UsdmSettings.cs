using CSMultiConnector.Simulators.Kit;

namespace CSMultiConnector.Simulators.Binance.Usdm;

/// <summary>Modes, leverage, margin type and what the account says about itself.</summary>
internal sealed class UsdmSettings
{
    private readonly UsdmExchange _exchange;

    public UsdmSettings(UsdmExchange exchange)
    {
        _exchange = exchange;
        Routes =
        [
            UsdmApi.Read("GET", "/fapi/v1/positionSide/dual", 30, call => Single(call, "dualSidePosition", exchange.HedgeMode)),
            UsdmApi.Read("POST", "/fapi/v1/positionSide/dual", 1, SetMode),
            UsdmApi.Read("GET", "/fapi/v1/multiAssetsMargin", 30, call => Single(call, "multiAssetsMargin", exchange.MultiAssets)),
            UsdmApi.Read("POST", "/fapi/v1/multiAssetsMargin", 1, SetMultiAssets),
            UsdmApi.Read("POST", "/fapi/v1/leverage", 1, SetLeverage),
            UsdmApi.Read("POST", "/fapi/v1/marginType", 1, SetMarginType),
            UsdmApi.Read("GET", "/fapi/v1/accountConfig", 5, AccountConfig),
            UsdmApi.Read("GET", "/fapi/v1/symbolConfig", 5, SymbolConfig),
            UsdmApi.Read("GET", "/fapi/v1/commissionRate", 20, CommissionRate),
            UsdmApi.Read("GET", "/fapi/v1/leverageBracket", 1, LeverageBracket),
            UsdmApi.Read("GET", "/fapi/v1/feeBurn", 30, call => Single(call, "feeBurn", exchange.BnbFees)),
        ];
    }

    public IReadOnlyList<Route> Routes { get; }

    private bool AnyPosition => _exchange.Positions.Values.Any(p => p.Amount != 0);

    private static void Single(Call call, string name, bool value)
    {
        call.Json.WriteStartObject();
        call.Json.Field(name, value);
        call.Json.WriteEndObject();
    }

    private void SetMode(Call call)
    {
        call.P.Mandatory("dualSidePosition");
        var hedge = call.P.Flag("dualSidePosition")!.Value;
        if (hedge == _exchange.HedgeMode) throw new Refusal(-4059, "No need to change position side.");
        if (_exchange.Orders.OpenCount > 0) throw new Refusal(-4067, "Position side cannot be changed if there exists open orders.");
        if (AnyPosition) throw new Refusal(-4068, "Position side cannot be changed if there exists position.");
        _exchange.HedgeMode = hedge;
        UsdmApi.Success(call);
    }

    private void SetMultiAssets(Call call)
    {
        call.P.Mandatory("multiAssetsMargin");
        var on = call.P.Flag("multiAssetsMargin")!.Value;
        if (on == _exchange.MultiAssets) throw new Refusal(-4171, "No need to change multi-assets margin mode.");
        _exchange.MultiAssets = on;
        _exchange.MultiAssetsChanged();
        UsdmApi.Success(call);
    }

    private void SetLeverage(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        call.P.Mandatory("leverage");
        var leverage = call.P.Whole("leverage")!.Value;
        if (leverage is < 1 or > 125) throw new Refusal(-4028, $"Leverage {leverage} is not valid");
        _exchange.Leverage[symbol.Symbol] = (int)leverage;
        _exchange.ConfigChanged(symbol.Symbol);
        call.Json.WriteStartObject();
        call.Json.Field("leverage", leverage);
        call.Json.Field("maxNotionalValue", "1000000");
        call.Json.Field("symbol", symbol.Symbol);
        call.Json.WriteEndObject();
    }

    private void SetMarginType(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P).Symbol;
        var type = call.P.Mandatory("marginType");
        if (type is not ("ISOLATED" or "CROSSED")) throw new Refusal(-1130, "Data sent for parameter 'marginType' is not valid.");
        if (type == "ISOLATED" == _exchange.Isolated.Contains(symbol)) throw new Refusal(-4046, "No need to change margin type.");
        if (_exchange.Orders.Open.Any(o => o.Symbol == symbol)) throw new Refusal(-4047, "Margin type cannot be changed if there exists open orders.");
        if (_exchange.Positions.Values.Any(p => p.Symbol == symbol && p.Amount != 0)) throw new Refusal(-4048, "Margin type cannot be changed if there exists position.");
        if (type == "ISOLATED") _exchange.Isolated.Add(symbol);
        else _exchange.Isolated.Remove(symbol);
        UsdmApi.Success(call);
    }

    private void AccountConfig(Call call)
    {
        call.Json.WriteStartObject();
        call.Json.Field("feeTier", 0);
        call.Json.Field("canTrade", _exchange.CanTrade);
        call.Json.Field("canDeposit", true);
        call.Json.Field("canWithdraw", true);
        call.Json.Field("dualSidePosition", _exchange.HedgeMode);
        call.Json.Field("updateTime", 0);
        call.Json.Field("multiAssetsMargin", _exchange.MultiAssets);
        call.Json.Field("tradeGroupId", -1);
        call.Json.WriteEndObject();
    }

    private void SymbolConfig(Call call)
    {
        var one = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P);
        call.Json.WriteStartArray();
        foreach (var symbol in one is null ? _exchange.Symbols.Values.AsEnumerable() : [one])
        {
            call.Json.WriteStartObject();
            call.Json.Field("symbol", symbol.Symbol);
            call.Json.Field("marginType", _exchange.Isolated.Contains(symbol.Symbol) ? "ISOLATED" : "CROSSED");
            call.Json.Field("isAutoAddMargin", false);
            call.Json.Field("leverage", _exchange.LeverageOf(symbol.Symbol));
            call.Json.Field("maxNotionalValue", "1000000");
            call.Json.WriteEndObject();
        }
        call.Json.WriteEndArray();
    }

    private void CommissionRate(Call call)
    {
        var symbol = UsdmRules.Symbol(_exchange, call.P);
        call.Json.WriteStartObject();
        call.Json.Field("symbol", symbol.Symbol);
        call.Json.Amount("makerCommissionRate", UsdmExchange.MakerRate);
        call.Json.Amount("takerCommissionRate", UsdmExchange.TakerRate);
        call.Json.Field("rpiCommissionRate", "0.00005");
        call.Json.WriteEndObject();
    }

    private void LeverageBracket(Call call)
    {
        var one = call.P["symbol"] is null ? null : UsdmRules.Symbol(_exchange, call.P);
        call.Json.WriteStartArray();
        foreach (var symbol in one is null ? _exchange.Symbols.Values.AsEnumerable() : [one])
        {
            call.Json.WriteStartObject();
            call.Json.Field("symbol", symbol.Symbol);
            call.Json.Field("notionalCoef", 1);
            call.Json.WriteStartArray("brackets");
            call.Json.WriteStartObject();
            call.Json.Field("bracket", 1);
            call.Json.Field("initialLeverage", 125);
            call.Json.Field("notionalCap", 1_000_000_000);
            call.Json.Field("notionalFloor", 0);
            call.Json.WriteNumber("maintMarginRatio", 0.004m);
            call.Json.WriteNumber("cum", 0.0m);
            call.Json.WriteEndObject();
            call.Json.WriteEndArray();
            call.Json.WriteEndObject();
        }
        call.Json.WriteEndArray();
    }
}
