using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Checking;

/// <summary>
/// Watches truth, wire, journal and what each leg was told, and says at once when a rule is broken. Knows figures and words only:
/// it shares no type and no arithmetic with what it checks.
/// </summary>
internal sealed partial class Checker(Timeline timeline, bool keepsForeign)
{
    private const int MostOrdersPerCause = 40;

    private readonly SortedDictionary<string, LegBook> _legs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<long> _deals = [];
    private readonly Dictionary<long, DateTimeOffset> _readings = [];
    private DateTimeOffset _processEnded;

    public void Leg(LegFacts facts) => _legs[facts.Leg] = new LegBook(facts);

    // ---- the truth ----

    public void VenueHolds(string leg, decimal position) => _legs[leg].Holds(timeline.Now, position);

    public void ForeignMove(string leg, decimal change, DateTimeOffset now) => _legs[leg].OthersMoved(now, change);

    public void VenueAccepted(string leg, string id)
    {
        var order = _legs[leg].Order(id);
        Must(!order.Accepted, $"{id} lives twice at the venue");
        Must(_legs[leg].Open?.Id == id, $"{leg}: {id} comes to life at the venue and is not the intent in flight");
        foreach (var (other, o) in _legs[leg].Orders)
            Must(other == id || !o.Alive(timeline.Now), $"{leg}: {id} lives at the venue while {other} does ({o})");
        order.Accepted = order.Open = true;
    }

    public void VenueFilled(string leg, string id, decimal quantity, decimal fee)
    {
        var book = _legs[leg];
        var order = book.Order(id);
        order.Filled += quantity;
        order.Fee += fee;
        Must(book.Intents.TryGetValue(id, out var intent), $"{id} fills and was never journaled");
        book.OursMoved((quantity * Math.Sign(intent!.Quantity)) - fee);
        Must(order.Filled <= Math.Abs(intent.Quantity), $"{id} fills beyond its quantity");
    }

    public void VenueClosed(string leg, string id) => _legs[leg].Order(id).Open = false;

    // ---- the wire ----

    public void OrderLeaves(string leg, string id, decimal quantity, bool reduceOnly, bool late, DateTimeOffset takenUntil)
    {
        var book = _legs[leg];
        Must(book.Intents.TryGetValue(id, out var intent), $"{leg}: {id} is on the wire and was never journaled");
        Must(intent!.Quantity == quantity && intent.ReduceOnly == reduceOnly, $"{leg}: {id} on the wire ({quantity}) is not the order that was journaled ({intent.Quantity})");
        Must(!book.Order(id).Left, $"{leg}: {id} is sent a second time");
        Must(book.Open?.Id == id, $"{leg}: {id} is sent and is not the intent in flight");
        Must(!late, $"{leg}: {id} leaves after its validity");
        foreach (var (other, o) in book.Orders)
            Must(other == id || !o.Alive(timeline.Now), $"{leg}: {id} leaves while {other} may still fill ({o})");
        (book.Order(id).Left, book.Order(id).TakenUntil) = (true, takenUntil);
    }

    /// <summary>A host that stood still writes what it had checked before: only the venue's expiry may hold it back then.</summary>
    public void LeavesLate(string leg, string id, decimal quantity, DateTimeOffset takenUntil)
    {
        var book = _legs[leg];
        Must(book.Intents.TryGetValue(id, out var intent), $"{leg}: {id} is on the wire and was never journaled");
        Must(intent!.Quantity == quantity && !book.Order(id).Left, $"{leg}: {id} is sent a second time, or is another order than was journaled");
        Must(book.Open?.Id == id || takenUntil < timeline.Now, $"{leg}: {id} leaves a host that lost its right to trade, after the next one gave it up");
        (book.Order(id).Left, book.Order(id).TakenUntil) = (true, takenUntil);
    }

    public void OnItsWay(string leg, string id) => _legs[leg].Order(id).OnItsWay++;

    public void OffTheWire(string leg, string id) => _legs[leg].Order(id).OnItsWay--;

    // ---- what legs are told ----

    public void HostDied()
    {
        _readings.Clear();
        _processEnded = timeline.Now;
    }

    public void LegStarted(string leg, TimeSpan skew) => _legs[leg].Restarted(timeline.Now, _processEnded, skew);

