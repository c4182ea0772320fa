using System.Net;
using System.Text;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Binance;
using CSMultiConnector.Venues.Binance.Spot;
using CSMultiConnector.Venues.Binance.UsdM;
using CSMultiConnector.Venues.Http;
using Table = CSMultiConnector.Venues.Http.ErrorTable;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>Every documented error, written down from the documentation, as an answer to an order. Empty class = the order may live.</summary>
public sealed class ErrorTableTests
{
    private const string Both =
        """
        -1000|An unknown error occurred while processing the request.|
        -1006|An unexpected response was received from the message bus. Execution status unknown.|
        -1007|Timeout waiting for response from backend server. Send status unknown; execution status unknown.|
        -1001|Internal error.|
        -1008|Server is currently overloaded with other requests. Please try again in a few minutes.|
        -1003|Too many requests; current limit is 2400 requests per minute.|Wait
        -1015|Too many new orders; current limit is 50 orders per 10 seconds.|Wait
        -1016|This service is no longer available.|Wait
        -1021|Timestamp for this request is outside of the recvWindow.|Transient
        -1021|Timestamp for this request was 1000ms ahead of the server's time.|Transient
        -1022|Signature for this request is not valid.|Account
        -1002|You are not authorized to execute this request.|Account
        -2014|API-key format invalid.|Account
        -2015|Invalid API-key, IP, or permissions for action.|Account
        -1100|Illegal characters found in parameter 'symbol'.|Permanent
        -1101|Too many parameters sent for this endpoint.|Permanent
        -1102|Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.|Permanent
        -1103|An unknown parameter was sent.|Permanent
        -1104|Not all sent parameters were read.|Permanent
        -1105|Parameter 'quantity' was empty.|Permanent
        -1106|Parameter 'timeInForce' sent when not required.|Permanent
        -1128|Combination of optional parameters invalid.|Permanent
        -1130|Data sent for parameter 'x' is not valid.|Permanent
        -1111|Parameter 'quantity' has too much precision.|Permanent
        -1112|No orders on book for symbol.|Transient
        -1115|Invalid timeInForce.|Permanent
        -1116|Invalid orderType.|Permanent
        -1117|Invalid side.|Permanent
        -1121|Invalid symbol.|Permanent
        -9999|A code that nobody has heard of.|Permanent
        """;

    private const string Spot =
        """
        -1013|Filter failure: LOT_SIZE|Permanent
        -1013|Filter failure: MARKET_LOT_SIZE|Permanent
        -1013|Filter failure: PRICE_FILTER|Permanent
        -1013|Filter failure: NOTIONAL|BelowMinimum
        -1013|Filter failure: MIN_NOTIONAL|BelowMinimum
        -1013|Filter failure: PERCENT_PRICE|Transient
        -1013|Filter failure: PERCENT_PRICE_BY_SIDE|Transient
        -1013|Filter failure: MAX_NUM_ORDERS|Transient
        -1013|Filter failure: EXCHANGE_MAX_NUM_ORDERS|Transient
        -1013|Filter failure: MAX_POSITION|Permanent
        -1013|Filter failure: MAX_ASSET|Permanent
        -2010|Account has insufficient balance for requested action.|Funds
        -2010|Duplicate order sent.|Query
        -2010|Market is closed.|Wait
        -2010|This symbol is not permitted for this account.|Permanent
        -2010|This symbol is restricted for this account.|Permanent
        -2010|This action is disabled on this account.|Account
        -2010|This account may not place or cancel orders.|Account
        -2010|Market orders are not supported for this symbol.|Permanent
        -2010|Quote order qty market orders are not support for this symbol.|Permanent
        -2010|Order book liquidity is less than LOT_SIZE filter minimum quantity.|Transient
        -2010|Order book liquidity is less than MARKET_LOT_SIZE filter minimum quantity.|Transient
        -2010|Order book liquidity is less than symbol minimum quantity.|Transient
        -2010|Rest API trading is not enabled.|Account
        -2010|WebSocket API trading is not enabled.|Account
        -2010|A text of next year.|Permanent
        -1020|This operation is not supported.|Permanent
        -1014|Unsupported order combination.|Permanent
        -2008|Invalid Api-Key ID.|Account
        -2021|Order cancel-replace partially failed.|
        -2022|Order cancel-replace failed.|Permanent
        -2039|Client order ID does not match the order ID.|Permanent
        -1034|Too many concurrent connections; current limit is '300'.|Wait
        """;

