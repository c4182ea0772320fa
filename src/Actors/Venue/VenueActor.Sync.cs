using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

// Syncs: wanted → all levels known → account read → legs asked → (plan → yes) → reducing orders → the rest.
public sealed partial class VenueActor
{
    private const string PeriodTimer = "periodic-sync";
    private const string RunTimer = "sync-run";
    private const int MaxQueuedSyncs = 8;

    private static readonly TimeSpan s_proposalsWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_reducingMargin = TimeSpan.FromSeconds(10);

    private ImmutableArray<Holding> _holdings = [];
    private ImmutableQueue<Wish> _queuedSyncs = ImmutableQueue<Wish>.Empty;
    private Wish? _wanted;
    private string _waitText = "";
    private Run? _run;
    private PlanView? _plan;
    private Wish? _plannedWish;
    private bool _startupDone;
    private long _syncs;

    private bool AwaitingFirstPlan => _settings is { SyncAtStartup: true, PlanFirst: true } && !_state.FirstPlanSettled;

    private void HandleSync()
    {
        Command<SyncNow>(now =>
        {
            if (_line != ConnectorState.Running)
            {
                Sender.Tell(CommandResult.Unavailable($"{_settings.Id} is not running ({_lineText}); nothing was synced."));
                return;
            }

            WantSync(SyncKind.ByHand, now.Scope);
            Sender.Tell(CommandResult.Done(_wanted is null && _run is not null
                ? $"A sync of {_settings.Id} has begun."
                : $"A sync of {_settings.Id} is wanted; it {_waitText}."));
        });
        Command<PeriodicSync>(_ =>
        {
            if (_run is null && _wanted is null && _state.PausedWhy is null) WantSync(SyncKind.Periodic, _settings.SyncScope);
        });
        Command<SyncProposed>(p => p.SyncId == _run?.Options.SyncId, proposed =>
        {
            _run!.Proposals[proposed.Proposal.Leg] = proposed.Proposal;
            _run.Missing.Remove(proposed.Proposal.Leg);
            if (_run.Missing.Count == 0) Conclude();
        });
        Command<SyncProposed>(_ => { });
        Command<RunLate>(late => late.SyncId == _run?.Options.SyncId, _ => HurrySync());
        Command<RunLate>(_ => { });
        Command<ApprovePlan>(Approve);
        Command<RejectPlan>(reject =>
        {
            if (_plan?.Id != reject.PlanId)
            {
                Sender.Tell(CommandResult.NotFound($"{_settings.Id} has no plan {reject.PlanId}."));
                return;
            }

            (_plan, _plannedWish) = (null, null);
            ShowPanel();
            Sender.Tell(CommandResult.Done($"Plan {reject.PlanId} is dropped; the legs stay as they are."));
        });
    }

    private void StartPeriodicSync()
    {
        if (_settings.PositionSyncPeriod > TimeSpan.Zero)
            Timers.StartPeriodicTimer(PeriodTimer, new PeriodicSync(), _settings.PositionSyncPeriod, _settings.PositionSyncPeriod);
        if (_settings.SyncAtStartup && !_startupDone)
        {
            _startupDone = true;
            WantSync(SyncKind.Startup, _settings.SyncScope);
        }

        TryWantedSync();
    }

    private void WantSync(SyncKind kind, SyncScope scope)
    {
        var wish = new Wish(kind, scope);
        if (_run is not null || _wanted is not null)
        {
            if (_wanted != wish && !_queuedSyncs.Contains(wish) && _queuedSyncs.Count() < MaxQueuedSyncs) _queuedSyncs = _queuedSyncs.Enqueue(wish);
            return;
        }

        _wanted = wish;
        TryWantedSync();
    }

    private void TryWantedSync()
    {
        if (_run is not null || _line != ConnectorState.Running) return;
        if (_wanted is null)
        {
            if (_queuedSyncs.IsEmpty) return;
            _queuedSyncs = _queuedSyncs.Dequeue(out var next);
            _wanted = next;
        }

        if (WhySyncMustWait() is { } why)
        {
            _waitText = why;
            ShowPanel();
            return;
        }

        var wish = _wanted;
        _wanted = null;
        var keepForeign = _settings.KeepForeignHoldings;
        var changesScaleOnly = wish.Kind == SyncKind.ScaleChange;
        var options = new SyncOptions(
            $"{_settings.Tag}{_around.ProcessTag}-{++_syncs}",
            EndUncopied: !changesScaleOnly,
            EndForeign: !changesScaleOnly && !keepForeign,
            AcceptScale: wish.Kind != SyncKind.Periodic,
            ByPerson: wish.Kind is SyncKind.Resume or SyncKind.ByHand);
        _run = new Run(wish, options);
        Timers.StartSingleTimer(RunTimer, new RunLate(options.SyncId), s_proposalsWithin);
        ReadHoldings();
    }

