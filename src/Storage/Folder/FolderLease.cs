using CSMultiConnector.Domain.Connectors;

namespace CSMultiConnector.Storage.Folder;

/// <summary>
/// Beside SQLite the data folder's lock is the lease: whoever holds the folder trades its connectors, and nobody else can open it. The
/// operating system takes it back with the process, so it needs no end.
/// </summary>
/// <param name="folder">The open folder.</param>
public sealed class FolderLease(DataFolder folder) : IAccountLease
{
    /// <inheritdoc/>
    public bool IsHeld => !Lost.IsCancellationRequested;

    /// <inheritdoc/>
    public DateTimeOffset? EndsAt => null;

    /// <inheritdoc/>
    public string? HoldsBack => IsHeld ? null : "the data folder was closed";

    /// <inheritdoc/>
    public CancellationToken Lost { get; } = folder.Closed;

    /// <inheritdoc/>
    public event Action Changed
    {
        add { }
        remove { }
    }
}
