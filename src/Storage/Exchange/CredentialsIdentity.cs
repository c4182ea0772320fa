using System.Security.Cryptography;
using System.Text;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>Tells whether two connectors use the same keys, without holding the keys.</summary>
internal static class CredentialsIdentity
{
    /// <summary>Equal for equal keys. Keys that are stored and not at hand count as different from all others.</summary>
    public static string Of(CredentialsSource source, ConnectorId connector) => source switch
    {
        CredentialsSource.Given given => Of(given.Credentials),
        CredentialsSource.FromEnvironment environment => $"env:{environment.Variable}",
        CredentialsSource.Stored => $"stored:{connector}",
        _ => "",
    };

    private static string Of(ConnectorCredentials credentials)
    {
        var named = credentials[ConnectorCredentials.ApiKey]?.Reveal() ?? string.Join('\n', credentials.Values.Select(v => v.Value.Reveal()));
        return $"key:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(named)))}";
    }
}
