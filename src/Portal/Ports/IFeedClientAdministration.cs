using CSMultiConnector.Actors.Control;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Portal.Ports;

/// <summary>Makes, lists and revokes the clients that terminals log in with.</summary>
public interface IFeedClientAdministration
{
    /// <summary>All clients, revoked ones included; never their secrets.</summary>
    Task<IReadOnlyList<ClientDto>> ListAsync(CancellationToken cancellation);

    /// <summary>Makes a client; a secret of null is generated. The result carries the secret when it worked.</summary>
    Task<(CommandResult Result, AddedClientDto? Added)> AddAsync(string client, string? secret, CancellationToken cancellation);

    /// <summary>Ends a client: it can no longer log in. Its id is never used again.</summary>
    Task<CommandResult> RevokeAsync(string client, CancellationToken cancellation);
}
