using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Venues.Paper;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues;

/// <summary>What gateways are made with.</summary>
/// <param name="Time">The clock.</param>
/// <param name="PaperExchange">The simulated venue of this process, shared by all its Paper connectors; null = none.</param>
/// <param name="Lease">The right to trade, looked at before each order leaves; null = nobody can take it.</param>
/// <param name="Logs">Makes loggers; null = nothing is logged.</param>
public sealed record VenueServices(TimeProvider Time, PaperExchange? PaperExchange = null, IAccountLease? Lease = null, ILoggerFactory? Logs = null)
{
    /// <summary>What its gateways share of the places that they reach.</summary>
    public VenuePlaces Places { get; } = new();
}

/// <summary>The key of one venue account. Its text form shows nothing.</summary>
/// <param name="Key">The API key (Paper: the key of the <c>paper</c> process).</param>
/// <param name="Secret">The secret that signs; may be empty.</param>
/// <param name="Passphrase">Some venues want one; else empty.</param>
public sealed record VenueCredentials(string Key, string Secret = "", string Passphrase = "")
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => "venue credentials";
}
