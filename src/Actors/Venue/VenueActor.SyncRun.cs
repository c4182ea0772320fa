using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

// One sync: account read → every leg in scope asked until all know → (plan → yes) → reducing orders → the rest.
public sealed partial class VenueActor
{
    private const string RunTimer = "sync-run";
    private const string AskTimer = "sync-ask";

    private static readonly TimeSpan s_proposalsWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_reducingMargin = TimeSpan.FromSeconds(10);

    private ImmutableArray<Holding> _holdings = [];
    private Run? _run;
    private DateTimeOffset? _lastSync;

    private void HandleSyncRun()
    {
        Command<SyncProposed>(proposed =>
        {
            if (proposed.SyncId != _run?.Options.SyncId || _run.Concluded) return;
            _run.Proposals[proposed.Proposal.Leg] = proposed.Proposal;
            ConcludeWhenKnown();
        });
        Command<AskAgain>(again =>
        {
            if (again.SyncId == _run?.Options.SyncId && !_run.Concluded) AskLegs();
        });
        Command<RunLate>(late =>
        {
            if (late.SyncId == _run?.Options.SyncId) HurrySync();
        });
    }

    private void BeginRun(Wish wish)
    {
        var ends = wish.Kind != SyncKind.ScaleChange;
        var options = new SyncOptions(
            $"{_settings.Tag}{_around.ProcessTag}-{++_syncs}",
            EndUncopied: ends,
            EndForeign: ends && !_settings.KeepForeignHoldings,
            AcceptScale: wish.Kind != SyncKind.Periodic,
            ByPerson: wish.Kind is SyncKind.Resume or SyncKind.ByHand,
            Asked: wish.Asked);

        // A reading that began before the wish may be older than what the wish is about.
        _run = new Run(wish, options) { ReadingFrom = _around.Versions.Next() };
        if (wish.Approved is not null) (_run.Asker, _approver) = (_approver, null);
        Timers.StartSingleTimer(RunTimer, new RunLate(options.SyncId), s_proposalsWithin);
        ReadHoldings();
    }

    // The account was read for this run: have every leg in scope, and ask.
    private void SyncRead(long version)
    {
        if (_run is not { Asked: false } run || version < run.ReadingFrom) return;
        (run.Asked, run.ReadingFrom) = (true, version);
        if (run.Wish.Scope == SyncScope.WholeAccount && OpenUnknownHoldings() is var opened && opened > 0)
            _log.Info("{0}: {1} holdings at the venue had no leg yet", _settings.Id, opened);

        // New legs take their place in the journal first; they answer after their start.
        DeferAsync(run, r =>
        {
            if (ReferenceEquals(_run, r)) AskLegs();
        });
    }

    private void AskLegs()
    {
        var run = _run!;
        var scope = LegsInScope(run.Wish).ToArray();
        if (scope.Length == 0 && run.Wish.Kind == SyncKind.ScaleChange)
        {
            EndRun();
            return;
        }

        run.Scope = [.. scope.Select(l => l.Id)];
        run.Proposals.Clear();
        foreach (var leg in scope.Where(l => l.IsOurs)) leg.Ref?.Tell(new ProposeSync(run.Options));
        Timers.StartSingleTimer(AskTimer, new AskAgain(run.Options.SyncId), s_askAgain);
        ConcludeWhenKnown();
    }

    // A leg that sleeps is flat and so is its holding: there is nothing to sync.
    private IEnumerable<Leg> LegsInScope(Wish wish) => _legs.Values.Where(leg => !leg.IsOthers && !leg.Asleep && wish switch
    {
        { Kind: SyncKind.ScaleChange } => leg.View?.ScaleChange is not null || _state.IsMoved(leg.Id),
        { Scope: SyncScope.WholeAccount } => true,
        _ => _state.IsStreamLeg(leg.Id),
    });

    private int OpenUnknownHoldings()
    {
        var opened = 0;
        foreach (var holding in _holdings)
        {
            if (holding.Quantity.IsZero || _state.Legs.ContainsKey(holding.Leg) || InstrumentOf(holding) is not { } instrument) continue;
            if (ClaimedByOther(holding.Name) is not null || (instrument.Kind == ProductKind.Spot && IsMoney(holding.Name))) continue;
            opened++;
            Store(new LegOpened(Now, holding.Leg, instrument.Id), e => Open(e.Leg));
        }

        return opened;
    }

