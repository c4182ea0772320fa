using CSMultiConnector.Domain.Connectors;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>A right to trade that a test takes away.</summary>
public sealed class SwitchedLease : IAccountLease
{
    public bool IsHeld { get; set; } = true;

    public DateTimeOffset? EndsAt { get; set; }

    public string? HoldsBack => IsHeld ? null : "taken away";

    public CancellationToken Lost => CancellationToken.None;

    public event Action Changed
    {
        add { }
        remove { }
    }
}
