using CSMultiConnector.Portal.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Portal.Api;

/// <summary>The clients that terminals log in with.</summary>
internal static class ClientEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/clients", async (IFeedClientAdministration clients, CancellationToken cancellation) =>
            Results.Json(await clients.ListAsync(cancellation), PortalJson.Default.IReadOnlyListClientDto))
            .WithName("ListClients");
        routes.MapPost("/clients", AddAsync).WithName("AddClient");
        routes.MapDelete("/clients/{client}", async (string client, IFeedClientAdministration clients, CancellationToken cancellation) =>
            Answers.Of(await clients.RevokeAsync(client, cancellation)))
            .WithName("RevokeClient");
    }

    private static async Task<IResult> AddAsync(AddClientRequest request, IFeedClientAdministration clients, CancellationToken cancellation)
    {
        if (!ClientName.IsValid(request.Client)) return Answers.Invalid(ClientName.Allowed);
        var (result, added) = await clients.AddAsync(request.Client!, request.Secret, cancellation);
        return added is null ? Answers.Of(result) : Results.Json(added, PortalJson.Default.AddedClientDto, statusCode: StatusCodes.Status201Created);
    }
}
