using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>
/// The connectors. What is stored passed the checks of <c>connectors.json</c>, whoever gave it. Ids and tags outlive their connector and are
/// never given again: orders at the venue bear the tag, the journal the id.
/// </summary>
public sealed class ConnectorStore
{
    private readonly SqlDatabase _database;
    private readonly CredentialsTable _credentials;
    private readonly IRandomSource _random;
    private readonly TimeProvider _time;

    internal ConnectorStore(SqlDatabase database, SecretVault vault, IRandomSource random, TimeProvider time, Func<string, string?> variable)
    {
        _database = database;
        _credentials = new CredentialsTable(vault, time, variable);
        _random = random;
        _time = time;
    }

    /// <summary>All connectors of an organization, in order of their ids.</summary>
    public async Task<IReadOnlyList<StoredConnector>> ListAsync(OrganizationId organization, CancellationToken cancellation)
    {
        var rows = await _database.RunAsync(session => ConnectorRow.LiveAsync(session), cancellation);
        return rows.Where(row => row.Organization == organization.Value).Select(row => row.ToConnector()).ToList();
    }

    /// <summary>One connector; null = there is none.</summary>
    public async Task<StoredConnector?> FindAsync(OrganizationId organization, ConnectorId id, CancellationToken cancellation) =>
        (await _database.RunAsync(session => ConnectorRow.FindLiveAsync(session, organization, id), cancellation))?.ToConnector();

    /// <summary>Stores a new connector and gives it its tag.</summary>
    /// <param name="settings">The settings; the tag is ignored.</param>
    /// <param name="credentials">Its credentials.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The connector; or Invalid, or Conflict (the id is or was used, the account's instruments are traded by another).</returns>
    public Task<StoreResult<StoredConnector>> CreateAsync(ConnectorSettings settings, CredentialsSource credentials, CancellationToken cancellation) =>
        ChangeAsync(settings, session => InsertAsync(session, settings, credentials), cancellation);

    /// <summary>Changes a connector.</summary>
    /// <param name="settings">The new settings; tag and organization stay as they are.</param>
    /// <param name="revision">The revision that the change was made from; null = whichever is stored.</param>
    /// <param name="credentials">Its credentials; NotGiven and Stored keep what is stored.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The connector; or NotFound, Invalid, Conflict (somebody changed it meanwhile, the account's instruments are traded by another).</returns>
    public Task<StoreResult<StoredConnector>> UpdateAsync(ConnectorSettings settings, long? revision, CredentialsSource credentials, CancellationToken cancellation) =>
        ChangeAsync(settings, session => UpdateAsync(session, settings, revision, credentials), cancellation);

    /// <summary>Deletes a connector and its credentials; its id and tag stay taken.</summary>
    /// <returns>What was deleted, or NotFound.</returns>
    public Task<StoreResult<StoredConnector>> DeleteAsync(OrganizationId organization, ConnectorId id, CancellationToken cancellation) =>
        _database.RunAsync<StoreResult<StoredConnector>>(
            async session =>
            {
                if (await ConnectorRow.FindLiveAsync(session, organization, id) is not { } row) return NotFound(id);
                await CredentialsTable.DeleteAsync(session, id);
                await session.ExecuteAsync("UPDATE connectors SET deleted_ticks = @now WHERE id = @id", new { id = id.Value, now = _time.GetUtcNow().UtcTicks });
                return row.ToConnector();
            },
            cancellation);

    /// <summary>The credentials, for whoever connects to the venue.</summary>
    /// <returns>The credentials; null = there are none; or Unusable (they cannot be decrypted, the environment variable is not set or not readable).</returns>
    public async Task<StoreResult<ConnectorCredentials>?> ReadCredentialsAsync(OrganizationId organization, ConnectorId id, CancellationToken cancellation)
    {
        var row = await _database.RunAsync(
            async session => await ConnectorRow.FindLiveAsync(session, organization, id) is null ? null : await CredentialsTable.FindAsync(session, id),
            cancellation);
        return row is null ? null : _credentials.Read(row, organization);
    }

