using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Portal.Api;

/// <summary>What may be asked of one connector.</summary>
internal static class ConnectorEndpoints
{
    private const int MaxText = 500;
    private const int MaxSymbol = 64;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var one = routes.MapGroup("/connectors/{connector}");
        one.AddEndpointFilter(static async (context, next) =>
            ConnectorId.IsValid(context.HttpContext.GetRouteValue("connector") as string)
                ? await next(context)
                : Answers.Invalid("A connector id has 1 to 32 characters of a-z, 0-9 and '-', and does not begin with '-'."));

        one.MapPost("/pause", async (string connector, PauseRequest? request, IControlPlane control, CancellationToken cancellation) =>
            request?.Why is { Length: > MaxText }
                ? Answers.Invalid($"why has at most {MaxText} characters.")
                : Answers.Of(await control.PauseAsync(Id(connector), request?.Why is { Length: > 0 } why ? why : "paused by hand", cancellation)))
            .WithName("PauseConnector");
        one.MapPost("/resume", async (string connector, IControlPlane control, CancellationToken cancellation) =>
            Answers.Of(await control.ResumeAsync(Id(connector), cancellation)))
            .WithName("ResumeConnector");
        one.MapPost("/sync", async (string connector, SyncRequest? request, IControlPlane control, CancellationToken cancellation) =>
            ReadScope(request?.Scope) is { } scope
                ? Answers.Of(await control.SyncAsync(Id(connector), scope, cancellation))
                : Answers.Invalid("scope is streamLegs or wholeAccount."))
            .WithName("SyncConnector");
        one.MapPost("/plans/{plan}/approve", async (string connector, string plan, IControlPlane control, CancellationToken cancellation) =>
            Answers.Of(await control.ApprovePlanAsync(Id(connector), plan, cancellation)))
            .WithName("ApprovePlan");
        one.MapPost("/plans/{plan}/reject", async (string connector, string plan, IControlPlane control, CancellationToken cancellation) =>
            Answers.Of(await control.RejectPlanAsync(Id(connector), plan, cancellation)))
            .WithName("RejectPlan");
        one.MapGet("/mapping", GetMappingAsync).WithName("GetMapping");
        one.MapPut("/mapping", SetMappingAsync).WithName("SetMapping");
        one.MapPost("/mapping/reset", ResetMappingAsync).WithName("ResetMapping");
    }

    private static async Task<IResult> GetMappingAsync(string connector, IControlPlane control, CancellationToken cancellation)
    {
        if (await control.GetMappingAsync(Id(connector), cancellation) is not { } mapping)
            return Answers.NotFound($"There is no connector {connector}.");
        IReadOnlyList<MappingDto> dtos = [.. mapping.Select(m => m.ToDto())];
        return Results.Json(dtos, PortalJson.Default.IReadOnlyListMappingDto);
    }

    private static async Task<IResult> SetMappingAsync(string connector, SetMappingRequest request, IControlPlane control, CancellationToken cancellation)
    {
        if (request.Symbol is not { Length: >= 1 and <= MaxSymbol } symbol) return Answers.Invalid($"symbol has 1 to {MaxSymbol} characters.");
        if (request.Instrument is { Length: 0 or > MaxSymbol }) return Answers.Invalid($"instrument has 1 to {MaxSymbol} characters, or is null: not traded here.");
        if (request.Scale is <= 0m) return Answers.Invalid("scale is above zero.");
        var mapping = new MappingOverride(
            new SymbolName(symbol), request.Instrument is { } instrument ? new InstrumentId(instrument) : null, request.Scale ?? 1m);
        return Answers.Of(await control.SetMappingAsync(Id(connector), mapping, cancellation));
    }

    private static async Task<IResult> ResetMappingAsync(string connector, ResetMappingRequest? request, IControlPlane control, CancellationToken cancellation)
    {
        if (request?.Symbol is { Length: 0 or > MaxSymbol }) return Answers.Invalid($"symbol has 1 to {MaxSymbol} characters, or is absent: all.");
        return Answers.Of(await control.ResetMappingAsync(Id(connector), request?.Symbol is { } symbol ? new SymbolName(symbol) : null, cancellation));
    }

    private static ConnectorId Id(string connector) => new(connector);

    private static SyncScope? ReadScope(string? text) => text switch
    {
        null or "streamLegs" => SyncScope.StreamLegs,
        "wholeAccount" => SyncScope.WholeAccount,
        _ => null,
    };
}