    // Silence is not "flat": nothing is closed while a terminal that feeds us has not said what it holds.
    private string? WhySyncMustWait()
    {
        foreach (var route in _settings.Routes)
        {
            if (!TerminalId.TryParse(route.Terminal, out var terminal)) continue;
            if (_table.Picture(terminal) is not { Synchronised: true }) return $"waits for the first complete snapshot of {terminal}";
        }

        foreach (var terminal in _state.Sources.Keys.Select(s => s.Stream.Terminal).Distinct())
        {
            if (RoutesTerminal(terminal) && _table.Picture(terminal) is not { Synchronised: true }) return $"waits for the first complete snapshot of {terminal}";
        }

        if (!_table.Pictures.Any(p => p.Synchronised)) return "waits for the first complete snapshot of a terminal";
        if (_resolving.Count > 0) return "waits until symbols are mapped";
        return _wanted?.Scope == SyncScope.WholeAccount && _unmapped.Count > 0
            ? $"waits until {string.Join(", ", _unmapped.Keys)} is mapped or excluded: closing what looks unused could close it"
            : null;
    }

    // The account was read for this run: have every leg in scope, and ask.
    private void SyncRead(long version)
    {
        if (_run is not { Asked: false } run) return;
        (run.Asked, run.ReadingFrom) = (true, version);
        if (run.Wish.Scope == SyncScope.WholeAccount && OpenUnknownHoldings() is var opened && opened > 0)
        {
            // New legs take their place in the journal first; they answer after their start.
            _log.Info("{0}: {1} holdings at the venue had no leg yet", _settings.Id, opened);
        }

        DeferAsync(run, r =>
        {
            foreach (var leg in _legs.Values.Where(l => InScope(l, r.Wish)).ToArray())
            {
                r.Missing.Add(leg.Id);
                leg.Ref?.Tell(new ProposeSync(r.Options));
            }

            if (r.Missing.Count == 0) Conclude();
        });
    }

    private bool InScope(Leg leg, Wish wish) => wish switch
    {
        { Kind: SyncKind.ScaleChange } => leg.View?.ScaleChange is not null,
        { Scope: SyncScope.WholeAccount } => true,
        _ => _state.Sources.Values.Any(s => s.Legs.Contains(leg.Id)),
    };

    private int OpenUnknownHoldings()
    {
        var opened = 0;
        foreach (var holding in _holdings)
        {
            if (holding.Quantity.IsZero || _state.Legs.ContainsKey(holding.Leg) || InstrumentOf(holding) is not { } instrument) continue;
            if (ClaimedByOther(holding.Name) is not null) continue;
            opened++;
            Store(new LegOpened(Now, holding.Leg, instrument.Id), e => Open(e.Leg));
        }

        return opened;
    }

    // On spot a holding is traded through the one instrument of the connector's quote currency; the quote currency itself is never a leg.
    private Instrument? InstrumentOf(Holding holding)
    {
        var candidates = _instruments.Values.Where(i => i.HoldingName == holding.Name && i.Status != InstrumentStatus.Delisted);
        if (_settings.QuoteCurrency.Length > 0) candidates = candidates.Where(i => i.Kind != ProductKind.Spot || i.Quote.Value == _settings.QuoteCurrency);
        var found = candidates.Take(2).ToArray();
        return found.Length == 1 ? found[0] : null;
    }

    private void SyncReadFailed(string why)
    {
        if (_run is { Asked: false }) AbandonSync($"the account could not be read: {why}");
    }

    private void AbandonSync(string why)
    {
        if (_run is null) return;
        _log.Warning("{0}: the sync ({1}) was given up: {2}", _settings.Id, _run.Wish.Kind, why);
        EndRun();
    }

    private void HurrySync()
    {
        if (_run!.Applied) EndRun();
        else if (_run.Asked && _run.Proposals.Count > 0) Conclude();
        else AbandonSync("not every leg answered in time");
    }

    private void Conclude()
    {
        var run = _run!;
        if (run.Applied || run.Concluded) return;
        if (_resolving.Count > 0 || _legs.Values.Any(l => l.Ref is null))
        {
            // Something is still being born; the run's timer looks again.
            if (!run.Retried)
            {
                run.Retried = true;
                run.Asked = false;
                run.Proposals.Clear();
                run.Missing.Clear();
                ReadHoldings();
                return;
            }
        }

        run.Concluded = true;
        var orders = run.Proposals.Values
            .Where(p => p.NotKnown is null && p.Quantity.Value > 0m)
            .OrderByDescending(p => p.Reduces).ThenBy(p => p.Leg)
            .ToImmutableArray();
        if (orders.IsEmpty || !_settings.PlanFirst || run.Wish.Approved is { } approved && approved == PlanId.Of(orders))
        {
            Apply(run, orders);
            return;
        }

        var plan = new PlanView(PlanId.Of(orders), _settings.Id, WhyText(run.Wish.Kind), run.Wish.Scope, orders, Now);
        (_plan, _plannedWish) = (plan, run.Wish with { Approved = null });
        run.Asker?.Tell(CommandResult.Conflict($"The orders are other ones by now; look at the new plan {plan.Id}."));
        foreach (var terminal in _terminals.Values)
            terminal.Tell(new Terminals.TerminalNotice("warning", $"{_settings.Id}: a plan of {orders.Length} orders waits for your yes ({plan.Id})"));
        _around.History.Tell(new History.ConnectorNoted(_settings.Id, Now, ConnectorState.Running, $"plan {plan.Id} ({plan.Why}): {orders.Length} orders wait for a yes"));
        EndRun();
    }

