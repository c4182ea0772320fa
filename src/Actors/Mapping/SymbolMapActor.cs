using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Mapping;

/// <summary>What the venue lists now; replaces what was known.</summary>
public sealed record InstrumentsListed(ImmutableArray<Instrument> Instruments);

/// <summary>Which instrument is this symbol? Answered by <see cref="SymbolResolved"/>.</summary>
public sealed record ResolveSymbol(SymbolFacts Facts);

/// <summary>The answer to <see cref="ResolveSymbol"/>.</summary>
public sealed record SymbolResolved(SymbolName Symbol, SymbolMapping Mapping);

/// <summary>A symbol was resolved; kept until it is reset.</summary>
public sealed record SymbolMapped(DateTimeOffset At, SymbolName Symbol, InstrumentId Instrument, decimal Scale, string Source) : IJournalRecord;

/// <summary>A person mapped a symbol (instrument null: excluded it).</summary>
public sealed record SymbolOverridden(DateTimeOffset At, SymbolName Symbol, InstrumentId? Instrument, decimal Scale) : IJournalRecord;

/// <summary>What was resolved is forgotten (one symbol, or all); overrides by hand too.</summary>
public sealed record MappingForgotten(DateTimeOffset At, SymbolName? Symbol) : IJournalRecord;

/// <summary>Symbol → instrument of one connector: resolved once, persisted, resettable, overridable.</summary>
public sealed class SymbolMapActor : ReceivePersistentActor, IWithTimers
{
    // Far longer than a gateway's own limit for a request.
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(60);

    private readonly ConnectorSettings _settings;
    private readonly IVenueGateway _gateway;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Dictionary<SymbolName, SymbolMapped> _mapped = [];
    private readonly Dictionary<SymbolName, MappingOverride> _byHand = [];
    private readonly Dictionary<SymbolName, string> _failed = [];
    private readonly Dictionary<SymbolName, Listing> _listings = [];
    private ImmutableDictionary<InstrumentId, Instrument> _instruments = ImmutableDictionary<InstrumentId, Instrument>.Empty;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public SymbolMapActor(ConnectorSettings settings, IVenueGateway gateway)
    {
        _settings = settings;
        _gateway = gateway;

        RecoverAny(e =>
        {
            if (e is IJournalRecord) Apply(e);
        });
        Command<InstrumentsListed>(listed => _instruments = listed.Instruments.ToImmutableDictionary(i => i.Id));
        Command<ResolveSymbol>(Resolve);
        Command<ListedOnDemand>(listed =>
        {
            listed.Listing.Call.Dispose();
            if (EndListing(listed.Listing)) Conclude(listed);
        });
        Command<ListingLate>(late =>
        {
            if (!EndListing(late.Listing)) return;
            late.Listing.Call.Cancel();
            Answer(late.Listing.Asker, late.Listing.Facts, new SymbolMapping.NotFound($"the venue was asked to list {late.Listing.Facts.Name} and did not answer", Transient: true));
        });
        Command<SetMapping>(set => Persist(
            new SymbolOverridden(Context.System.Scheduler.Now, set.Mapping.Symbol, set.Mapping.Instrument, set.Mapping.Scale),
            e =>
            {
                Apply(e);
                Sender.Tell(CommandResult.Done($"{e.Symbol} is mapped to {e.Instrument?.Value ?? "nothing"} by hand."));
            }));
        Command<ResetMapping>(reset => Persist(new MappingForgotten(Context.System.Scheduler.Now, reset.Symbol), e =>
        {
            Apply(e);
            Sender.Tell(CommandResult.Done(e.Symbol is { } s ? $"The mapping of {s} is forgotten and resolved anew." : "All mappings are forgotten and resolved anew."));
        }));
        Command<GetMapping>(_ => Sender.Tell(new MappingReport([.. Report()])));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public override string PersistenceId => $"mapping/{_settings.Id}";

    /// <summary>How the actor is made.</summary>
    public static Props Props(ConnectorSettings settings, IVenueGateway gateway) => Akka.Actor.Props.Create(() => new SymbolMapActor(settings, gateway));

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        base.PostStop();
    }

