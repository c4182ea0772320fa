using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Persistence.Hosting;

/// <summary>What a database is used for.</summary>
public enum PersistenceMode
{
    /// <summary>Journal and snapshot store.</summary>
    Both,

    /// <summary>Journal only.</summary>
    Journal,

    /// <summary>Snapshot store only.</summary>
    SnapshotStore,
}

/// <summary>Configures a journal. There is nothing to configure: event adapters are not supported.</summary>
public sealed class AkkaPersistenceJournalBuilder
{
    /// <summary>Begins the configuration of a journal.</summary>
    /// <param name="journalId">The journal's plugin id.</param>
    /// <param name="builder">The system's configuration.</param>
    public AkkaPersistenceJournalBuilder(string journalId, AkkaConfigurationBuilder builder)
    {
        ArgumentException.ThrowIfNullOrEmpty(journalId);
        ArgumentNullException.ThrowIfNull(builder);
    }
}

/// <summary>Gives an actor system a journal and a snapshot store in memory.</summary>
public static class AkkaPersistenceHostingExtensions
{
    /// <summary>Makes the journal in memory the default.</summary>
    /// <param name="builder">The system's configuration.</param>
    public static AkkaConfigurationBuilder WithInMemoryJournal(this AkkaConfigurationBuilder builder) =>
        builder.AddHocon(ConfigurationFactory.ParseString($"akka.persistence.journal.plugin = \"{PersistenceExtension.MemoryJournalId}\""), HoconAddMode.Prepend);

    /// <summary>Makes the snapshot store in memory the default.</summary>
    /// <param name="builder">The system's configuration.</param>
    /// <param name="snapshotStoreId">Its id; only <c>inmem</c> exists.</param>
    /// <param name="isDefaultPlugin">Whether it is the default.</param>
    public static AkkaConfigurationBuilder WithInMemorySnapshotStore(
        this AkkaConfigurationBuilder builder, string snapshotStoreId = "inmem", bool isDefaultPlugin = true)
    {
        if (snapshotStoreId != "inmem") throw new ArgumentException("The snapshot store in memory has the id 'inmem'.", nameof(snapshotStoreId));
        return isDefaultPlugin
            ? builder.AddHocon(
                ConfigurationFactory.ParseString($"akka.persistence.snapshot-store.plugin = \"{PersistenceExtension.MemorySnapshotsId}\""), HoconAddMode.Prepend)
            : builder;
    }
}
