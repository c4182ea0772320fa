using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Npgsql;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Events in a schema of its own of the PostgreSQL database that <c>CSMC_TEST_POSTGRES</c> names.</summary>
internal sealed class PostgresJournalHost : JournalHost
{
    public const string Variable = "CSMC_TEST_POSTGRES";

    private readonly string _connectionString = Environment.GetEnvironmentVariable(Variable)!;
    private readonly string _schema = $"csmc_{Guid.NewGuid():N}";

    public PostgresJournalHost() => Execute($"CREATE SCHEMA {_schema}");

    /// <summary>The journal's rows, in order.</summary>
    public List<(string PersistenceId, long SequenceNr, string Manifest, int Identifier, bool Deleted, string Text)> Rows()
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(
            $"SELECT persistence_id, sequence_number, manifest, identifier, deleted, convert_from(message, 'UTF8') FROM {_schema}.journal ORDER BY ordering", connection);
        using var reader = command.ExecuteReader();
        var rows = new List<(string, long, string, int, bool, string)>();
        while (reader.Read())
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(4), reader.GetString(5)));
        return rows;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Execute($"DROP SCHEMA {_schema} CASCADE");
    }

    /// <summary>Nobody writes events until what this returns is disposed of. It comes after those who wait already.</summary>
    public async Task<IAsyncDisposable> HoldTheJournalAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {_schema}.journal IN EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Ends when so many wait for the journal that is held.</summary>
    public async Task WaitingAsync(long count)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM pg_locks WHERE relation = '{_schema}.journal'::regclass AND NOT granted", connection);
        while ((long)(await command.ExecuteScalarAsync())! < count) await Task.Yield();
    }

    protected override void Configure(AkkaConfigurationBuilder builder) =>
        builder.WithSqlPersistence(_connectionString, "PostgreSQL.15", schemaName: _schema);

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

[NeedsEnvironment(PostgresJournalHost.Variable)]
public sealed class PostgresPersistentActorTests() : PersistentActorSuite(new PostgresJournalHost());

[NeedsEnvironment(PostgresJournalHost.Variable)]
public sealed class PostgresPersistentStress() : PersistentStress(new PostgresJournalHost());

[NeedsEnvironment(PostgresJournalHost.Variable)]
public sealed class PostgresJournalTests : IAsyncLifetime
{
    private readonly PostgresJournalHost _host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [JournalFact]
    public async Task Events_outlive_the_system_and_lie_in_the_documented_columns()
    {
        var system = await _host.StartAsync();
        var probe = new Probe(system);
        var observer = probe.Ref;
        system.ActorOf(Props.Create(() => new Ledger("one", observer, null, null))).Tell(new AddMany("a", "b"));
        await probe.ExpectAsync("recovered #0", "stored a #1", "stored b #2");

        system = await _host.RestartAsync();
        var after = new Probe(system);
        var later = after.Ref;
        system.ActorOf(Props.Create(() => new Ledger("one", later, null, null)));
        await after.ExpectAsync("replayed a #1", "replayed b #2", "recovered #2");
        await _host.StopAsync();
        _host.Rows().ShouldBe([("one", 1L, "added.v1", TestSerializer.Id, false, "a"), ("one", 2L, "added.v1", TestSerializer.Id, false, "b")]);
    }

    // AsyncWriteJournal of Akka.NET hands a write without events to no plugin.
    [JournalFact]
    public async Task A_deferred_handler_does_not_wait_for_a_database_that_does_not_answer()
    {
        var system = await _host.StartAsync();
        var probe = new Probe(system);
        var observer = probe.Ref;
        var one = system.ActorOf(Props.Create(() => new Ledger("one", observer, null, null)));
        await probe.ExpectAsync("recovered #0");
        var two = system.ActorOf(Props.Create(() => new Ledger("two", observer, null, null)));
        await probe.ExpectAsync("recovered #0");
        Task<IAsyncDisposable> second;
        await using (await _host.HoldTheJournalAsync())
        {
            two.Tell(new Do(l => l.PersistAsync(new Added("b"), l.Apply)));
            await _host.WaitingAsync(1).WaitAsync(Probe.Limit);
            two.Tell(new Do(l => l.DeferAsync("deferred", l.Report)));
            one.Tell(new Add("a"));
            second = _host.HoldTheJournalAsync();
            await _host.WaitingAsync(2).WaitAsync(Probe.Limit);
        }

        await probe.ExpectAsync("stored b #1", "deferred");
        await (await second).DisposeAsync();
        await probe.ExpectAsync("stored a #1");
    }

    [JournalFact]
    public async Task A_second_writer_of_an_id_fails_and_the_first_goes_on()
    {
        var system = await _host.StartAsync();
        await SecondWriter.FailsAsync(system);
    }
}
