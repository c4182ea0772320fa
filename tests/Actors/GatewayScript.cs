using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Tests;

/// <summary>What a test changes of one connector's gateway; null = as the venue answers.</summary>
public sealed class GatewayScript
{
    private readonly ConcurrentDictionary<Channel<VenueEvent>, bool> _streams = [];

    public Func<VenueAnswer<VenueAccount>?>? Connect { get; set; }

    public Func<VenueAnswer<ImmutableArray<Holding>>?>? Read { get; set; }

    /// <summary>Answers a reading in the venue's place, when it is told to.</summary>
    public Task<VenueAnswer<ImmutableArray<Holding>>>? HoldRead { get; set; }

    public Func<VenueAnswer<ImmutableArray<OrderReport>>?>? OpenOrders { get; set; }

    /// <summary>What the venue lists in the place of an instrument; null = nothing.</summary>
    public Func<Domain.Instruments.Instrument, Domain.Instruments.Instrument?>? Lists { get; set; }

    /// <summary>Holds the answer to the question for open orders.</summary>
    public Task? HoldOpenOrders { get; set; }

    /// <summary>Holds the answer to the wish to list a symbol.</summary>
    public Task? HoldListing { get; set; }

    /// <summary>Somebody listens to the venue.</summary>
    public bool IsFollowed => !_streams.IsEmpty;

    /// <summary>Answers in the venue's place: the order does not reach it.</summary>
    public Func<OrderRequest, SubmitOutcome?>? Submit { get; set; }

    /// <summary>Holds the answer to an order that reached the venue.</summary>
    public Func<OrderRequest, Task>? HoldAnswer { get; set; }

    public int Connects;

    public int Reads;

    public int LookUps;

    public int Listings;

    /// <summary>The venue tells something by itself.</summary>
    public void Tell(VenueEvent e)
    {
        foreach (var stream in _streams.Keys) stream.Writer.TryWrite(e);
    }

    public void Follow(Channel<VenueEvent> stream) => _streams[stream] = true;

    public void Leave(Channel<VenueEvent> stream) => _streams.TryRemove(stream, out _);
}

public sealed record OrderSent(ConnectorId Connector, OrderRequest Order);
