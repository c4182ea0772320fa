using System.Text;
using CSMultiConnector.Storage.Sql;
using CSMultiConnector.Storage.Tests.Sql;
using Npgsql;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Storage.Tests;

/// <summary>Where the stores of a test lie: the same tests run on both databases.</summary>
public abstract class Place : IAsyncDisposable
{
    /// <summary>As in the names of migrations.</summary>
    internal abstract string Dialect { get; }

    /// <summary>Opens the database, the same one each time.</summary>
    internal abstract SqlDatabase Open();

    /// <summary>Works on it while no store has it open.</summary>
    internal abstract Task ExecuteAsync(string sql);

    /// <summary>Everything that it keeps, as one text of bytes.</summary>
    internal abstract Task<byte[]> AllBytesAsync();

    /// <summary>Text that makes the insert of a history entry of the kind <c>poison</c> fail.</summary>
    internal abstract string RefusePoison { get; }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A file in a folder of its own.</summary>
public sealed class SqlitePlace : Place
{
    private readonly TempFolder _temp = new();

    private string Path => _temp.File("store.db");

    internal override string Dialect => "sqlite";

    internal override SqlDatabase Open() => SqlDatabase.OpenSqlite(Path, SqliteDurability.Full).Value!;

    internal override Task ExecuteAsync(string sql)
    {
        RawSqlite.Execute(Path, sql);
        return Task.CompletedTask;
    }

    internal override Task<byte[]> AllBytesAsync() => Task.FromResult(Directory.EnumerateFiles(_temp.Path).SelectMany(File.ReadAllBytes).ToArray());

    internal override string RefusePoison => "CREATE TRIGGER refuse BEFORE INSERT ON history WHEN NEW.kind = 'poison' BEGIN SELECT RAISE(ABORT, 'no'); END";

    public override ValueTask DisposeAsync()
    {
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A schema of its own on the server that <c>CSMC_TEST_POSTGRES</c> names.</summary>
public sealed class PostgresPlace : Place
{
    public const string Variable = "CSMC_TEST_POSTGRES";

    private readonly string _schema = $"csmc_test_{Guid.NewGuid():N}";
    private bool _made;

    public static bool IsThere => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    internal string ConnectionString
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable(Variable)) { Pooling = false };
            if (!_made)
            {
                using var connection = new NpgsqlConnection(settings.ConnectionString);
                connection.Open();
                using var command = new NpgsqlCommand($"CREATE SCHEMA {_schema}", connection);
                command.ExecuteNonQuery();
                _made = true;
            }

            settings.SearchPath = _schema;
            return settings.ConnectionString;
        }
    }

    internal override string RefusePoison => """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.kind = 'poison' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION refuse()
        """;

    internal override string Dialect => "postgresql";

    internal override SqlDatabase Open() => SqlDatabase.PostgreSql(ConnectionString);

    internal override async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<IReadOnlyList<string>> StringsAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    internal override async Task<byte[]> AllBytesAsync()
    {
        var all = new MemoryStream();
        foreach (var table in await StringsAsync($"SELECT tablename::text FROM pg_tables WHERE schemaname = '{_schema}'"))
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"SELECT * FROM {table}", connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++) all.Write(reader.GetValue(i) as byte[] ?? Encoding.UTF8.GetBytes(reader.GetValue(i).ToString()!));
        }

        return all.ToArray();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_made) await ExecuteAsync($"DROP SCHEMA {_schema} CASCADE");
    }
}

/// <summary>The tests of a class that has it are there only when a PostgreSQL server is named.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>A test of a suite that runs on both databases; not discovered, rather than skipped, where the class's database is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Storage.Tests.StoreFactDiscoverer", "CSMultiConnector.Storage.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>Finds such a test, or nothing.</summary>
public sealed class StoreFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        IsThere(testMethod) ? new FactDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute) : [];

    /// <summary>Whether the database of the test's class is there.</summary>
    internal static bool IsThere(ITestMethod test) => PostgresPlace.IsThere || !test.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any();
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.Storage.Tests.StoreTheoryDiscoverer", "CSMultiConnector.Storage.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

/// <summary>Finds such tests, or nothing.</summary>
public sealed class StoreTheoryDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        StoreFactDiscoverer.IsThere(testMethod) ? new TheoryDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute) : [];
}
