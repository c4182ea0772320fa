using CSMultiConnector.Portal.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Portal.Api;

/// <summary>Probes for supervisors of processes: no token, and nothing in them worth one.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static () => Results.Json(new HealthDto("ok", ""), PortalJson.Default.HealthDto));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, IHostFacts facts, CancellationToken cancellation)
    {
        if (facts.Describe().Lease is { Text.Length: > 0 } lease)
            return Results.Json(new HealthDto(lease.State, "this host does not trade"), PortalJson.Default.HealthDto, statusCode: StatusCodes.Status503ServiceUnavailable);
        var problem = await readiness.ProblemAsync().WaitAsync(cancellation);
        return problem.Length == 0
            ? Results.Json(new HealthDto("ok", ""), PortalJson.Default.HealthDto)
            : Results.Json(new HealthDto("unavailable", problem), PortalJson.Default.HealthDto, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