    /// <summary>Takes over a file, all of it or nothing.</summary>
    /// <param name="organization">Who owns the connectors.</param>
    /// <param name="entries">The file's connectors.</param>
    /// <param name="mode">What happens to others.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was stored, or the first reason why not.</returns>
    public async Task<StoreResult<ConnectorImport>> ImportAsync(
        OrganizationId organization, IReadOnlyCollection<ConnectorEntry> entries, ImportMode mode, CancellationToken cancellation)
    {
        try
        {
            return await _database.RunAsync(session => ImportAsync(session, organization, entries, mode), cancellation);
        }
        catch (Undone undone)
        {
            return undone.Problem;
        }
    }

    /// <summary>What <see cref="ConnectorFile.Write"/> writes. With secrets, stored credentials are decrypted.</summary>
    /// <returns>The connectors in order of their ids, or Unusable (credentials cannot be decrypted).</returns>
    public async Task<StoreResult<IReadOnlyList<ConnectorEntry>>> ExportAsync(OrganizationId organization, bool withSecrets, CancellationToken cancellation)
    {
        var entries = new List<ConnectorEntry>();
        foreach (var stored in await ListAsync(organization, cancellation))
        {
            var source = stored.Credentials;
            if (withSecrets && source is CredentialsSource.Stored && await ReadCredentialsAsync(organization, stored.Settings.Id, cancellation) is { } reading)
            {
                if (!reading.Ok) return reading.Problem;
                source = new CredentialsSource.Given(reading.Value);
            }

            entries.Add(new ConnectorEntry(stored.Settings, source));
        }

        return StoreResult.Of<IReadOnlyList<ConnectorEntry>>(entries);
    }

    private static StoreProblem NotFound(ConnectorId id) => new(StoreProblemKind.NotFound, $"There is no connector \"{id}\".");

    private async Task<StoreResult<StoredConnector>> ChangeAsync(
        ConnectorSettings settings, Func<SqlSession, Task<StoreResult<StoredConnector>>> change, CancellationToken cancellation)
    {
        if (ConnectorRow.Invalid(settings) is { } invalid) return invalid;
        try
        {
            return await _database.RunAsync(
                async session =>
                {
                    var result = await change(session);
                    if (!result.Ok) throw new Undone(result.Problem);
                    if (await ConflictAsync(session, settings.Id) is { } conflict) throw new Undone(conflict);
                    return result;
                },
                cancellation);
        }
        catch (Undone undone)
        {
            return undone.Problem;
        }
    }

    private async Task<StoreResult<StoredConnector>> InsertAsync(SqlSession session, ConnectorSettings settings, CredentialsSource credentials)
    {
        var id = settings.Id.Value;
        var old = await session.FirstOrDefaultAsync<ConnectorRow>($"SELECT {ConnectorRow.Columns} FROM connectors WHERE id = @id", new { id });
        if (old is not null)
        {
            var text = old.DeletedTicks is null ? "exists" : "was deleted, and ids are not used again";
            return new StoreProblem(StoreProblemKind.Conflict, $"The connector \"{id}\" {text}: choose another id.");
        }

        if (!await session.ExistsAsync("SELECT 1 FROM organizations WHERE id = @organization", new { organization = settings.Organization.Value }))
            return new StoreProblem(StoreProblemKind.NotFound, $"There is no organization \"{settings.Organization}\".");
        var tag = await UniqueTag.DrawAsync(
            _random, ClientOrderId.ConnectorTagLength, drawn => session.ExistsAsync("SELECT 1 FROM connectors WHERE tag = @drawn", new { drawn }));
        var row = ConnectorRow.New(settings with { Tag = tag }, _time.GetUtcNow());
        await row.InsertAsync(session);
        return await StoreCredentialsAsync(session, row, credentials);
    }

