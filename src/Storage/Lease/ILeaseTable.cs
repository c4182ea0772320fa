namespace CSMultiConnector.Storage.Lease;

/// <summary>Who holds the right to trade, as the database says.</summary>
/// <param name="Owner">The host, for a person.</param>
/// <param name="Epoch">Grows with each host that takes the right.</param>
/// <param name="Left">How long it still holds without a renewal, by the database's clock; zero or less = it is free.</param>
public sealed record LeaseRow(string Owner, long Epoch, TimeSpan Left);

/// <summary>
/// The one row that says who may trade. Expiry is judged by the database's clock alone. Every call throws when the database does not answer.
/// </summary>
internal interface ILeaseTable : IAsyncDisposable
{
    /// <summary>What a person calls the database; never a password.</summary>
    string Display { get; }

    /// <summary>Takes the right if it is free; the row says who holds it now, us (then <paramref name="owner"/> with a new epoch) or another.</summary>
    Task<(bool Taken, LeaseRow Row)> TakeAsync(string owner, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Holds on to the right; false when it ended or is another's by now.</summary>
    Task<bool> RenewAsync(long epoch, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Gives the right back, so that nobody need wait for its end.</summary>
    Task ReleaseAsync(long epoch, CancellationToken cancellation);
}