    public void Told(string leg, ToldLevel[] levels)
    {
        var book = _legs[leg];
        foreach (var level in levels)
        {
            var newer = !book.Levels.TryGetValue(level.Source, out var ours) || (level.Session, level.Seq).CompareTo((ours.Session, ours.Seq)) >= 0;
            if (newer && (level.Long, level.Short) != (ours?.Long, ours?.Short)) book.OrdersSinceCause = 0;
            book.Levels[level.Source] = newer ? level : ours! with { Knowledge = level.Knowledge };
        }
    }

    public void GateTold(string leg, bool open) => _legs[leg].GateOpen = open;

    public void Doubted(string leg) => _legs[leg].Doubted(timeline.Now);

    /// <summary>The reading that carries this version really began then.</summary>
    public void ReadingBegan(long version, DateTimeOffset at) => _readings[version] = at;

    public void ReadingTold(string leg, long version)
    {
        if (_readings[version] >= _legs[leg].DoubtedAt) _legs[leg].ReadingsSinceDoubt++;
    }

    public void Refused(string leg, string id, string rejectionClass)
    {
        if (rejectionClass != "Query") _legs[leg].Refused.Add(id);
    }

    public void Denied(string leg, string id) => _legs[leg].Denied.Add(id);

    public void Reported(string leg, string id, bool closed, decimal filled)
    {
        if (closed) _legs[leg].ClosedReports.Add(id);
    }

    public void NotFound(string leg, string id, DateTimeOffset startedAt) => _legs[leg].NotFound[id] = startedAt;

    public void SyncAsked(string leg, bool byPerson)
    {
        if (byPerson) _legs[leg].PersonLooked = true;
    }

    public void PersonLooked(string leg)
    {
        _legs[leg].PersonLooked = true;
        if (_legs[leg].Fault is not null) _legs[leg].Doubted(timeline.Now);
    }

    /// <summary>What the leg believes after each decision must be what its journal says.</summary>
    public void Believes(string leg, decimal actual, string? openId)
    {
        var book = _legs[leg];
        Must(actual == book.Actual, $"{leg} believes that it holds {actual}, its journal says {book.Actual}");
        Must(openId == book.Open?.Id, $"{leg} believes that '{openId}' is in flight, its journal says '{book.Open?.Id}'");
    }

    // ---- deals ----

    public void DealRecorded(long ticket) => Must(_deals.Add(ticket), $"deal {ticket} is recorded twice");

    public void AllDealsRecorded(long tickets)
    {
        for (var t = 1L; t <= tickets; t++) Must(_deals.Contains(t), $"deal {t} was acknowledged and is not recorded");
    }

    // ---- the end ----

    /// <summary>True when every leg is where it has to be.</summary>
    public bool Converged() => _legs.Values.All(b => WhyNotConverged(b) is null);

    public void MustHaveConverged()
    {
        foreach (var book in _legs.Values) Must(WhyNotConverged(book) is null, $"{book.Facts.Leg} does not converge: {WhyNotConverged(book)}");
    }

    private string? WhyNotConverged(LegBook b)
    {
        if (!b.HasBaseline) return "it has no baseline";
        if (b.Fault is not null) return $"it is faulted ({b.Fault})";
        if (b.Open is not null) return $"{b.Open.Id} is in flight ({b.Order(b.Open.Id)})";
        if (b.Levels.Count == 0 || b.Levels.Values.Any(l => l.Knowledge != "Known")) return "its levels are not known";
        if (b.Actual != b.Position) return $"it believes {b.Actual}, the venue holds {b.Position}";
        if (b.Drift != 0m || b.Uncopied != 0m || (!keepsForeign && b.Foreign != 0m)) return $"no sync ended drift {b.Drift}, uncopied {b.Uncopied}, foreign {b.Foreign}";
        var goal = b.Clamp(b.Target + b.Foreign);
        var off = Math.Abs(goal - b.Position);
        if (off < b.Facts.Step) return null;

        // More than a step may be left only where the venue takes no order for it.
        var past = goal * b.Position < 0m;
        var next = past && !b.Facts.Crosses ? Math.Abs(b.Position) : off;
        var closable = b.Facts.ClosesBelowMinimum && goal * b.Position <= 0m && Math.Abs(b.Position) >= b.Facts.Step;
        return next - (next % b.Facts.Step) < b.Facts.Minimum && !closable ? null : $"it should hold {goal} and holds {b.Position}";
    }

    private static void Must(bool holds, string rule)
    {
        if (!holds) throw new RuleBroken(rule);
    }
}
