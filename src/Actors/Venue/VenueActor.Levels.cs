using System.Collections.Immutable;
using Akka.Actor;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Mapping;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Venue;

// From what terminals hold to what legs are offered.
public sealed partial class VenueActor
{
    private const string ResolveTimer = "resolve-again";

    private static readonly TimeSpan s_resolveAgain = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TerminalId, IActorRef> _terminals = [];
    private readonly HashSet<SymbolName> _resolving = [];

    // The mapping was changed while they were being resolved: that answer is of yesterday.
    private readonly HashSet<SymbolName> _resolveAgain = [];
    private readonly Dictionary<SymbolName, string> _unmapped = [];
    private readonly HashSet<SymbolName> _excluded = [];
    private readonly HashSet<SymbolName> _checked = [];
    private readonly HashSet<SymbolName> _waitForLegs = [];

    private void HandleLevels()
    {
        Command<TerminalPicture>(TakePicture);
        Command<LevelMoved>(TakeMove);
        Command<SymbolResolved>(TakeResolved);
        Command<ResolveAgain>(_ =>
        {
            if (_line == ConnectorState.Running) ResolveUnmapped();
        });
    }

    private void TakePicture(TerminalPicture picture)
    {
        if (!RoutesTerminal(picture.Terminal) && !_state.Sources.Keys.Any(s => s.Stream.Terminal == picture.Terminal)) return;
        _terminals[picture.Terminal] = Sender;
        _table.Take(picture);
        if (_shownRow is not null) Sender.Tell(_shownRow);

        if (ModeMismatch() is { } mismatch)
        {
            _modeMismatched = true;
            SetLine(ConnectorState.Faulted, mismatch);
        }
        else if (_line == ConnectorState.Faulted && _modeMismatched)
        {
            Connect();
        }

        // What a stream held when it first came is there before: captured once, before anything of it is traded.
        var fresh = picture.Streams
            .Where(s => s.Value.Knowledge == LevelKnowledge.Known)
            .Select(s => new StreamId(picture.Terminal, s.Key))
            .Where(s => RouteOf(s) is not null && !_state.IsBaselined(s))
            .Select(s => new StreamBaselined(
                Now, s, [.. picture.Levels.Where(l => l.Magic == s.Magic && !l.Level.IsFlat).Select(l => new SymbolLevel(l.Symbol, l.Level))]))
            .ToArray();
        foreach (var baseline in fresh) Store(baseline, _ => { });
        if (fresh.Length > 0) DeferAsync(picture, _ => AfterPicture());
        else AfterPicture();
    }

    private void AfterPicture()
    {
        ResolveAll();

        // A leg at rest is flat: only a level that is not wakes it. The others hear of what is new to them; most pictures say nothing new.
        foreach (var leg in _legs.Values)
            if (leg.Asleep ? HasLevel(leg) : IsNewTo(leg)) Offer(leg);
        TryWantedSync();
    }

    private bool HasLevel(Leg leg) => _state.Sources.Values.Any(s => s.Legs.Contains(leg.Id) && !_table.LevelOf(s.Source).IsFlat);

    private void TakeMove(LevelMoved moved)
    {
        if (RouteOf(moved.Source.Stream) is null || !_table.Take(moved)) return;
        if (!_state.IsBaselined(moved.Source.Stream)) return;
        if (_state.Sources.TryGetValue(moved.Source, out var bound))
        {
            foreach (var id in bound.Legs)
                if (_legs.TryGetValue(id, out var leg)) Offer(leg);
            return;
        }

        Resolve(moved.Source);
    }

    private Route? RouteOf(StreamId stream) => _settings.Routes.FirstOrDefault(r => r.Covers(stream));

    private void ResolveAll()
    {
        _waitForLegs.Clear();
        foreach (var source in _table.Sources.ToArray())
        {
            if (!_state.Sources.ContainsKey(source)) Resolve(source);
            else CheckBinding(source);
        }
    }

    // Once in each run: the settings may map a bound symbol elsewhere by now, or exclude it.
    private void CheckBinding(SourceId source)
    {
        if (_line != ConnectorState.Running || _table.FactsOf(source.Stream.Terminal, source.Symbol) is not { } facts || !_checked.Add(source.Symbol)) return;
        if (_resolving.Add(source.Symbol)) _mapping.Tell(new ResolveSymbol(facts));
    }

