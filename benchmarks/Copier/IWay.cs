namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>One way from a deal to an order at the venue.</summary>
internal interface IWay : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What its process said, for whoever has to find out why it went wrong.</summary>
    string Said { get; }

    /// <summary>Lets a deal of a symbol go; returns when it has left.</summary>
    void Deal(int symbol);

    /// <summary>Waits until every deal is at the venue and answered.</summary>
    Task SettledAsync();
}
