using System.Text.Json.Serialization;
using Akka.Actor;
using CSMultiConnector.Portal.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Portal.Api;

/// <summary>
/// The HTTP API. Needs in the container: <see cref="ApiToken"/>, <c>IControlPlane</c>, <c>IFeedClientAdministration</c>,
/// <c>IExplanations</c>, <c>IHostFacts</c> and <see cref="TimeProvider"/>.
/// </summary>
public static class PortalApi
{
    /// <summary>Largest body of a request, bytes: every command is small.</summary>
    public const int MaxRequestBody = 64 * 1024;

    /// <summary>Registers what the API itself needs.</summary>
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddSingleton<Readiness>();
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, PortalJson.Default);
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        return services;
    }

    /// <summary>Adds error pages (problem+json) and the endpoints.</summary>
    public static WebApplication MapPortal(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // The control plane waits a bounded time for the actors; that it ran out is "not now" and no defect.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static e => e is AskTimeoutException or TimeoutException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(static (context, next) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        HealthEndpoints.Map(app);
        var api = app.MapGroup("/api/v1").AddEndpointFilter(new BearerTokenFilter(app.Services.GetRequiredService<ApiToken>()));
        StatusEndpoints.Map(api);
        ConnectorEndpoints.Map(api);
        ClientEndpoints.Map(api);
        return app;
    }
}
