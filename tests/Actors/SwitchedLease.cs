using CSMultiConnector.Domain.Connectors;

namespace CSMultiConnector.Actors.Tests;

/// <summary>A right to trade that a test makes doubtful and sure again.</summary>
internal sealed class SwitchedLease : IAccountLease
{
    public bool IsHeld => true;

    public DateTimeOffset? EndsAt => null;

    public string? HoldsBack { get; private set; }

    public CancellationToken Lost => CancellationToken.None;

    public event Action Changed = () => { };

    public void Set(string? holdsBack)
    {
        HoldsBack = holdsBack;
        Changed();
    }
}
