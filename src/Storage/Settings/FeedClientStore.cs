using System.Text;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>A program that may feed deals, as it is shown.</summary>
/// <param name="Id">Matches <c>[A-Za-z0-9_-]{1,64}</c>; never reused.</param>
/// <param name="Organization">Who owns it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="SecretChanged">When its secret was last set.</param>
/// <param name="Revoked">When it was revoked; null = it may log in.</param>
public sealed record FeedClientInfo(string Id, OrganizationId Organization, DateTimeOffset Created, DateTimeOffset SecretChanged, DateTimeOffset? Revoked);

/// <summary>A client that may log in, and what it proves to know.</summary>
/// <param name="Id">The client.</param>
/// <param name="Organization">Who owns it.</param>
/// <param name="Secret">Its secret.</param>
public sealed record FeedClientLogin(string Id, OrganizationId Organization, SecretText Secret)
{
    /// <summary>The key of the login proofs: the secret's bytes in UTF-8.</summary>
    public byte[] SecretBytes() => Encoding.UTF8.GetBytes(Secret.Reveal());
}

/// <summary>A client's secret, at the only time that it is shown.</summary>
/// <param name="Client">The client.</param>
/// <param name="Secret">Its secret.</param>
public sealed record FeedClientIssued(FeedClientInfo Client, SecretText Secret);

/// <summary>The programs that may feed deals, and their secrets.</summary>
public sealed partial class FeedClientStore
{
    private const int SecretBytes = 32;
    private const string Columns =
        "id AS Id, organization AS Organization, secret AS Secret, created_ticks AS CreatedTicks, changed_ticks AS ChangedTicks, revoked_ticks AS RevokedTicks";

    private readonly SqlDatabase _database;
    private readonly SecretVault _vault;
    private readonly IRandomSource _random;
    private readonly TimeProvider _time;

    internal FeedClientStore(SqlDatabase database, SecretVault vault, IRandomSource random, TimeProvider time)
    {
        _database = database;
        _vault = vault;
        _random = random;
        _time = time;
    }

    /// <summary>True when the text may be a client's id.</summary>
    public static bool IsValidId(string? id) => id is not null && IdForm().IsMatch(id);

    /// <summary>All clients of an organization, revoked ones too, in order of their ids.</summary>
    public async Task<IReadOnlyList<FeedClientInfo>> ListAsync(OrganizationId organization, CancellationToken cancellation)
    {
        var rows = await _database.RunAsync(
            session => session.QueryAsync<Row>($"SELECT {Columns} FROM feed_clients WHERE organization = @organization ORDER BY id", new { organization = organization.Value }),
            cancellation);
        return rows.Select(row => row.Info()).ToList();
    }

    /// <summary>The client with this id if it may log in; null = unknown or revoked. Problem: its secret cannot be decrypted.</summary>
    public async Task<StoreResult<FeedClientLogin>?> FindAsync(string id, CancellationToken cancellation)
    {
        var row = await _database.RunAsync(session => FindRowAsync(session, id), cancellation);
        if (row is not { RevokedTicks: null, Secret: { } sealedBytes }) return null;
        return _vault.TryOpen(sealedBytes, out var secret, Owner(row.Organization, row.Id))
            ? new FeedClientLogin(row.Id, new OrganizationId(row.Organization), secret)
            : new StoreProblem(StoreProblemKind.Unusable, $"The secret of feed client \"{id}\" cannot be decrypted with this key ring: set a new one.");
    }