    private const string UsdM =
        """
        -1008|Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.|Wait
        -1106|Parameter 'reduceonly' sent when not required.|Account
        -2018|Balance is insufficient.|Funds
        -2019|Margin is insufficient.|Funds
        -4050|Cross balance insufficient.|Funds
        -4051|Isolated balance insufficient.|Funds
        -2020|Unable to fill.|Transient
        -2022|ReduceOnly Order is rejected.|ReRead
        -4118|ReduceOnly Order Failed. Please check your existing position and open orders|ReRead
        -2023|User in liquidation mode now.|Account
        -2024|Position is not sufficient.|ReRead
        -2025|Reach max open order limit.|Transient
        -4045|Reach max stop order limit.|Transient
        -2026|This OrderType is not supported when reduceOnly.|Permanent
        -2027|Exceeded the maximum allowable position at current leverage.|Permanent
        -2028|Leverage is smaller than permitted: insufficient margin balance.|Permanent
        -4003|Quantity less than zero.|Permanent
        -4004|Quantity less than min quantity.|BelowMinimum
        -4005|Quantity greater than max quantity.|Split
        -4014|Price not increased by tick size.|Permanent
        -4023|Qty not increased by step size.|Permanent
        -4015|Client order id is not valid.|Permanent
        -4016|Price is higher than mark price multiplier cap.|Transient
        -4024|Price is lower than mark price multiplier floor.|Transient
        -4131|The counterparty's best price does not meet the PERCENT_PRICE filter limit.|Transient
        -4060|Invalid position side.|Account
        -4061|Order's position side does not match user's setting.|Account
        -4062|Invalid or improper reduceOnly value.|Account
        -4067|Position side cannot be changed if there exists open orders.|Account
        -4068|Position side cannot be changed if there exists position.|Account
        -4087|User can only place reduce only order.|Account
        -4088|User can not place order currently.|Account
        -4109|This account is inactive. Please activate it first.|Account
        -4116|ClientOrderId is duplicated.|Query
        -4117|Stop order is triggering.|Transient
        -4120|Order type not supported for this endpoint.|Permanent
        -4140|Invalid symbol status for opening position.|Permanent
        -4141|Symbol is closed.|Permanent
        -4164|Order's notional must be no smaller than 5 (unless you choose reduce only).|BelowMinimum
        -4192|Trade forbidden due to Cooling-off Period.|Account
        -4400|Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later.|Transient
        -4401|Futures Trading Quantitative Rules violated, only reduceOnly order is allowed.|Transient
        -4402|Dear user, this feature is not available in your region.|Account
        -4403|Dear user, leverage can only be up to 10x in your region.|Account
        -5021|Due to the order could not be filled immediately, the FOK order has been rejected.|Transient
        -5022|Due to the order could not be executed as maker, the Post Only order will be rejected.|Transient
        -5028|Timestamp for this request is outside of the ME recvWindow.|Transient
        -1109|Invalid account.|Account
        -2017|API Keys are locked on this account.|Account
        """;

