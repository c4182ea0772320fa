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
                continue;
            }

            foreach (var secret in reading.Value.Values.Values) guard.Remember(secret.Reveal());
            _credentials[settings.Id] = Of(reading.Value);
        }

        return problems;
    }

    /// <summary>The gateway of a connector.</summary>
    public IVenueGateway Create(ConnectorSettings settings) => venues.Create(settings, _credentials.GetValueOrDefault(settings.Id), services);

    /// <summary>The credentials as gateways take them.</summary>
    public static VenueCredentials Of(ConnectorCredentials given) => new(
        given[ConnectorCredentials.ApiKey]?.Reveal() ?? "",
        (given["secret"] ?? given["privateKey"])?.Reveal() ?? "",
        given["passphrase"]?.Reveal() ?? "");
}
