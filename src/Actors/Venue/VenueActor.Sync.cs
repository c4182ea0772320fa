using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Venue;

// Which syncs are wanted and when they may begin; plans and what people say to them. How one runs: SyncRun.
public sealed partial class VenueActor
{
    private const string PeriodTimer = "periodic-sync";
    private const string RetryTimer = "sync-retry";
    private const string SyncFirstTimer = "sync-first";
    private const int MaxQueuedSyncs = 8;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(5);

    // A sync at startup or on resume reduces first; but a terminal or an account that stays away must not keep the streams of the others waiting for ever.
    private static readonly TimeSpan s_syncFirstPatience = TimeSpan.FromMinutes(1);

    private ImmutableQueue<Wish> _queuedSyncs = ImmutableQueue<Wish>.Empty;
    private Wish? _wanted;
    private string _waitText = "";
    private PlanView? _plan;
    private Wish? _plannedWish;
    private IActorRef? _approver;
    private bool _startupAsked;
    private SyncKind? _syncFirst;
    private long _syncs;

    private IEnumerable<Wish> Wishes => _wanted is { } wanted ? _queuedSyncs.Prepend(wanted) : _queuedSyncs;

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

            WantSync(SyncKind.ByHand, now.Scope, _around.Versions.Next());
            Sender.Tell(CommandResult.Done(_wanted is null ? $"A sync of {_settings.Id} has begun." : $"A sync of {_settings.Id} is wanted; it {_waitText}."));
        });
        Command<PeriodicSync>(_ =>
        {
            // A sync by hand that waits for somebody silent does not end the periodic ones; the sync at startup comes before them.
            if (_run is null && _wanted is null or { Kind: SyncKind.ByHand } && _state.PausedWhy is null) WantSync(SyncKind.Periodic, _settings.SyncScope);
        });
        Command<TrySync>(_ => TryWantedSync());
        Command<SyncWaitedLongEnough>(_ =>
        {
            _syncFirst = null;
            UpdateGate();
            TryWantedSync();
        });
        Command<ApprovePlan>(Approve);
        Command<RejectPlan>(Reject);
        HandleSyncRun();
    }

    private void StartSyncing()
    {
        // A line that breaks more often than the period must not begin it anew each time.
        if (_settings.PositionSyncPeriod > TimeSpan.Zero && !Timers.IsTimerActive(PeriodTimer))
            Timers.StartPeriodicTimer(PeriodTimer, new PeriodicSync(), _settings.PositionSyncPeriod, _settings.PositionSyncPeriod);
        if (_settings.SyncAtStartup && !_startupAsked)
        {
            _startupAsked = true;
            WantSync(SyncKind.Startup, _settings.SyncScope);
        }

        if (MovesWait) WantSync(SyncKind.ScaleChange, SyncScope.StreamLegs);
        TryWantedSync();
    }

    private void WantSync(SyncKind kind, SyncScope scope, long asked = 0)
    {
        // What comes by itself looks at a waiting plan anew and never puts a lesser one in its place.
        var wish = kind is SyncKind.Periodic or SyncKind.ScaleChange && _plannedWish is { Kind: not SyncKind.Periodic } planned ? planned : new Wish(kind, scope, asked);

        // Asked for again, it takes the place of the earlier one: the person knows of what has happened since.
        if (_wanted is null ? _run is null : _wanted.IsLike(wish)) _wanted = wish;
        else if (_queuedSyncs.Any(wish.IsLike)) _queuedSyncs = [.. _queuedSyncs.Select(w => w.IsLike(wish) ? wish : w)];
        else if (_queuedSyncs.Count() < MaxQueuedSyncs) _queuedSyncs = _queuedSyncs.Enqueue(wish);
        TryWantedSync();
    }

    // What was asked for and could not be done is tried again; a periodic sync comes again by itself.
    private void WantAgain(Wish wish, string why)
    {
        if (wish.Kind == SyncKind.Periodic) return;
        wish = wish with { Approved = null };
        if (_wanted is not null) _queuedSyncs = _queuedSyncs.Enqueue(_wanted);
        (_wanted, _waitText) = (wish, why);
        Timers.StartSingleTimer(RetryTimer, new TrySync(), s_retryAfter);
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
            if (!LetAnotherGoFirst()) return;
        }

        var wish = _wanted;
        _wanted = null;
        BeginRun(wish);
    }

    // What must wait does not keep what need not.
    private bool LetAnotherGoFirst()
    {
        var blocked = _wanted!;
        foreach (var other in _queuedSyncs)
        {
            _wanted = other;
            if (WhySyncMustWait() is not null) continue;
            _queuedSyncs = [.. _queuedSyncs.Where(w => w != other), blocked];
            return true;
        }

        _wanted = blocked;
        return false;
    }

    // Silence is not "flat": nothing is closed while a terminal that feeds us has not said what it holds.
    private string? WhySyncMustWait()
    {
        // A leg that depends on a silent terminal is left out of a sync by itself; only the whole account, and the first sync, need them all.
        if (_wanted is { Scope: SyncScope.WholeAccount } || _syncFirst == SyncKind.Startup)
            if (SilentTerminal() is { } silent) return $"waits for the first complete snapshot of {silent}";
        if (!_table.Pictures.Any(p => p.Synchronised)) return "waits for the first complete snapshot of a terminal";
        if (_resolving.Count > 0) return "waits until symbols are mapped";
        return _wanted?.Scope == SyncScope.WholeAccount && _unmapped.Count > 0
            ? $"waits until {string.Join(", ", _unmapped.Keys)} is mapped or excluded: closing what looks unused could close it"
            : null;
    }

    private TerminalId? SilentTerminal()
    {
        foreach (var route in _settings.Routes)
            if (TerminalId.TryParse(route.Terminal, out var terminal) && _table.Picture(terminal) is not { Synchronised: true }) return terminal;
        foreach (var terminal in _state.Sources.Keys.Select(s => s.Stream.Terminal).Distinct())
            if (RoutesTerminal(terminal) && _table.Picture(terminal) is not { Synchronised: true }) return terminal;
        return null;
    }

    // The first orders of a sync at startup or on resume are the reducing ones: nothing may grow before it is applied, or waits for a yes.
    private void HoldIncreasesUntilSynced(SyncKind first)
    {
        _syncFirst = _syncFirst == SyncKind.Startup ? SyncKind.Startup : first;
        Timers.StartSingleTimer(SyncFirstTimer, new SyncWaitedLongEnough(), s_syncFirstPatience);
    }

    private void EndSyncFirst()
    {
        Timers.Cancel(SyncFirstTimer);
        _syncFirst = null;
    }

    private void ShowPlan(Wish wish, ImmutableArray<SyncProposal> orders)
    {
        var plan = new PlanView(PlanId.Of(orders), _settings.Id, WhyText(wish.Kind), wish.Scope, orders, Now);
        var known = _plan?.Id == plan.Id;
        (_plan, _plannedWish) = (known ? _plan : plan, wish with { Approved = null });
        if (known) return;
        TellTerminals(new Terminals.TerminalNotice("warning", $"{_settings.Id}: a plan of {(orders.Length == 1 ? "1 order" : $"{orders.Length} orders")} waits for your yes ({plan.Id})"));
        _around.History.Tell(new History.ConnectorNoted(_settings.Id, Now, ConnectorState.Running, $"plan {plan.Id} ({plan.Why}): {(orders.Length == 1 ? "1 order waits" : $"{orders.Length} orders wait")} for a yes"));
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

        if (_line != ConnectorState.Running)
        {
            Sender.Tell(CommandResult.Unavailable($"{_settings.Id} is not running; try again when it is."));
            return;
        }

        // The yes is bound to these orders: they are worked out anew, and only the same ones are sent.
        if (_wanted is { } waiting) _queuedSyncs = _queuedSyncs.Enqueue(waiting);
        (_wanted, _approver) = (_plannedWish with { Approved = approve.PlanId }, Sender);
        TryWantedSync();
        if (_run is not null) return;
        Sender.Tell(CommandResult.Done($"The plan is accepted; it {_waitText}."));
        _approver = null;
    }

    private void Reject(RejectPlan reject)
    {
        if (_plan?.Id != reject.PlanId)
        {
            Sender.Tell(CommandResult.NotFound($"{_settings.Id} has no plan {reject.PlanId}."));
            return;
        }

        (_plan, _plannedWish) = (null, null);
        ShowPanel();
        Sender.Tell(CommandResult.Done($"Plan {reject.PlanId} is dropped; the legs stay as they are. Sync by hand for a new one."));
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

    private sealed record Wish(SyncKind Kind, SyncScope Scope, long Asked = 0, string? Approved = null)
    {
        public bool IsLike(Wish other) => this with { Asked = other.Asked } == other;
    }

    private sealed record PeriodicSync;

    private sealed record TrySync;

    private sealed record SyncWaitedLongEnough;
}
