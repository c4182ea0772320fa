using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Portal.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Portal.Api;

/// <summary>What is: status, plans, explanations.</summary>
internal static class StatusEndpoints
{
    private const int DefaultOrders = 10;
    private const int MaxOrders = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", StatusAsync).WithName("GetStatus");
        routes.MapGet("/plans", PlansAsync).WithName("GetPlans");
        routes.MapGet("/explain", ExplainAsync).WithName("ExplainLeg");
        routes.MapPost("/streams/release", ReleaseAsync).WithName("ReleaseStream");
    }

    private static async Task<IResult> StatusAsync(IControlPlane control, IHostFacts facts, CancellationToken cancellation) =>
        Results.Json((await control.GetStatusAsync(cancellation)).ToDto(facts.Describe()), PortalJson.Default.StatusDto);

    private static async Task<IResult> PlansAsync(IControlPlane control, CancellationToken cancellation)
    {
        var status = await control.GetStatusAsync(cancellation);
        IReadOnlyList<PlanDto> plans = [.. status.Connectors.Where(c => c.Plan is not null).Select(c => c.Plan!.ToDto())];
        return Results.Json(plans, PortalJson.Default.IReadOnlyListPlanDto);
    }

    // A leg's name can hold any character (BTC/USDT, #AAPL), so it travels in the query.
    private static async Task<IResult> ExplainAsync(
        string? leg, string? connector, int? orders, IControlPlane control, IExplanations explanations, IHostFacts facts, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(leg)) return Answers.Invalid("Name the leg: ?leg=holding:Side, for example BTCUSDT:Net.");
        var count = orders ?? DefaultOrders;
        if (count is < 1 or > MaxOrders) return Answers.Invalid($"orders is 1 to {MaxOrders}.");
        var status = await control.GetStatusAsync(cancellation);
        var named = LegFinder.Find(status, connector, leg);
        if (named.Problem is { } problem) return Answers.Of(problem);
        var explanation = await explanations.ExplainAsync(named.Connector, named.Leg, count, cancellation);
        if (explanation is null && named.View is null) return Answers.NotFound($"Nothing is known of the leg {named.Leg} of {named.Connector}.");
        explanation ??= new ExplanationDto(named.Connector.Value, named.Leg.ToString(), null, [], []);
        return Results.Json(explanation with { Now = named.View?.ToDto(named.Connector), Lease = facts.Describe().Lease }, PortalJson.Default.ExplanationDto);
    }

    private static async Task<IResult> ReleaseAsync(ReleaseStreamRequest request, IControlPlane control, CancellationToken cancellation)
    {
        if (!TerminalId.TryParse(request.Terminal, out var terminal)) return Answers.Invalid("terminal is login@server, for example 5012345@MetaQuotes-Demo.");
        if (request.Magic is not >= 0) return Answers.Invalid("magic is an integer from 0.");
        return Answers.Of(await control.ReleaseStreamAsync(new StreamId(terminal, new Magic(request.Magic.Value)), cancellation));
    }
}
