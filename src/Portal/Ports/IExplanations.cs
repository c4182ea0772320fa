using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Portal.Ports;

/// <summary>Explains what a leg did, from the stored history.</summary>
public interface IExplanations
{
    /// <summary>The newest <paramref name="orders"/> orders of a leg with what led to each; null when nothing is known of the leg.</summary>
    Task<ExplanationDto?> ExplainAsync(ConnectorId connector, LegId leg, int orders, CancellationToken cancellation);
}
