using System.Text.Json;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>A row of <c>connectors</c>, joined with where its credentials come from. Settings are JSON in the keys of the exchange format.</summary>
internal sealed class ConnectorRow
{
    /// <summary>The form of the settings' JSON; a change of keys that older text does not fit raises it.</summary>
    public const int Format = 1;

    public const string Columns =
        "id AS Id, organization AS Organization, tag AS Tag, settings AS Settings, revision AS Revision, "
        + "created_ticks AS CreatedTicks, changed_ticks AS ChangedTicks, deleted_ticks AS DeletedTicks";

    private const string Joined =
        $"SELECT {Columns}, environment AS Environment, has_secret AS HasSecret FROM (SELECT c.*, s.environment, CASE WHEN s.secret IS NULL THEN 0 ELSE 1 END AS has_secret "
        + "FROM connectors c LEFT JOIN connector_credentials s ON s.connector = c.id) AS joined WHERE deleted_ticks IS NULL";

    public string Id { get; init; } = "";

    public string Organization { get; init; } = "";

    public string Tag { get; init; } = "";

    public string Settings { get; set; } = "";

    public long Revision { get; set; }

    public long CreatedTicks { get; init; }

    public long ChangedTicks { get; set; }

    public long? DeletedTicks { get; init; }

    public string? Environment { get; set; }

    public long HasSecret { get; set; }

    public CredentialsSource Source =>
        Environment is not null ? new CredentialsSource.FromEnvironment(Environment)
        : HasSecret != 0 ? new CredentialsSource.Stored()
        : new CredentialsSource.NotGiven();

    public static Task<IReadOnlyList<ConnectorRow>> LiveAsync(SqlSession session) => session.QueryAsync<ConnectorRow>($"{Joined} ORDER BY id");

    public static Task<ConnectorRow?> FindLiveAsync(SqlSession session, OrganizationId organization, ConnectorId id) =>
        session.FirstOrDefaultAsync<ConnectorRow>($"{Joined} AND id = @id AND organization = @organization", new { id = id.Value, organization = organization.Value });

    public static ConnectorRow New(ConnectorSettings settings, DateTimeOffset now) => new()
    {
        Id = settings.Id.Value,
        Organization = settings.Organization.Value,
        Tag = settings.Tag,
        Settings = Json(settings),
        Revision = 1,
        CreatedTicks = now.UtcTicks,
        ChangedTicks = now.UtcTicks,
    };

    /// <summary>Why the settings may not be stored, every reason in one text; null when they may.</summary>
    public static StoreProblem? Invalid(ConnectorSettings settings)
    {
        var problems = new ProblemList(ConnectorFile.MaxProblems);
        using var json = JsonDocument.Parse(Json(settings));
        return ConnectorFields.Settings.TryRead(json.RootElement, "$", problems, out _)
            ? null
            : new StoreProblem(StoreProblemKind.Invalid, string.Join("\n", problems.Problems));
    }

    public void Change(ConnectorSettings settings, DateTimeOffset now)
    {
        Settings = Json(settings);
        Revision++;
        ChangedTicks = now.UtcTicks;
    }

    public void Take(CredentialsRow? credentials)
    {
        Environment = credentials?.Environment;
        HasSecret = credentials?.Secret is null ? 0 : 1;
    }

    public Task InsertAsync(SqlSession session) => session.ExecuteAsync(
        """
        INSERT INTO connectors (id, organization, tag, format, settings, revision, created_ticks, changed_ticks)
        VALUES (@Id, @Organization, @Tag, @Format, @Settings, @Revision, @CreatedTicks, @ChangedTicks)
        """,
        new { Id, Organization, Tag, Format = (long)Format, Settings, Revision, CreatedTicks, ChangedTicks });

    public Task UpdateAsync(SqlSession session) => session.ExecuteAsync(
        "UPDATE connectors SET format = @Format, settings = @Settings, revision = @Revision, changed_ticks = @ChangedTicks WHERE id = @Id",
        new { Id, Format = (long)Format, Settings, Revision, ChangedTicks });

    /// <exception cref="InvalidDataException">The stored text is not what this version writes: damaged, or changed by hand.</exception>
    public StoredConnector ToConnector()
    {
        var problems = new ProblemList(ConnectorFile.MaxProblems);
        using var json = JsonDocument.Parse(Settings);
        if (!ConnectorFields.Settings.TryRead(json.RootElement, "$", problems, out var settings))
            throw new InvalidDataException($"The stored settings of connector \"{Id}\" cannot be read: {problems.Problems[0]}");
        settings = settings with { Organization = new OrganizationId(Organization), Tag = Tag };
        return new StoredConnector(settings, Source, Revision, Ticks.ToTime(CreatedTicks), Ticks.ToTime(ChangedTicks));
    }

    private static string Json(ConnectorSettings settings) => ConnectorFields.Settings.Write(settings).ToJsonString();
}
