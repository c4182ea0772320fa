using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Storage;

namespace Akka.Persistence;

/// <summary>Finds the persistence extension of an actor system.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    /// <summary>The one instance.</summary>
    public static Persistence Instance { get; } = new();

    /// <inheritdoc/>
    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>An actor system's journals and snapshot stores, by plugin id.</summary>
public class PersistenceExtension : IExtension
{
    internal const string MemoryJournalId = "akka.persistence.journal.inmem";
    internal const string MemorySnapshotsId = "akka.persistence.snapshot-store.inmem";
    internal const string NoSnapshotsId = "akka.persistence.no-snapshot-store";

    private static readonly TimeSpan DefaultRecoveryTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Lazy<IJournal>> _journals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Lazy<ISnapshots>> _snapshots = new(StringComparer.Ordinal);
    private readonly string _defaultJournal;
    private readonly string _defaultSnapshots;
    private int _instances;

    /// <summary>Reads the system's setup and configuration; opens nothing yet.</summary>
    /// <param name="system">The system.</param>
    public PersistenceExtension(ExtendedActorSystem system)
    {
        var setup = system.Settings.Setup.Get<SqlPersistenceSetup>();
        IReadOnlyList<SqlPlugin> plugins = setup.HasValue ? setup.Value.Plugins : [];
        var stores = new SqlStores(system);

        _journals.Add(MemoryJournalId, new Lazy<IJournal>(() => new InMemoryJournal()));
        _snapshots.Add(MemorySnapshotsId, new Lazy<ISnapshots>(() => new InMemorySnapshots()));
        _snapshots.Add(NoSnapshotsId, new Lazy<ISnapshots>(() => new NoSnapshots()));
        foreach (var plugin in plugins)
        {
            if (plugin.JournalId is { } journal)
                _journals[journal] = new Lazy<IJournal>(() => new SqlJournal(stores.For(plugin), () => system.Serialization, Time));
            if (plugin.SnapshotStoreId is { } snapshots)
                _snapshots[snapshots] = new Lazy<ISnapshots>(() => new SqlSnapshots(stores.For(plugin), () => system.Serialization));
        }

        var config = system.Settings.Config;
        RecoveryTimeout = config.GetTimeSpan("akka.persistence.journal-plugin-fallback.recovery-event-timeout", DefaultRecoveryTimeout);
        _defaultJournal = Default(config, "akka.persistence.journal.plugin", MemoryJournalId);
        _defaultSnapshots = Default(config, "akka.persistence.snapshot-store.plugin", MemorySnapshotsId);
    }

    /// <summary>How long a recovering actor waits for an answer.</summary>
    internal TimeSpan RecoveryTimeout { get; }

    /// <summary>The clock of rows; the wall clock even where a test moves the scheduler's, as in the packages.</summary>
    internal TimeProvider Time { get; } = TimeProvider.System;

    internal int NextInstanceId() => Interlocked.Increment(ref _instances);

    internal IJournal Journal(string pluginId) => Find(_journals, pluginId, _defaultJournal, "journal");

    internal ISnapshots Snapshots(string pluginId) => Find(_snapshots, pluginId, _defaultSnapshots, "snapshot store");

    private static T Find<T>(Dictionary<string, Lazy<T>> known, string? id, string defaultId, string what)
    {
        var name = string.IsNullOrEmpty(id) ? defaultId : id;
        return known.TryGetValue(name, out var plugin)
            ? plugin.Value
            : throw new ConfigurationException($"The {what} plugin '{name}' is not configured. Known: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
    }

    private static string Default(Config config, string path, string fallback) =>
        config.GetString(path, fallback) is { Length: > 0 } id ? id : fallback;
}
