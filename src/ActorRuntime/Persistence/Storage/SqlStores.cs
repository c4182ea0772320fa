using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence.Storage;

/// <summary>The open databases of an actor system: one worker each, shared by journal and snapshot store, closed when the system ends.</summary>
internal sealed class SqlStores(ActorSystem system)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(SqlProvider, string, string?), SqlWorker> _workers = [];

    public SqlWorker For(SqlPlugin plugin)
    {
        lock (_gate)
        {
            var key = (plugin.Provider, plugin.ConnectionString, plugin.Schema);
            if (_workers.TryGetValue(key, out var worker)) return worker;
            if (_workers.Count == 0) system.RegisterOnTermination(Close);
            worker = new SqlWorker($"{system.Name}-journal", () => Open(plugin), (e, what) => system.Log.Error(e, what));
            _workers.Add(key, worker);
            return worker;
        }
    }

    private static SqlSession Open(SqlPlugin plugin)
    {
        var tables = SqlTables.In(plugin.Schema);
        return plugin.Provider switch
        {
            SqlProvider.Sqlite => SqliteSession.Open(plugin.ConnectionString, tables, plugin.MakeTables),
            SqlProvider.Postgres => PostgresSession.Open(plugin.ConnectionString, tables, plugin.MakeTables),
            _ => throw new ArgumentOutOfRangeException(nameof(plugin)),
        };
    }

    private void Close()
    {
        lock (_gate)
        {
            foreach (var worker in _workers.Values) worker.Dispose();
            _workers.Clear();
        }
    }
}
