using System.Text;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Host.Composition;

/// <summary>The stored feed clients, for the terminal server (which asks for one) and for the API (which manages them).</summary>
internal sealed class FeedClientsOverStore(FeedClientStore store, SecretGuard guard, ILogger<FeedClientsOverStore> log) : IFeedClients, IFeedClientAdministration
{
    /// <summary>A client was revoked: what it has open is to end.</summary>
    public event Action<string>? Revoked;

    public async ValueTask<FeedClient?> FindAsync(string clientId, CancellationToken cancellation)
    {
        if (await store.FindAsync(clientId, cancellation) is not { } found) return null;
        if (!found.Ok)
        {
            log.LogError("{Problem}", found.Problem.Text);
            return null;
        }

        guard.Remember(found.Value.Secret.Reveal());
        return new FeedClient(found.Value.Id, found.Value.Organization, Encoding.UTF8.GetBytes(found.Value.Secret.Reveal()));
    }

    public async Task<IReadOnlyList<ClientDto>> ListAsync(CancellationToken cancellation) =>
        [.. (await store.ListAsync(OrganizationId.Local, cancellation)).Select(c => new ClientDto(c.Id, c.Organization.Value, c.Created, c.Revoked is not null))];

    public async Task<(CommandResult Result, AddedClientDto? Added)> AddAsync(string client, string? secret, CancellationToken cancellation)
    {
        guard.Remember(secret);
        var made = await store.CreateAsync(OrganizationId.Local, client, secret is null ? null : new SecretText(secret), cancellation);
        if (!made.Ok) return (ResultOf(made.Problem), null);
        guard.Remember(made.Value.Secret.Reveal());
        log.LogInformation("Feed client {Client} was made", client);
        return (CommandResult.Done($"Feed client {client} was made."), new AddedClientDto(client, made.Value.Secret.Reveal()));
    }

    public async Task<CommandResult> RevokeAsync(string client, CancellationToken cancellation)
    {
        var revoked = await store.RevokeAsync(OrganizationId.Local, client, cancellation);
        if (!revoked.Ok) return ResultOf(revoked.Problem);
        log.LogInformation("Feed client {Client} was revoked", client);
        Revoked?.Invoke(client);
        return CommandResult.Done($"Feed client {client} was revoked: it can no longer log in, and its sessions end.");
    }

    private static CommandResult ResultOf(StoreProblem problem) => problem.Kind switch
    {
        StoreProblemKind.NotFound => CommandResult.NotFound(problem.Text),
        StoreProblemKind.Conflict => CommandResult.Conflict(problem.Text),
        StoreProblemKind.Invalid => CommandResult.Invalid(problem.Text),
        _ => CommandResult.Unavailable(problem.Text),
    };
}
