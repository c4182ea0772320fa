using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>The MT5 terminal: deals, a session that breaks, and a memory of what was not acknowledged.</summary>
internal sealed class Terminal
{
    private static readonly TerminalId s_id = new(1001, "Sim");

    private readonly World _world;
    private readonly Prng _chance;
    private readonly Dictionary<SourceId, Level> _levels = [];
    private readonly SortedDictionary<long, (Deal Deal, SourceId Source, Level Level)> _unacknowledged = [];
    private SimHost? _connectedTo;
    private long _session;
    private long _seq;
    private long _tickets;
    private DateTimeOffset _lastArrival;

    public Terminal(World world)
    {
        _world = world;
        _chance = world.Chance.Fork();
        foreach (var instrument in world.Instruments)
        {
            for (var magic = 1; magic <= world.Scenario.Streams; magic++)
            {
                var source = new SourceId(new StreamId(s_id, new Magic(magic)), new SymbolName(instrument.Base.Value));
                var steps = magic == 1 ? world.Scenario.LevelBefore : 0;
                _levels[source] = Level.OfNet(new Lots(steps * world.Scenario.Venue.Step));
            }
        }
    }

    public IEnumerable<SourceId> Sources => _levels.Keys;

    /// <summary>Why the connector is paused; journaled by the connector, so it outlives the process.</summary>
    public string? PausedWhy { get; set; }

    /// <summary>Nothing is under way any more.</summary>
    public bool Quiet => _unacknowledged.Count == 0 && _connectedTo is { Alive: true };

    public void Begin()
    {
        Reconnect();
        if (_world.Scenario.DealPause > 0) Deal();
    }

    public void Heal() => EndSession();

    public void MustHaveDelivered()
    {
        if (_unacknowledged.Count > 0) throw new Checking.RuleBroken($"deals {string.Join(", ", _unacknowledged.Keys)} were never acknowledged");
        _world.Checker.AllDealsRecorded(_tickets);
    }

    /// <summary>Changes a stream's level by so many lots, as a deal does.</summary>
    public void Trade(SourceId source, Level level)
    {
        var before = _levels[source];
        if (level == before) return;
        _levels[source] = level;
        var change = level.Net - before.Net;
        var ticket = ++_tickets;
        var deal = new Deal(
            ticket, ticket, 0, source.Stream.Magic, source.Symbol, change.Value >= 0m ? OrderSide.Buy : OrderSide.Sell, DealEntry.In, new Lots(Math.Abs(change.Value)),
            100m, (_world.Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond, DealReason.Expert, 0m, "");
        _world.Trace.Note("deal", source.ToString(), change.Value, level.ToString());
        _unacknowledged[ticket] = (deal, source, level);
        var version = new LevelVersion(_session, ++_seq);
        void Line(SimHost host) => host.Feed.DealLine(version, deal, source, level, () => Acknowledge(host, ticket));
        Send(Line);
        if (_world.Dice.Strikes(Fault.FeedDuplicated)) Send(Line);
    }

    public void EndSession()
    {
        var host = _connectedTo;
        _connectedTo = null;
        _session++;
        _world.Trace.Note("feed down");
        if (host is not null) host.Soon(_chance.Milliseconds(1, 500), host.Feed.LineDown);
        var session = _session;
        _world.Timeline.After(_chance.Milliseconds(600, 8000), () =>
        {
            if (session == _session) Reconnect();
        });
    }

    private void Reconnect()
    {
        if (_world.Host is not { Alive: true } host)
        {
            _world.Timeline.After(_chance.Milliseconds(200, 3000), Reconnect);
            return;
        }

        if (_connectedTo == host) return;
        _connectedTo = host;
        _session++;
        _seq = 0;
        _world.Trace.Note("feed up", "", _session);
        foreach (var (ticket, (deal, source, level)) in _unacknowledged.ToArray())
            Send(h => h.Feed.Record(deal, source, level, () => Acknowledge(h, ticket)));
        if (_world.Dice.Strikes(Fault.HalfLoaded))
        {
            Send(h => h.Feed.HalfLoaded());
            var session = _session;
            _world.Timeline.After(_chance.Milliseconds(500, 15_000), () =>
            {
                if (session == _session) Snapshot();
            });
        }
        else
        {
            Snapshot();
        }

        Watch(host);
    }

    private void Snapshot()
    {
        var version = new LevelVersion(_session, ++_seq);
        var unlisted = _world.Dice.Strikes(Fault.Unlisted) ? new Magic(_chance.Between(1, _world.Scenario.Streams)) : Magic.Unattributed;
        var listed = _levels.Where(l => l.Key.Stream.Magic != unlisted).ToDictionary();
        Send(h => h.Feed.Snapshot(version, listed));
        if (unlisted != Magic.Unattributed) _world.Timeline.After(_chance.Milliseconds(2000, 20_000), EndSession);
    }

    // The terminal notices that its host is gone, and connects to the next one.
    private void Watch(SimHost host)
    {
        _world.Timeline.After(TimeSpan.FromSeconds(1), () =>
        {
            if (_connectedTo != host) return;
            if (!host.Alive)
            {
                _connectedTo = null;
                Reconnect();
            }
            else if (_world.Dice.Strikes(Fault.FeedLost))
            {
                EndSession();
            }
            else
            {
                Watch(host);
            }
        });
    }

    private void Deal()
    {
        if (_world.Dice.On)
        {
            var source = _levels.Keys.ElementAt(_chance.Between(0, _levels.Count - 1));
            var step = _world.Scenario.Venue.Step;
            var lots = step * _chance.Pick(-4, -2, -1, 0, 0, 1, 2, 3, 6) + (_chance.Chance(0.3) ? step / 2m : 0m);
            var level = Level.OfNet(new Lots(lots));
            if (_world.Scenario.Venue.Hedge && _chance.Chance(0.5)) level = new Level(new Lots(Math.Abs(lots)), new Lots(step * _chance.Between(0, 4)));
            Trade(source, level);
        }

        _world.Timeline.After(_chance.Milliseconds(1, _world.Scenario.DealPause * 1000), Deal);
    }

    private void Acknowledge(SimHost host, long ticket)
    {
        if (_connectedTo == host) _unacknowledged.Remove(ticket);
    }

    // Lines arrive in order while the session lasts.
    private void Send(Action<SimHost> line)
    {
        if (_connectedTo is not { } host) return;
        var delay = _chance.Milliseconds(1, 5);
        if (_world.Dice.Strikes(Fault.FeedDelayed)) delay = _chance.Milliseconds(50, 4000);
        var at = _world.Now + delay;
        if (at < _lastArrival) at = _lastArrival;
        _lastArrival = at;
        var session = _session;
        _world.Timeline.After(at - _world.Now, () =>
        {
            if (session == _session && _connectedTo == host && host.Alive) line(host);
        });
    }
}
