using Microsoft.AspNetCore.Http;

namespace CSMultiConnector.Portal.Auth;

/// <summary>Lets a request pass that carries the API token; answers any other with 401 and says nothing of why.</summary>
internal sealed class BearerTokenFilter(ApiToken token) : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (token.Accepts(http.Request.Headers.Authorization)) return await next(context);
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"csmulticonnector\"";
        return Results.Problem(
            statusCode: StatusCodes.Status401Unauthorized,
            title: "Not authorised",
            detail: "Send the token of the data folder's api-token file: Authorization: Bearer <token>.");
    }
}