    // Also with each new line: what failed may have failed because the old one broke.
    private void ResolveUnmapped()
    {
        _unmapped.Clear();
        ResolveAll();
    }

    // A source is bound once it holds something; a symbol that failed is tried again when the instruments are refreshed or the mapping is changed.
    private void Resolve(SourceId source)
    {
        if (_line != ConnectorState.Running || RouteOf(source.Stream) is null || !_state.IsBaselined(source.Stream)) return;
        if (_table.LevelOf(source).IsFlat || _unmapped.ContainsKey(source.Symbol) || _excluded.Contains(source.Symbol)) return;
        if (_table.FactsOf(source.Stream.Terminal, source.Symbol) is not { } facts) return;
        if (_resolving.Add(source.Symbol)) _mapping.Tell(new ResolveSymbol(facts));
    }

    private void TakeResolved(SymbolResolved resolved)
    {
        _resolving.Remove(resolved.Symbol);
        if (_resolveAgain.Remove(resolved.Symbol) && AskMapping(resolved.Symbol)) return;
        switch (resolved.Mapping)
        {
            case SymbolMapping.Excluded:
                _excluded.Add(resolved.Symbol);
                _unmapped.Remove(resolved.Symbol);
                Unbind(resolved.Symbol);
                break;
            case SymbolMapping.NotFound missing:
                _unmapped[resolved.Symbol] = missing.Why;
                if (missing.Transient) Timers.StartSingleTimer(ResolveTimer, new ResolveAgain(), s_resolveAgain);
                _around.History.Tell(new History.ConnectorNoted(_settings.Id, Now, ConnectorState.Running, $"{resolved.Symbol} is not traded: {missing.Why}"));
                TellTerminals(new TerminalNotice("warning", $"{_settings.Id}: {resolved.Symbol} is not traded: {missing.Why}"));
                break;
            case SymbolMapping.Found found:
                _unmapped.Remove(resolved.Symbol);
                _excluded.Remove(resolved.Symbol);
                Bind(resolved.Symbol, found);
                break;
        }

        TryWantedSync();
    }

    private void Bind(SymbolName symbol, SymbolMapping.Found found)
    {
        if (MustWaitForLegs(symbol)) return;
        var instrument = found.Instrument;
        _instruments = _instruments.SetItem(instrument.Id, instrument);
        foreach (var leg in _legs.Values.Where(l => l.LastInstrument is null && _state.Legs[l.Id] == instrument.Id)) Configure(leg);
        if (ClaimedByOther(instrument.HoldingName) is { } other)
        {
            if (_state.OwnerOf(instrument.HoldingName) != other) Store(new HoldingOwned(Now, instrument.HoldingName, other, TakenOver: false), _ => { });
            _unmapped[symbol] = $"connector {other} trades {instrument.HoldingName} of this account already; one account is traded by one connector an instrument";
            return;
        }

        if (WhyMoney(instrument) is { } money)
        {
            _unmapped[symbol] = money;
            return;
        }

        LegId[] legs = _account!.PositionMode == PositionMode.Hedge
            ? [instrument.Leg(PositionSide.Long), instrument.Leg(PositionSide.Short)]
            : [instrument.Leg(PositionSide.Net)];
        var sources = _table.Sources
            .Where(s => s.Symbol == symbol && RouteOf(s.Stream) is not null && _state.IsBaselined(s.Stream))
            .Where(s => !_table.LevelOf(s).IsFlat || _state.Sources.ContainsKey(s))
            .Where(s => !_state.Sources.TryGetValue(s, out var b) || b.Legs.IsEmpty || b.Instrument != instrument.Id || b.MappingScale != found.Scale)

            // A terminal that has not named the symbol since the start brings its own sources later.
            .Where(s => _state.Sources.ContainsKey(s) || _table.FactsOf(s.Stream.Terminal, symbol) is not null)
            .ToArray();
        var moved = false;
        foreach (var source in sources)
        {
            var contractSize = _table.FactsOf(source.Stream.Terminal, symbol)?.ContractSize ?? _state.Sources[source].ContractSize;
            moved |= Feed(source, instrument.Id, [.. legs], contractSize, found.Scale);
        }

        if (moved) SyncMoved();
    }

