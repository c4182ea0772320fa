using System.Collections.Concurrent;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Composition;

/// <summary>Makes the gateways of connectors. Credentials are read before connectors start: making a gateway must not wait.</summary>
internal sealed class VenueGateways(VenueCatalog venues, VenueServices services, ConnectorStore store, SecretGuard guard)
{
    private readonly ConcurrentDictionary<ConnectorId, VenueCredentials> _credentials = new();
    private readonly ConcurrentDictionary<ConnectorId, string> _unread = new();

    /// <summary>Decrypts what the connectors need; the problems of those for which it did not work.</summary>
    public async Task<IReadOnlyList<StoreProblem>> ReadCredentialsAsync(IEnumerable<StoredConnector> connectors, CancellationToken cancellation)
    {
        var problems = new List<StoreProblem>();
        foreach (var settings in connectors.Select(c => c.Settings).Where(s => s.Enabled))
        {
            if (await store.ReadCredentialsAsync(settings.Organization, settings.Id, cancellation) is not { } reading) continue;
            if (!reading.Ok)
            {
                problems.Add(reading.Problem);
                _unread[settings.Id] = reading.Problem.Text;
                continue;
            }

            foreach (var secret in reading.Value.Values.Values) guard.Remember(secret.Reveal());
            _credentials[settings.Id] = Of(reading.Value);
        }

        return problems;
    }

    /// <summary>The gateway of a connector; without the key that it needs, one that says so.</summary>
    public IVenueGateway Create(ConnectorSettings settings)
    {
        var credentials = _credentials.GetValueOrDefault(settings.Id);
        return venues.Find(settings.Venue) is { NeedsCredentials: true } product && Lack(settings, credentials) is { } why
            ? new KeylessGateway(product.Capabilities, why)
            : venues.Create(settings, credentials, services);
    }

    // The variable and the stored key are read at the start only.
    private string? Lack(ConnectorSettings settings, VenueCredentials? credentials) => credentials switch
    {
        null when _unread.TryGetValue(settings.Id, out var problem) => $"{problem} Then start the host again.",
        null => $"{settings.Venue} needs a key, and connector {settings.Id} has none: give it credentials or credentialsFrom in connectors.json, and start the host again.",
        { Key.Length: 0 } or { Secret.Length: 0 } => $"The credentials of connector {settings.Id} are not whole: {settings.Venue} needs apiKey and secret. Mend them, and start the host again.",
        _ => null,
    };

    /// <summary>The credentials as gateways take them.</summary>
    public static VenueCredentials Of(ConnectorCredentials given) => new(
        given[ConnectorCredentials.ApiKey]?.Reveal() ?? "",
        (given["secret"] ?? given["privateKey"])?.Reveal() ?? "",
        given["passphrase"]?.Reveal() ?? "");
}
