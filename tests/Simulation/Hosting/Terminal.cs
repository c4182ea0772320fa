using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>The MT5 terminal: deals, a session that breaks, an Expert Advisor that may end, and its memory of what was not acknowledged.</summary>
internal sealed class Terminal
{
    private static readonly TerminalId s_id = new(1001, "Sim");

    private readonly World _world;
    private readonly Prng _chance;
    private readonly Dictionary<SourceId, Level> _levels = [];
    private readonly SortedDictionary<long, (Deal Deal, SourceId Source, Level Level)> _unacknowledged = [];
    private readonly SortedDictionary<long, (Deal Deal, SourceId Source, Level Level)> _history = [];
    private readonly HashSet<long> _acknowledged = [];
    private long _acknowledgedTo;
    private bool _down;
    private (long Session, SimHost? Host, DateTimeOffset Until) _lastWords;
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
    public bool Quiet => !_down && _unacknowledged.Count == 0 && _connectedTo is { Alive: true };

    public void Begin()
    {
        Reconnect();
        if (_world.Scenario.DealPause > 0) Deal();
        else _world.Timeline.After(TimeSpan.FromSeconds(6), () => Trade(_levels.Keys.First(), Level.OfNet(_levels.Values.First().Net + new Lots(2 * _world.Scenario.Venue.Step))));
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
        _history[ticket] = (deal, source, level);
        if (_down) return;
        _unacknowledged[ticket] = (deal, source, level);
        if (Crashes(Boundary.TerminalBeforeSend)) return;
        var version = new LevelVersion(_session, ++_seq);
        void Line(SimHost host) => host.Feed.DealLine(version, deal, source, level, () => Acknowledge(host, ticket));
        Send(Line);
        if (_world.Dice.Strikes(Fault.FeedDuplicated)) Send(Line);
        Crashes(Boundary.TerminalAfterSend);
    }

    // The Expert Advisor ends without a word: what it kept in memory is gone, the terminal's own history is not.
    private bool Crashes(Boundary boundary)
    {
        if (_down || !_world.TerminalCrashesAt(boundary)) return false;
        _world.Trace.Note("terminal crashes", boundary.ToString());
        var (session, host, noticed) = (_session, _connectedTo, _chance.Milliseconds(1, 500));
        _lastWords = (session, host, _world.Now + noticed);
        (_down, _connectedTo) = (true, null);
        _session++;
        _unacknowledged.Clear();
        host?.Soon(noticed, () => LineDown(host));
        _world.Timeline.After(_chance.Milliseconds(1000, 20_000), BeginAnew);
        return true;
    }

    // It reads back from what the host has surely recorded, and tells a little too much rather than too little.
    private void BeginAnew()
    {
        _down = false;
        if (_world.Scenario.Bug != PlantedBug.TerminalForgets)
            foreach (var (ticket, told) in _history.Where(h => h.Key > _acknowledgedTo - 5)) _unacknowledged[ticket] = told;
        Reconnect();
    }

    public void EndSession()
    {
        var host = _connectedTo;
        _connectedTo = null;
        _session++;
        _world.Trace.Note("feed down");
        if (host is not null) host.Soon(_chance.Milliseconds(1, 500), () => LineDown(host));
        var session = _session;
        _world.Timeline.After(_chance.Milliseconds(600, 8000), () =>
        {
            if (session == _session) Reconnect();
        });
    }

    // A new session has replaced the old one: its end is no news any more.
    private void LineDown(SimHost host)
    {
        if (_connectedTo != host) host.Feed.LineDown();
    }

    private void Reconnect()
    {
        if (_down) return;
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
        if (_connectedTo != host || Crashes(Boundary.TerminalBeforeAck)) return;
        _unacknowledged.Remove(ticket);
        _acknowledged.Add(ticket);
        while (_acknowledged.Contains(_acknowledgedTo + 1)) _acknowledged.Remove(++_acknowledgedTo);
        Crashes(Boundary.TerminalAfterAck);
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
            // What a terminal sent before it ended still arrives, as long as the line's end is not noticed.
            var heard = (session == _session && _connectedTo == host) || (session == _lastWords.Session && host == _lastWords.Host && _world.Now < _lastWords.Until);
            if (heard && host.Alive) line(host);
        });
    }
}