    private void Resolve(ResolveSymbol ask)
    {
        var symbol = ask.Facts.Name;
        var byHand = OverrideOf(symbol);
        if (byHand is null && _mapped.TryGetValue(symbol, out var known) && _instruments.TryGetValue(known.Instrument, out var instrument))
        {
            Sender.Tell(new SymbolResolved(symbol, new SymbolMapping.Found(instrument, known.Scale, known.Source)));
            return;
        }

        if (!_gateway.Capabilities.ListsOnDemand || byHand is { Instrument: null })
        {
            Answer(Sender, ask.Facts, SymbolMapper.Map(ask.Facts, [.. _instruments.Values], _settings, byHand));
            return;
        }

        // A venue that lists on demand has the symbol under its own name, or under the name that a person gave.
        var listing = new Listing(Sender, ask.Facts, CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token));
        _listings[symbol] = listing;
        Timers.StartSingleTimer(symbol, new ListingLate(listing), s_answerWithin);
        var wanted = byHand?.Instrument is { } named ? ask.Facts with { Name = new SymbolName(named.Value) } : ask.Facts;
        _gateway.ListOnDemandAsync(wanted, listing.Call.Token).PipeTo(
            Self,
            success: answer => new ListedOnDemand(listing, byHand?.Scale ?? 1m, answer.Value, answer.Failure?.Text, answer.Failure?.Kind is FailureKind.Unavailable or FailureKind.RateLimited),
            failure: e => new ListedOnDemand(listing, 1m, null, e.Message, true));
    }

    // False when it was over before: answered, late, or another took its place.
    private bool EndListing(Listing listing)
    {
        if (!_listings.TryGetValue(listing.Facts.Name, out var current) || current != listing) return false;
        Timers.Cancel(listing.Facts.Name);
        return _listings.Remove(listing.Facts.Name);
    }

    private void Conclude(ListedOnDemand listed)
    {
        var (asker, facts) = (listed.Listing.Asker, listed.Listing.Facts);
        if (listed.Instrument is not { } instrument)
        {
            Answer(asker, facts, new SymbolMapping.NotFound($"the venue did not list {facts.Name}: {listed.Failure}", listed.Transient));
            return;
        }

        _instruments = _instruments.SetItem(instrument.Id, instrument);
        Answer(asker, facts, new SymbolMapping.Found(instrument, listed.Scale, "listed"));
    }

    private void Answer(IActorRef asker, SymbolFacts facts, SymbolMapping mapping)
    {
        if (mapping is not SymbolMapping.Found found)
        {
            if (mapping is SymbolMapping.NotFound missing) _failed[facts.Name] = missing.Why;
            asker.Tell(new SymbolResolved(facts.Name, mapping));
            return;
        }

        _failed.Remove(facts.Name);
        Persist(new SymbolMapped(Context.System.Scheduler.Now, facts.Name, found.Instrument.Id, found.Scale, found.Source), e =>
        {
            Apply(e);
            asker.Tell(new SymbolResolved(facts.Name, mapping));
        });
    }

    private MappingOverride? OverrideOf(SymbolName symbol) =>
        _byHand.TryGetValue(symbol, out var byHand) ? byHand : _settings.Mapping.FirstOrDefault(m => m.Symbol == symbol);

    private void Apply(object e)
    {
        switch (e)
        {
            case SymbolMapped mapped:
                _mapped[mapped.Symbol] = mapped;
                break;
            case SymbolOverridden byHand:
                _byHand[byHand.Symbol] = new MappingOverride(byHand.Symbol, byHand.Instrument, byHand.Scale);
                break;
            case MappingForgotten { Symbol: { } symbol }:
                _mapped.Remove(symbol);
                _byHand.Remove(symbol);
                _failed.Remove(symbol);
                break;
            case MappingForgotten:
                _mapped.Clear();
                _byHand.Clear();
                _failed.Clear();
                break;
        }
    }

    private IEnumerable<MappingView> Report()
    {
        foreach (var symbol in _mapped.Keys.Concat(_byHand.Keys).Concat(_settings.Mapping.Select(m => m.Symbol)).Concat(_failed.Keys).Distinct().Order())
        {
            if (OverrideOf(symbol) is { } byHand)
                yield return new MappingView(symbol, byHand.Instrument, byHand.Scale, byHand.Instrument is null ? "excluded" : "override", "set by hand");
            else if (_mapped.TryGetValue(symbol, out var mapped))
                yield return new MappingView(symbol, mapped.Instrument, mapped.Scale, mapped.Source, "");
            else
                yield return new MappingView(symbol, null, 1m, "none", _failed.GetValueOrDefault(symbol, "not resolved yet"));
        }
    }

    private sealed record ListedOnDemand(Listing Listing, decimal Scale, Instrument? Instrument, string? Failure, bool Transient);

    private sealed record ListingLate(Listing Listing);

    /// <summary>A symbol that the venue was asked to list.</summary>
    private sealed record Listing(IActorRef Asker, SymbolFacts Facts, CancellationTokenSource Call);
}
