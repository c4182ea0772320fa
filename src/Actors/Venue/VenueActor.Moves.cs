using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Venue;

// A symbol that is mapped elsewhere: the legs that its sources leave and join hold together, until one sync closes there and then opens here. A holding that
// another connector traded before holds in the same way: what is there is no reason to trade it once more.
public sealed partial class VenueActor
{
    private Move? _move;

    // A sync that lets the moved legs trade is under way for all of them, or there are none.
    private bool MovesWait => _state.MovedLegs.Any(leg => _move?.Legs.Contains(leg) != true);

    private void SyncMoved()
    {
        // What was granted was another move.
        _move = null;
        DeferAsync(SyncKind.ScaleChange, kind => WantSync(kind, SyncScope.StreamLegs));
    }

    // What is not known to be free of MT5's part counts as held.
    private static bool HoldsForMt5(Leg leg) =>
        leg.View is not { } view || !(view.Actual - view.Foreign - view.Drift).IsZero || !view.Uncopied.IsZero || view.OpenOrder is not null;

    /// <summary>The legs that the sync is for: all moved ones, which it then lets trade, or none of them.</summary>
    private ImmutableArray<LegId> GrantMove(Run run, ImmutableArray<LegId> legs)
    {
        if (!run.Options.AcceptScale || _state.MovedLegs.Count == 0) return legs;
        if (!_state.MovedLegs.All(legs.Contains)) return legs.RemoveAll(_state.IsMoved);
        _move = new Move(run.Options, _state.MovedLegs.ToDictionary(id => id, id => InputOf(run, id)));
        return legs;
    }

    private Gate GateOfMoved(LegId leg) => !_gate.Open ? _gate
        : _move?.Legs.Contains(leg) == true ? _gate with { IncreasesHeld = _gate.IncreasesHeld ?? "held: what the symbol was mapped to before is closed first" }
        : Gate.Closed("held until a sync (or your yes to its plan): the mapping changed, or another connector traded this before");

    // The hold ends in the journal only when everything is closed that had to be: a host that dies before holds them all again.
    private void FollowMove(LegView view)
    {
        if (_move is not { } move || !move.Legs.Contains(view.Leg)) return;
        var answered = view.LastSyncId == move.Options.SyncId && !view.SyncWaits && move.Unsynced.Remove(view.Leg);
        if (answered && view.LastSyncDeclined)
        {
            _move = null;
            UpdateGate();
            WantSync(SyncKind.ScaleChange, SyncScope.StreamLegs);
            return;
        }

        if (move.Unsynced.Count > 0 || !move.Legs.All(id => _legs.TryGetValue(id, out var leg) && HasNothingToClose(leg.View))) return;
        _move = null;
        Store(new MoveAccepted(Now, [.. move.Legs.Order()]), _ => UpdateGate());
    }

    // A remainder that the venue takes no order for cannot be closed.
    private static bool HasNothingToClose(LegView? view) =>
        view is { Reducing: false, ActualKnown: true, ScaleChange: null, Goal: { } goal }
        && (view.Actual.IsZero || !view.Untradable.IsZero || (goal - view.Actual).Sign != -view.Actual.Sign);

    /// <summary>A sync that moved legs may carry out.</summary>
    /// <param name="Options">Which.</param>
    /// <param name="Unsynced">What the legs are told that have not said that the sync reached them.</param>
    private sealed record Move(SyncOptions Options, Dictionary<LegId, LegInput.Sync> Unsynced)
    {
        public ImmutableHashSet<LegId> Legs { get; } = [.. Unsynced.Keys];
    }
}
