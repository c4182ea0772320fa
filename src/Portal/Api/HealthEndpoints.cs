using CSMultiConnector.Actors.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Portal.Api;

/// <summary>Probes for supervisors of processes: no token, and nothing in them worth one.</summary>
internal static class HealthEndpoints
{
    /// <summary>How long the actors may take to answer before the host counts as not ready.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", static () => Results.Json(new HealthDto("ok", ""), PortalJson.Default.HealthDto));
        routes.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(IControlPlane control, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await control.GetStatusAsync(either.Token).WaitAsync(either.Token);
            return Results.Json(new HealthDto("ok", ""), PortalJson.Default.HealthDto);
        }
        catch (Exception e) when (e is Akka.Actor.AskTimeoutException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Results.Json(
                new HealthDto("unavailable", "the actors do not answer"), PortalJson.Default.HealthDto, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
