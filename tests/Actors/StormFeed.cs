using System.Collections.Immutable;
using Akka.Actor;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Actors.Tests;

/// <summary>One terminal with two streams in one symbol, as the connectors hear of it.</summary>
internal sealed class StormFeed : ReceiveActor
{
    private static readonly SymbolFacts s_facts = new(new SymbolName("BTCUSD"), 1m, new Lots(0.1m), new Lots(0.1m), "BTC", "USD", "USD", 2, "FOREX", "", "");

    private readonly Dictionary<Magic, decimal> _true = new() { [new(7)] = 0m, [new(8)] = 0m };
    private readonly Dictionary<Magic, (decimal Net, LevelVersion Version)> _told = [];
    private readonly HashSet<IActorRef> _subscribers = [];
    private bool _connected;
    private bool _synchronised;
    private long _session;
    private long _seq;

    public StormFeed()
    {
        Receive<SubscribeTerminals>(subscribe =>
        {
            _subscribers.Add(subscribe.Subscriber);
            subscribe.Subscriber.Tell(Picture());
        });
        Receive<UnsubscribeTerminals>(gone => _subscribers.Remove(gone.Subscriber));
        Receive<Deal>(deal =>
        {
            _true[deal.Magic] = deal.Net;
            if (!_connected) return;
            var version = new LevelVersion(_session, ++_seq);
            _told[deal.Magic] = (deal.Net, version);
            foreach (var subscriber in _subscribers)
                subscriber.Tell(new LevelMoved(new SourceId(new StreamId(Given.Terminal, deal.Magic), s_facts.Name), Level.OfNet(new Lots(deal.Net)), LevelKnowledge.Known, version, _seq, new Price(100m), s_facts));
        });
        Receive<Connect>(_ =>
        {
            (_connected, _synchronised) = (true, true);
            var version = new LevelVersion(++_session, _seq = 1);
            foreach (var (magic, net) in _true) _told[magic] = (net, version);
            Publish();
        });
        Receive<Cut>(_ =>
        {
            _connected = false;
            Publish();
        });
        Receive<HostBegins>(_ =>
        {
            (_connected, _synchronised) = (false, false);
            _subscribers.Clear();
        });
        ReceiveAny(_ => { });
    }

    public sealed record Deal(Magic Magic, decimal Net);

    public sealed record Connect;

    public sealed record Cut;

    /// <summary>Another process of the host: nothing is known until the terminal comes.</summary>
    public sealed record HostBegins;

    private void Publish()
    {
        foreach (var subscriber in _subscribers) subscriber.Tell(Picture());
    }

    private TerminalPicture Picture()
    {
        var knowledge = !_synchronised ? LevelKnowledge.Unknown : _connected ? LevelKnowledge.Known : LevelKnowledge.Stale;
        return new TerminalPicture(
            Given.Terminal, MarginMode.Netting, [.. _true.Keys.Order()], _synchronised, _connected, false,
            _told.ToImmutableSortedDictionary(t => t.Key, t => new StreamKnowledge(knowledge, t.Value.Version)),
            [.. _told.Select(t => new StreamLevel(t.Key, s_facts.Name, Level.OfNet(new Lots(t.Value.Net)), t.Value.Version))],
            _synchronised ? ImmutableSortedDictionary<SymbolName, SymbolFacts>.Empty.Add(s_facts.Name, s_facts) : ImmutableSortedDictionary<SymbolName, SymbolFacts>.Empty,
            ImmutableSortedDictionary<SymbolName, Price>.Empty);
    }
}
