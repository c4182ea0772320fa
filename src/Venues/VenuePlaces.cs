using System.Collections.Concurrent;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues;

/// <summary>What the gateways of one process share of the places that they reach: a venue counts requests by address, not by connector. One a process.</summary>
public sealed class VenuePlaces
{
    private readonly ConcurrentDictionary<string, VenuePlace> _places = new(StringComparer.Ordinal);

    internal VenuePlace Of(string key, TimeProvider time) => _places.GetOrAdd(key, static (_, t) => new VenuePlace(t), time);
}
