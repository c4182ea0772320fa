using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>A place for events, and actor systems that use it one after the other.</summary>
internal abstract class JournalHost : IAsyncDisposable
{
    private IHost? _host;

    public ActorSystem System => _host!.Services.GetRequiredService<ActorSystem>();

    public async Task<ActorSystem> StartAsync()
    {
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("journal-tests", (builder, _) =>
            {
                builder
                    .WithCustomSerializer("tests", [typeof(ITestStored)], system => new TestSerializer(system))
                    .ConfigureLoggers(loggers => loggers.ClearLoggers());
                Configure(builder);
            }))
            .ConfigureLogging(logging => logging.ClearProviders())
            .Build();
        await host.StartAsync();
        _host = host;
        return System;
    }

    public async Task StopAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
        _host = null;
    }

    public async Task<ActorSystem> RestartAsync()
    {
        await StopAsync();
        return await StartAsync();
    }

    public virtual async ValueTask DisposeAsync() => await StopAsync();

    protected abstract void Configure(AkkaConfigurationBuilder builder);
}

/// <summary>Events in memory; they end with the system.</summary>
internal sealed class MemoryJournalHost : JournalHost
{
    protected override void Configure(AkkaConfigurationBuilder builder) => builder.WithInMemoryJournal().WithInMemorySnapshotStore();
}

/// <summary>Events in an SQLite file of its own.</summary>
internal sealed class SqliteJournalHost : JournalHost
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("csmc-journal-");

    public SqliteJournalHost()
    {
        SQLitePCL.Batteries_V2.Init();
        File = Path.Combine(_folder.FullName, "journal.db");
    }

    public string File { get; }

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ConnectionString;

    /// <summary>Runs a statement on the file; the system must have ended.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Reads rows of the file; the system must have ended.</summary>
    public List<object?[]> Query(string sql)
    {
        using var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override void Configure(AkkaConfigurationBuilder builder) => builder.WithSqlPersistence(ConnectionString, "SQLite.MS");
}