    // On spot a holding is traded through the one instrument of the connector's quote currency; the quote currency itself is never a leg.
    private Instrument? InstrumentOf(Holding holding)
    {
        var candidates = _instruments.Values.Where(i => i.HoldingName == holding.Name && i.Status != InstrumentStatus.Delisted);
        if (_settings.QuoteCurrency is { Length: > 0 } quote) candidates = candidates.Where(i => i.Kind != ProductKind.Spot || i.Quote.Value == quote);
        var found = candidates.Take(2).ToArray();
        return found.Length == 1 ? found[0] : null;
    }

    private void SyncReadFailed(string why)
    {
        if (_run is { Asked: false }) AbandonSync($"the account could not be read: {why}");
    }

    private void AbandonSync(string why)
    {
        if (_run is not { } run) return;
        _log.Warning("{0}: the sync ({1}) was given up: {2}", _settings.Id, run.Wish.Kind, why);
        if (!run.Applied) WantAgain(run.Wish, $"is tried again: {why}");
        EndRun(tryNext: false);
    }

    private void HurrySync()
    {
        var run = _run!;
        if (run.Applied)
        {
            EndRun();
            return;
        }

        var silent = run.Asked ? string.Join(", ", run.Scope.Where(id => !IsKnown(run, id))) : "the account";
        if (AwaitingFirstPlan || run.Proposals.Count == 0) AbandonSync($"waits until {silent} is known");
        else Conclude();
    }

    private static bool IsKnown(Run run, LegId leg) => run.Proposals.TryGetValue(leg, out var p) && p.NotKnown is null;

    // Faults and streams without feed last until a person acts: such a leg is left out at once, unless it is the first plan.
    private bool NeedNotBeAsked(Run run, LegId leg) => !AwaitingFirstPlan && run.Proposals.ContainsKey(leg)
        && _legs[leg].View is { } view && (view.State == "faulted" || view.LevelKnowledge is LevelKnowledge.Unfed or LevelKnowledge.Unknown);

    private void ConcludeWhenKnown()
    {
        var run = _run!;
        if (run.Scope.All(id => IsKnown(run, id) || NeedNotBeAsked(run, id))) Conclude();
    }

    private void Conclude()
    {
        var run = _run!;
        run.Concluded = true;
        Timers.Cancel(AskTimer);
        foreach (var leg in run.Scope.Select(id => _legs[id]))
        {
            if (!run.Options.AcceptScale || leg.View is not { } view) continue;
            if (IsKnown(run, leg.Id)) leg.ScaleShown = WaitsForYes(view);
            else leg.AskedInVain = (AskedAs(view), Uptime);
        }

        var orders = run.Proposals.Values
            .Where(p => p.NotKnown is null && p.Quantity.Value > 0m)
            .OrderByDescending(p => p.Reduces).ThenBy(p => p.Leg)
            .ToImmutableArray();

        // A person is asked for what ends a baseline or a drift, changes a scale, or comes first; the rest would be sent without a sync too.
        var asked = AwaitingFirstPlan || run.Wish.Kind == SyncKind.ScaleChange ? orders : [.. orders.Where(o => o.NeedsYes)];
        if (asked.IsEmpty || !_settings.PlanFirst || run.Wish.Approved == PlanId.Of(asked))
        {
            Apply(run, orders);
            return;
        }

        ShowPlan(run.Wish, asked);
        run.Answer(CommandResult.Conflict($"The orders are other ones by now; look at the new plan {_plan!.Id}."));
        EndSyncFirst();
        EndRun();
    }

