namespace CSMultiConnector.Domain.Connectors;

/// <summary>The right of this process to trade the accounts of its connectors. Answers at once, from any thread.</summary>
public interface IAccountLease
{
    /// <summary>True while an order may begin to leave: looked at as the last act before its first byte.</summary>
    bool IsHeld { get; }

    /// <summary>When the right ends unless it is renewed (UTC); null = it lasts until it is given up. No order is valid beyond.</summary>
    DateTimeOffset? EndsAt { get; }

    /// <summary>Why no order is to be begun, for a person: the right ended, or could not be renewed for too long. Null = orders may be begun.</summary>
    string? HoldsBack { get; }

    /// <summary>Cancelled when the right is lost or given up; it never comes back.</summary>
    CancellationToken Lost { get; }

    /// <summary>Raised when <see cref="HoldsBack"/> may have changed; on any thread.</summary>
    event Action Changed;
}

/// <summary>A right that nobody can take: for gateways that are used without a host.</summary>
public sealed class UnlimitedLease : IAccountLease
{
    private UnlimitedLease()
    {
    }

    /// <summary>The one instance.</summary>
    public static IAccountLease Instance { get; } = new UnlimitedLease();

    /// <inheritdoc/>
    public bool IsHeld => true;

    /// <inheritdoc/>
    public DateTimeOffset? EndsAt => null;

    /// <inheritdoc/>
    public string? HoldsBack => null;

    /// <inheritdoc/>
    public CancellationToken Lost => CancellationToken.None;

    /// <inheritdoc/>
    public event Action Changed
    {
        add { }
        remove { }
    }
}
