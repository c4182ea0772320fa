using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Settings;

/// <summary>A connector as it is stored.</summary>
/// <param name="Settings">Its settings, tag included.</param>
/// <param name="Credentials">Where its credentials come from: NotGiven (none), Stored or FromEnvironment; the credentials themselves are read apart.</param>
/// <param name="Revision">Grows with each change, from 1.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Changed">When it was last changed.</param>
public sealed record StoredConnector(ConnectorSettings Settings, CredentialsSource Credentials, long Revision, DateTimeOffset Created, DateTimeOffset Changed);

/// <summary>What an import did.</summary>
/// <param name="Connectors">The connectors of the file as they are stored now.</param>
/// <param name="Disabled">Connectors that the file does not name and that were disabled.</param>
public sealed record ConnectorImport(ImmutableArray<StoredConnector> Connectors, ImmutableArray<StoredConnector> Disabled);

/// <summary>What an import does with connectors that the file does not name.</summary>
public enum ImportMode
{
    /// <summary>They stay as they are.</summary>
    Merge,

    /// <summary>They are disabled (never deleted: they may still hold positions).</summary>
    DisableOthers,
}
