using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>A row of <c>connector_credentials</c>: the name of a variable, or encrypted JSON.</summary>
internal sealed class CredentialsRow
{
    public string Connector { get; init; } = "";

    public string? Environment { get; init; }

    public byte[]? Secret { get; init; }
}

/// <summary>Credentials of connectors: encrypted before they are written, read only for whoever connects.</summary>
internal sealed class CredentialsTable(SecretVault vault, TimeProvider time, Func<string, string?> variable)
{
    public static Task<CredentialsRow?> FindAsync(SqlSession session, ConnectorId id) => session.FirstOrDefaultAsync<CredentialsRow>(
        "SELECT connector AS Connector, environment AS Environment, secret AS Secret FROM connector_credentials WHERE connector = @id", new { id = id.Value });

    public static Task DeleteAsync(SqlSession session, ConnectorId id) =>
        session.ExecuteAsync("DELETE FROM connector_credentials WHERE connector = @id", new { id = id.Value });

    public async Task StoreAsync(SqlSession session, OrganizationId organization, ConnectorId id, CredentialsSource source)
    {
        var (environment, secret) = source switch
        {
            CredentialsSource.FromEnvironment from => (from.Variable, null),
            CredentialsSource.Given given => (null, vault.Seal(new SecretText(ConnectorFields.Credentials.Write(given.Credentials)!.ToJsonString()), Owner(organization, id))),
            _ => ((string?)null, (byte[]?)null),
        };
        if (environment is null && secret is null) return;
        await session.ExecuteAsync(
            """
            INSERT INTO connector_credentials (connector, environment, secret, changed_ticks) VALUES (@id, @environment, @secret, @now)
            ON CONFLICT (connector) DO UPDATE SET environment = excluded.environment, secret = excluded.secret, changed_ticks = excluded.changed_ticks
            """,
            new { id = id.Value, environment, secret, now = time.GetUtcNow().UtcTicks });
    }

    public StoreResult<ConnectorCredentials> Read(CredentialsRow row, OrganizationId organization)
    {
        if (row.Environment is { } name)
        {
            if (variable(name) is not { Length: > 0 } text)
                return Unusable($"The environment variable {name}, which holds the credentials of connector \"{row.Connector}\", is not set: set it to the JSON object that \"credentials\" would be.");
            return CredentialsText.TryParse(text, out var fromVariable, out var reason)
                ? fromVariable
                : Unusable($"The environment variable {name} does not hold the credentials of connector \"{row.Connector}\" as a JSON object such as {{\"apiKey\":…,\"secret\":…}}: {reason}");
        }

        return vault.TryOpen(row.Secret!, out var secret, Owner(organization, new ConnectorId(row.Connector))) && CredentialsText.TryParse(secret.Reveal(), out var stored, out _)
            ? stored
            : Unusable($"The credentials of connector \"{row.Connector}\" cannot be decrypted with this key ring: enter them again, or restore the folder \"keys\".");
    }

    /// <summary>Equal for equal keys, across connectors.</summary>
    public async Task<string> IdentityAsync(SqlSession session, ConnectorRow row)
    {
        var id = new ConnectorId(row.Id);
        var source = row.Source;
        if (source is CredentialsSource.Stored && await FindAsync(session, id) is { } stored && Read(stored, new OrganizationId(row.Organization)) is { Ok: true } read)
            source = new CredentialsSource.Given(read.Value);
        return CredentialsIdentity.Of(source, id);
    }

    private static string[] Owner(OrganizationId organization, ConnectorId id) => ["connector", organization.Value, id.Value];

    private static StoreProblem Unusable(string text) => new(StoreProblemKind.Unusable, text);
}
