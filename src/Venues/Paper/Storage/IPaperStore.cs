using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Paper.Storage;

/// <summary>Where a venue's state lasts. Called by one caller at a time.</summary>
internal interface IPaperStore : IDisposable
{
    /// <summary>The name that makes account ids unique; made when the store was.</summary>
    string ExchangeId { get; }

    /// <summary>The changes that rebuild the stored state, in an order in which they can be applied.</summary>
    IReadOnlyList<PaperChange> Load();

    /// <summary>Stores all of the changes or, when it throws, none that counts: the caller loads anew.</summary>
    void Commit(IReadOnlyList<PaperChange> changes);
}

/// <summary>Keeps nothing beyond the process: a load starts empty.</summary>
internal sealed class MemoryPaperStore(string exchangeId) : IPaperStore
{
    private bool _loaded;

    public string ExchangeId => exchangeId;

    public IReadOnlyList<PaperChange> Load()
    {
        // A second load would start an empty venue under accounts that think they hold something.
        if (_loaded) throw new PaperStorageException("The paper venue kept its state in memory only and lost it after an internal error; start it anew.");
        _loaded = true;
        return [];
    }

    public void Commit(IReadOnlyList<PaperChange> changes)
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>The data of a simulated venue could not be opened or used.</summary>
public sealed class PaperStorageException : Exception
{
    /// <summary>With a text for a person.</summary>
    public PaperStorageException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>With a text for a person.</summary>
    public PaperStorageException(string message)
        : base(message)
    {
    }

    /// <summary>Without a text.</summary>
    public PaperStorageException()
    {
    }
}