    private async Task<StoreResult<StoredConnector>> UpdateAsync(SqlSession session, ConnectorSettings settings, long? revision, CredentialsSource credentials)
    {
        if (await ConnectorRow.FindLiveAsync(session, settings.Organization, settings.Id) is not { } row) return NotFound(settings.Id);
        if (revision is { } expected && expected != row.Revision)
            return new StoreProblem(StoreProblemKind.Conflict, $"The connector \"{settings.Id}\" was changed meanwhile: load it again and repeat the change.");
        row.Change(settings, _time.GetUtcNow());
        await row.UpdateAsync(session);
        return await StoreCredentialsAsync(session, row, credentials);
    }

    private async Task<StoreResult<StoredConnector>> StoreCredentialsAsync(SqlSession session, ConnectorRow row, CredentialsSource credentials)
    {
        var id = new ConnectorId(row.Id);
        await _credentials.StoreAsync(session, new OrganizationId(row.Organization), id, credentials);
        row.Take(await CredentialsTable.FindAsync(session, id));
        return row.ToConnector();
    }

    private async Task<StoreResult<ConnectorImport>> ImportAsync(
        SqlSession session, OrganizationId organization, IReadOnlyCollection<ConnectorEntry> entries, ImportMode mode)
    {
        var disabled = ImmutableArray.CreateBuilder<StoredConnector>();
        var named = entries.Select(entry => entry.Settings.Id.Value).ToHashSet(StringComparer.Ordinal);
        if (mode == ImportMode.DisableOthers)
        {
            foreach (var row in (await ConnectorRow.LiveAsync(session)).Where(row => row.Organization == organization.Value && !named.Contains(row.Id)))
            {
                var settings = row.ToConnector().Settings;
                if (!settings.Enabled) continue;
                row.Change(settings with { Enabled = false }, _time.GetUtcNow());
                await row.UpdateAsync(session);
                disabled.Add(row.ToConnector());
            }
        }

        var stored = ImmutableArray.CreateBuilder<StoredConnector>();
        foreach (var entry in entries)
        {
            var settings = entry.Settings with { Organization = organization };
            if (ConnectorRow.Invalid(settings) is { } invalid) throw new Undone(invalid);
            var known = await ConnectorRow.FindLiveAsync(session, organization, settings.Id) is not null;
            var result = known
                ? await UpdateAsync(session, settings, revision: null, entry.Credentials)
                : await InsertAsync(session, settings, entry.Credentials);
            if (!result.Ok) throw new Undone(result.Problem);
            stored.Add(result.Value);
        }

        // Only now: while the file is taken over row by row, two of its connectors may overlap for a moment.
        foreach (var id in stored.Select(s => s.Settings.Id))
        {
            if (await ConflictAsync(session, id) is { } conflict) throw new Undone(conflict);
        }

        return new ConnectorImport(stored.ToImmutable(), disabled.ToImmutable());
    }

    /// <summary>Accounts are shared by all organizations of an installation, so all are compared.</summary>
    private async Task<StoreProblem?> ConflictAsync(SqlSession session, ConnectorId id)
    {
        var rows = await ConnectorRow.LiveAsync(session);
        var changed = rows.First(row => row.Id == id.Value);
        var settings = changed.ToConnector().Settings;
        var keys = await _credentials.IdentityAsync(session, changed);
        foreach (var other in rows.Where(row => row.Id != id.Value))
        {
            if (ConnectorRules.Conflict(other.ToConnector().Settings, await _credentials.IdentityAsync(session, other), settings, keys) is { } conflict)
                return new StoreProblem(StoreProblemKind.Conflict, char.ToUpperInvariant(conflict[0]) + conflict[1..]);
        }

        return null;
    }

    /// <summary>Undoes the transaction; seen by nobody outside.</summary>
    private sealed class Undone(StoreProblem problem) : Exception
    {
        public StoreProblem Problem { get; } = problem;
    }
}