    public static TheoryData<string, string> Rows(string product)
    {
        var data = new TheoryData<string, string>();
        foreach (var row in Both.Split('\n').Concat((product == "spot" ? Spot : UsdM).Split('\n')))
        {
            data.Add(product, row.TrimEnd('\r'));

            // The documentation lists these reasons once for three codes.
            if (product == "spot" && row.StartsWith("-2010", StringComparison.Ordinal))
                foreach (var code in new[] { "-1010", "-1013" }) data.Add(product, code + row["-2010".Length..].TrimEnd('\r'));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows), "spot")]
    [MemberData(nameof(Rows), "usdm")]
    public void An_error_has_its_class(string product, string row)
    {
        var parts = row.Split('|');
        var refusal = Reply(product, 400, $$"""{"code":{{parts[0]}},"msg":"{{parts[1]}}"}""").Refusal();
        if (parts[2].Length == 0)
        {
            refusal.ShouldBeNull();
            return;
        }

        refusal.ShouldNotBeNull();
        (refusal.Class.ToString(), refusal.Code, refusal.Text).ShouldBe((parts[2], parts[0], parts[1]));
    }

    [Theory]
    [InlineData("spot")]
    [InlineData("usdm")]
    public void No_row_is_without_a_test(string product)
    {
        var tried = Rows(product).Select(r => ((string)r[1]).Split('|')).ToArray();
        string[] elsewhere = ["-2011", "-2013"];
        foreach (var row in Of(product).Rows.Where(r => r.Code.Length > 0 && !elsewhere.Contains(r.Code)))
            (row.Has(ErrorEffect.ProvedByServerError) || tried.Any(t => row.Fits(t[0], t[1]))).ShouldBeTrue($"{row}");
    }

    [Theory]
    [InlineData("spot", 500, "", null)]
    [InlineData("spot", 502, "<html>Bad gateway</html>", null)]
    [InlineData("spot", 503, """{"code":-1001,"msg":"Internal error; unable to process your request. Please try again."}""", null)]
    [InlineData("spot", 503, """{"code":-1016,"msg":"This service is no longer available."}""", null)]
    [InlineData("spot", 503, """{"code":-1008,"msg":"Server is currently overloaded with other requests. Please try again in a few minutes."}""", null)]
    [InlineData("spot", 503, """{"msg":"Service Unavailable."}""", null)]
    [InlineData("spot", 504, """{"code":-2010,"msg":"Account has insufficient balance for requested action."}""", null)]
    [InlineData("usdm", 503, """{"code":-1000,"msg":"Unknown error, please check your request or try again later."}""", null)]
    [InlineData("usdm", 503, "Unknown error, please check your request or try again later.", null)]
    [InlineData("usdm", 503, """{"code":-1000,"msg":"Service Unavailable."}""", "Wait")]
    [InlineData("usdm", 503, """{"msg":"Service Unavailable."}""", "Wait")]
    [InlineData("usdm", 503, "Service Unavailable.", null)]
    [InlineData("usdm", 503, """{"message":"Service Unavailable."}""", null)]
    [InlineData("usdm", 503, "no healthy upstream; Internal error; unable to process your request", null)]
    [InlineData("usdm", 503, """{"code":-1001,"msg":"Internal error; unable to process your request. Please try again."}""", "Wait")]
    [InlineData("usdm", 503, """{"code":-1008,"msg":"Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again."}""", "Wait")]
    [InlineData("usdm", 503, """{"code":-1008,"msg":"Server is currently overloaded with other requests. Please try again in a few minutes."}""", null)]
    [InlineData("usdm", 503, """{"timestamp":1677838680041,"path":"/fapi/v1/order","msg":"Unknown error, please check your request or try again later."}""", null)]
    [InlineData("usdm", 500, "", null)]
    [InlineData("usdm", 502, "Service Unavailable.", null)]
    [InlineData("usdm", 504, """{"code":-1008,"msg":"Request throttled by system-level protection."}""", null)]
    [InlineData("usdm", 408, """{"code":-1007,"msg":"Timeout waiting for response from backend server."}""", null)]
    [InlineData("spot", 408, "", null)]
    [InlineData("usdm", 408, """{"code":-9999,"msg":"A code that nobody has heard of."}""", null)]
    [InlineData("spot", 404, "<html>not found</html>", null)]
    [InlineData("spot", 400, "not json", null)]
    [InlineData("spot", 302, """{"code":-2010,"msg":"Duplicate order sent."}""", null)]
    [InlineData("spot", 200, "{}", null)]
    [InlineData("spot", 403, "<html>firewall</html>", "Account")]
    [InlineData("usdm", 403, "", "Account")]
    [InlineData("spot", 451, """{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms."}""", "Account")]
    [InlineData("usdm", 451, """{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms."}""", "Account")]
    [InlineData("spot", 429, "", "Wait")]
    [InlineData("usdm", 418, """{"code":-1003,"msg":"Way too many requests; IP banned."}""", "Wait")]
    [InlineData("spot", 401, """{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}""", "Account")]
    public void What_a_transport_says_is_no_more_than_it_proves(string product, int status, string body, string? expected) =>
        Reply(product, status, body).Refusal()?.Class.ToString().ShouldBe(expected);

    [Fact]
    public void An_answer_that_never_came_proves_nothing() => new BinanceReply(HttpReply.None("silence"), SpotErrors.Table).Refusal().ShouldBeNull();

    [Fact]
    public void The_same_code_means_another_thing_on_the_other_product()
    {
        const string body = """{"code":-2022,"msg":"ReduceOnly Order is rejected."}""";
        Reply("spot", 400, body).Refusal()!.Class.ShouldBe(RejectionClass.Permanent);
        Reply("usdm", 400, body).Refusal()!.Class.ShouldBe(RejectionClass.ReRead);
    }

    [Fact]
    public void Texts_of_strangers_are_cut()
    {
        var text = Reply("spot", 400, $$"""{"code":-1100,"msg":"{{new string('x', 5000)}}\u0007"}""").Refusal()!.Text;
        text.Length.ShouldBe(300);
    }

    private static Table Of(string product) => product == "spot" ? SpotErrors.Table : UsdmErrors.Table;

    private static BinanceReply Reply(string product, int status, string body) => new(new HttpReply((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), ""), Of(product));
}