    // On spot what pays for other legs is no leg itself: each of their orders would move it.
    private string? WhyMoney(Instrument instrument)
    {
        if (instrument.Kind != ProductKind.Spot) return null;
        if (instrument.HoldingName == _settings.QuoteCurrency || PaysForALeg(instrument.HoldingName))
            return $"{instrument.HoldingName} is what other legs of this connector are paid with; it is not traded itself. Exclude the symbol, or trade it with a connector of its own account";
        return _state.Legs.Keys.Any(l => l.Holding == instrument.Quote.Value)
            ? $"{instrument.Id} is paid with {instrument.Quote}, which this connector trades itself. Exclude one of the two, or use a connector of another account"
            : null;
    }

    private bool PaysForALeg(string holding) => _state.Legs.Values.Any(id =>
        _instruments.TryGetValue(id, out var i) && i.Kind == ProductKind.Spot && i.Quote.Value == holding && i.HoldingName != holding);

    // Of holdings that nobody asked for, whatever may be money is left alone: where no quote currency is set, the quote of any listed instrument.
    private bool IsMoney(string holding) => PaysForALeg(holding) || (_settings.QuoteCurrency is { Length: > 0 } quote
        ? holding == quote
        : _instruments.Values.Any(i => i.Kind == ProductKind.Spot && i.Quote.Value == holding));

    // An excluded symbol feeds nothing any more. What a leg holds for it waits for a sync, as with a move.
    private void Unbind(SymbolName symbol)
    {
        if (MustWaitForLegs(symbol)) return;
        var moved = false;
        foreach (var bound in _state.Sources.Values.Where(b => b.Source.Symbol == symbol && !b.Legs.IsEmpty).ToArray())
            moved |= Feed(bound.Source, bound.Instrument, [], bound.ContractSize, bound.MappingScale);
        if (moved) SyncMoved();
    }

    // What a leg holds for the symbol is known once it has recovered (a line that was never up has not even begun that); a move before then would take what
    // is copied for what was there before, and hold nothing.
    private bool MustWaitForLegs(SymbolName symbol)
    {
        var legs = _state.Sources.Values.Where(b => b.Source.Symbol == symbol).SelectMany(b => b.Legs.Union((b.MovedFrom ?? []).Where(_state.IsMoved)));
        if (legs.All(id => _legs.TryGetValue(id, out var leg) && leg.View is not null)) return false;
        _checked.Remove(symbol);
        _excluded.Remove(symbol);
        _waitForLegs.Add(symbol);
        return true;
    }

    private void ResolveWhatWaitedForLegs()
    {
        if (_waitForLegs.Count > 0) ResolveAll();
    }

    // True when it leaves legs that hold something for it.
    private bool Feed(SourceId source, InstrumentId instrument, ImmutableArray<LegId> legs, decimal contractSize, decimal scale)
    {
        var before = _state.Sources.TryGetValue(source, out var earlier) ? earlier.Legs : [];

        // What an earlier move (or an exclusion) left behind and a sync has not closed yet is left behind by this one, too.
        var left = before.Union((earlier?.MovedFrom ?? []).Where(_state.IsMoved));
        var from = left.Where(id => !legs.Contains(id) && _legs.TryGetValue(id, out var leg) && HoldsForMt5(leg)).ToImmutableArray();
        var nothingBefore = earlier is { NothingBefore: true } || (!from.IsEmpty && from.All(id => _legs[id].View is { Uncopied.IsZero: true }));
        Store(new SourceBound(Now, source, instrument, legs, contractSize, scale, from.IsEmpty ? null : from, nothingBefore), bound =>
        {
            foreach (var id in bound.Legs.Union(before))
            {
                var leg = Open(id);
                TellGate(leg);
                Offer(leg);
            }
        });
        return !from.IsEmpty;
    }

    private void ForwardAndResolveAnew(object command, SymbolName? symbol)
    {
        _mapping.Forward(command);
        foreach (var s in _table.Sources.Select(s => s.Symbol).Distinct().Where(s => symbol is null || s == symbol).ToArray())
        {
            _unmapped.Remove(s);
            _excluded.Remove(s);
            if (!AskMapping(s) && _resolving.Contains(s)) _resolveAgain.Add(s);
        }
    }

    private bool AskMapping(SymbolName symbol)
    {
        var facts = _table.Sources.Where(x => x.Symbol == symbol).Select(x => _table.FactsOf(x.Stream.Terminal, symbol)).FirstOrDefault(f => f is not null);
        if (facts is null || !_resolving.Add(symbol)) return false;
        _mapping.Tell(new ResolveSymbol(facts));
        return true;
    }

    private sealed record ResolveAgain;
}