    private void Apply(Run run, ImmutableArray<SyncProposal> orders)
    {
        run.Applied = true;
        (_plan, _plannedWish) = (null, null);
        EndSyncFirst();

        // Where no plan is asked for, a leg that does not know yet syncs as soon as it does; a yes concerns the legs that were shown.
        var legs = run.Scope.Where(id => !_settings.PlanFirst || IsKnown(run, id)).ToImmutableArray();
        legs = GrantMove(run, legs);
        if (legs.IsEmpty && run.Wish.Kind == SyncKind.ScaleChange)
        {
            // Nobody could be asked: no sync has begun.
            run.Answer(CommandResult.Unavailable("None of the legs could be asked; they are asked again."));
            EndRun();
            return;
        }

        _lastSync = Now;
        if (run.Wish.Kind != SyncKind.Periodic || !orders.IsEmpty || legs.Any(id => run.Proposals.GetValueOrDefault(id)?.Terms is not { IsNothing: true }))
            Store(new SyncStarted(Now, run.Options.SyncId, WhyText(run.Wish.Kind), run.Wish.Scope, run.Wish.Approved), _ => { });

        // The yes to a change of scale was to some legs only, and the first plan lets all of them trade.
        if (AwaitingFirstPlan && run.Wish.Kind is not (SyncKind.Periodic or SyncKind.ScaleChange)) Store(new FirstPlanSettled(Now), _ => { });
        DeferAsync(run, _ => Begin());

        void Begin()
        {
            run.Answer(CommandResult.Done(orders.IsEmpty ? "Nothing to order; the sync is applied." : $"The sync is applied: {orders.Length} orders, reducing ones first."));
            _increasesHeld = orders.Any(o => o.Reduces) && orders.Any(o => !o.Reduces);
            UpdateGate();
            foreach (var id in legs)
            {
                run.Reducing.Add(id);
                _legs[id].Ref?.Tell(InputOf(run, id));
            }

            Timers.StartSingleTimer(RunTimer, new RunLate(run.Options.SyncId), _settings.OrderTimeout + s_reducingMargin);
            if (run.Reducing.Count == 0) EndRun();
        }
    }

    // A leg that restarted has forgotten the sync that it was handed.
    private void SyncAgain(Leg leg)
    {
        if (_run is { Applied: true } run && run.Reducing.Contains(leg.Id)) leg.Ref?.Tell(InputOf(run, leg.Id));
        else if (_move is { } move && move.Unsynced.TryGetValue(leg.Id, out var sync)) leg.Ref?.Tell(sync);
    }

    // A yes, or that none was needed, is bound at the leg too: a drift that is booked meanwhile is not ended by the way.
    private LegInput.Sync InputOf(Run run, LegId leg) => new(run.Options, run.ReadingFrom, _settings.PlanFirst ? run.Proposals[leg].Terms : null);

    private void FollowSync(LegView view)
    {
        if (_run is not { Applied: true } run || view.LastSyncId != run.Options.SyncId) return;
        if (view.LastSyncDeclined && run.Reducing.Contains(view.Leg)) run.Declined = true;
        else if (view.Reducing) return;
        if (run.Reducing.Remove(view.Leg) && run.Reducing.Count == 0) EndRun();
    }

    private void EndRun(bool tryNext = true)
    {
        Timers.Cancel(RunTimer);
        Timers.Cancel(AskTimer);
        _run?.Answer(CommandResult.Unavailable("The sync was given up; see the log. It is tried again."));
        if (_run is { Declined: true } run) WantAgain(run.Wish, "is tried again: what it would have ended was not what had been shown");
        _run = null;
        _increasesHeld = false;
        UpdateGate();
        if (tryNext) TryWantedSync();
    }

    private sealed record RunLate(string SyncId);

    private sealed record AskAgain(string SyncId);

    private sealed class Run(Wish wish, SyncOptions options)
    {
        public Wish Wish { get; } = wish;

        public SyncOptions Options { get; } = options;

        public IActorRef? Asker { get; set; }

        public bool Asked { get; set; }

        public bool Concluded { get; set; }

        public bool Applied { get; set; }

        public bool Declined { get; set; }

        public long ReadingFrom { get; set; }

        public ImmutableArray<LegId> Scope { get; set; } = [];

        public HashSet<LegId> Reducing { get; } = [];

        public Dictionary<LegId, SyncProposal> Proposals { get; } = [];

        public void Answer(CommandResult result)
        {
            Asker?.Tell(result);
            Asker = null;
        }
    }
}
