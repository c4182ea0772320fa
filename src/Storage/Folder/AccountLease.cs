namespace CSMultiConnector.Storage.Folder;

/// <summary>The right of this process to trade the accounts of its connectors. No order is sent without it.</summary>
public interface IAccountLease
{
    /// <summary>True while the right is held.</summary>
    bool IsHeld { get; }

    /// <summary>When the right ends unless it is renewed; null = it lasts until it is given up. An order's validity ends before.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>Cancelled when the right is lost or given up.</summary>
    CancellationToken Lost { get; }
}

/// <summary>Beside SQLite the data folder's lock is the lease: whoever holds the folder trades its connectors, and nobody else can open it.</summary>
/// <param name="folder">The open folder.</param>
public sealed class FolderLease(DataFolder folder) : IAccountLease
{
    /// <inheritdoc/>
    public bool IsHeld => !Lost.IsCancellationRequested;

    /// <inheritdoc/>
    public DateTimeOffset? ExpiresAt => null;

    /// <inheritdoc/>
    public CancellationToken Lost { get; } = folder.Closed;
}