    /// <summary>Makes a client.</summary>
    /// <param name="organization">Who owns it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="secret">Its secret; null = one of 32 random bytes is made.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The client with its secret; or Invalid (id or secret), Conflict (the id is or was used).</returns>
    public async Task<StoreResult<FeedClientIssued>> CreateAsync(OrganizationId organization, string id, SecretText? secret, CancellationToken cancellation)
    {
        if (!IsValidId(id)) return new StoreProblem(StoreProblemKind.Invalid, $"\"{id}\" is not a client id: 1 to 64 letters, digits, '_' and '-'.");
        if (Choose(ref secret) is { } refusal) return refusal;
        return await _database.RunAsync<StoreResult<FeedClientIssued>>(
            async session =>
            {
                if (await FindRowAsync(session, id) is { } old)
                {
                    var text = old.RevokedTicks is null ? "exists" : "was revoked, and ids are not used again";
                    return new StoreProblem(StoreProblemKind.Conflict, $"The feed client \"{id}\" {text}: choose another id.");
                }

                var now = _time.GetUtcNow();
                await session.ExecuteAsync(
                    "INSERT INTO feed_clients (id, organization, secret, created_ticks, changed_ticks) VALUES (@id, @organization, @secret, @now, @now)",
                    new { id, organization = organization.Value, secret = Seal(organization.Value, id, secret!), now = now.UtcTicks });
                return new FeedClientIssued(new FeedClientInfo(id, organization, now, now, Revoked: null), secret!);
            },
            cancellation);
    }

    /// <summary>Gives a client another secret; the old one ends. Problem: NotFound, Invalid.</summary>
    public async Task<StoreResult<FeedClientIssued>> ChangeSecretAsync(OrganizationId organization, string id, SecretText? secret, CancellationToken cancellation)
    {
        if (Choose(ref secret) is { } refusal) return refusal;
        return await _database.RunAsync<StoreResult<FeedClientIssued>>(
            async session =>
            {
                if (await FindActiveAsync(session, organization, id) is not { } row) return NotFound(id);
                row.ChangedTicks = _time.GetUtcNow().UtcTicks;
                await session.ExecuteAsync(
                    "UPDATE feed_clients SET secret = @secret, changed_ticks = @now WHERE id = @id",
                    new { id, secret = Seal(organization.Value, id, secret!), now = row.ChangedTicks });
                return new FeedClientIssued(row.Info(), secret!);
            },
            cancellation);
    }

    /// <summary>Ends a client for ever; its secret is deleted. Problem: NotFound.</summary>
    public Task<StoreResult<FeedClientInfo>> RevokeAsync(OrganizationId organization, string id, CancellationToken cancellation) =>
        _database.RunAsync<StoreResult<FeedClientInfo>>(
            async session =>
            {
                if (await FindActiveAsync(session, organization, id) is not { } row) return NotFound(id);
                row.RevokedTicks = _time.GetUtcNow().UtcTicks;
                await session.ExecuteAsync("UPDATE feed_clients SET secret = NULL, revoked_ticks = @now WHERE id = @id", new { id, now = row.RevokedTicks });
                return row.Info();
            },
            cancellation);

    private static Task<Row?> FindRowAsync(SqlSession session, string id) =>
        session.FirstOrDefaultAsync<Row>($"SELECT {Columns} FROM feed_clients WHERE id = @id", new { id });

    private static async Task<Row?> FindActiveAsync(SqlSession session, OrganizationId organization, string id) =>
        await FindRowAsync(session, id) is { RevokedTicks: null } row && row.Organization == organization.Value ? row : null;

    private static StoreProblem NotFound(string id) => new(StoreProblemKind.NotFound, $"There is no feed client \"{id}\", or it was revoked.");

    private static string[] Owner(string organization, string id) => ["feed-client", organization, id];

    private StoreProblem? Choose(ref SecretText? secret)
    {
        secret ??= new SecretText(RandomText.Base64Url(_random, SecretBytes));
        return FeedSecretRules.Refusal(secret.Reveal()) is { } refusal ? new StoreProblem(StoreProblemKind.Invalid, refusal) : null;
    }

    private byte[] Seal(string organization, string id, SecretText secret) => _vault.Seal(secret, Owner(organization, id));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IdForm();

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Organization { get; init; } = "";

        public byte[]? Secret { get; init; }

        public long CreatedTicks { get; init; }

        public long ChangedTicks { get; set; }

        public long? RevokedTicks { get; set; }

        public FeedClientInfo Info() =>
            new(Id, new OrganizationId(Organization), Ticks.ToTime(CreatedTicks), Ticks.ToTime(ChangedTicks), RevokedTicks is { } revoked ? Ticks.ToTime(revoked) : null);
    }
}