    private void Apply(Run run, ImmutableArray<SyncProposal> orders)
    {
        run.Applied = true;
        (_plan, _plannedWish) = (null, null);
        Store(new SyncStarted(Now, run.Options.SyncId, WhyText(run.Wish.Kind), run.Wish.Scope, run.Wish.Approved), _ =>
        {
            if (AwaitingFirstPlan) Store(new FirstPlanSettled(Now), _ => Begin());
            else Begin();
        });

        void Begin()
        {
            run.Asker?.Tell(CommandResult.Done(orders.IsEmpty ? "Nothing to order; the sync is applied." : $"The sync is applied: {orders.Length} orders, reducing ones first."));
            run.Asker = null;
            _increasesHeld = orders.Any(o => o.Reduces) && orders.Any(o => !o.Reduces);
            UpdateGate();
            foreach (var proposal in run.Proposals.Values.Where(p => p.NotKnown is null))
            {
                if (!_legs.TryGetValue(proposal.Leg, out var leg)) continue;
                run.Reducing.Add(leg.Id);
                leg.Ref?.Tell(new LegInput.Sync(run.Options, run.ReadingFrom));
            }

            Timers.StartSingleTimer(RunTimer, new RunLate(run.Options.SyncId), _settings.OrderTimeout + s_reducingMargin);
            if (run.Reducing.Count == 0) EndRun();
        }
    }

    private void FollowSync(LegView view)
    {
        if (_run is not { Applied: true } run || view.LastSyncId != run.Options.SyncId || view.Reducing) return;
        if (run.Reducing.Remove(view.Leg) && run.Reducing.Count == 0) EndRun();
    }

    private void EndRun()
    {
        Timers.Cancel(RunTimer);
        _run?.Asker?.Tell(CommandResult.Unavailable("The sync was given up; see the log. Try again."));
        _run = null;
        _increasesHeld = false;
        UpdateGate();
        TryWantedSync();
    }

    private void Approve(ApprovePlan approve)
    {
        if (_plan is null || _plannedWish is null || !string.Equals(_plan.Id, approve.PlanId, StringComparison.Ordinal))
        {
            Sender.Tell(_plan is null
                ? CommandResult.NotFound($"{_settings.Id} has no plan that waits.")
                : CommandResult.Conflict($"The plan that waits is {_plan.Id}, not {approve.PlanId}; look at it first."));
            return;
        }

        if (_run is not null || _line != ConnectorState.Running)
        {
            Sender.Tell(CommandResult.Unavailable($"{_settings.Id} is busy or not running; try again."));
            return;
        }

        // The yes is bound to these orders: they are worked out anew, and only the same ones are sent.
        _wanted = _plannedWish with { Approved = approve.PlanId };
        (_plan, _plannedWish) = (null, null);
        TryWantedSync();
        if (_run is null) Sender.Tell(CommandResult.Unavailable($"The plan is accepted and {_waitText}."));
        else _run.Asker = Sender;
    }

    private static string WhyText(SyncKind kind) => kind switch
    {
        SyncKind.Startup => "sync at startup",
        SyncKind.Resume => "sync on resume",
        SyncKind.Periodic => "periodic sync",
        SyncKind.ByHand => "sync by hand",
        _ => "change of scale",
    };

    private enum SyncKind
    {
        Startup,
        Resume,
        Periodic,
        ByHand,
        ScaleChange,
    }

    private sealed record Wish(SyncKind Kind, SyncScope Scope, string? Approved = null);

    private sealed record PeriodicSync;

    private sealed record RunLate(string SyncId);

    private sealed class Run(Wish wish, SyncOptions options)
    {
        public Wish Wish { get; } = wish;

        public SyncOptions Options { get; } = options;

        public IActorRef? Asker { get; set; }

        public bool Asked { get; set; }

        public bool Retried { get; set; }

        public bool Concluded { get; set; }

        public bool Applied { get; set; }

        public long ReadingFrom { get; set; }

        public HashSet<LegId> Missing { get; } = [];

        public HashSet<LegId> Reducing { get; } = [];

        public Dictionary<LegId, SyncProposal> Proposals { get; } = [];
    }
}
