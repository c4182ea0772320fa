namespace CSMultiConnector.Simulation.Checking;

// What is journaled: decisions need knowledge, ends need evidence, figures need fills.
internal sealed partial class Checker
{
    public void Baseline(string leg, decimal foreign, decimal uncopied, decimal copied)
    {
        var book = _legs[leg];
        Must(!book.HasBaseline, $"{leg}: a baseline is captured once");
        Must(book.Levels.Count > 0 && book.Levels.Values.All(l => l.Knowledge != "Unknown"), $"{leg}: the baseline is captured from unknown levels");
        (book.HasBaseline, book.Foreign, book.Uncopied, book.Copied) = (true, foreign, uncopied, copied);
    }

    public void UncopiedBecomes(string leg, decimal uncopied, bool added)
    {
        var book = _legs[leg];
        Must(added || (Math.Abs(uncopied) < Math.Abs(book.Uncopied) && uncopied * book.Uncopied >= 0m), $"{leg}: uncopied goes from {book.Uncopied} to {uncopied}");
        book.Uncopied = added ? book.Uncopied + uncopied : uncopied;
    }

    public void IntentJournaled(string leg, IntentFacts f)
    {
        var book = _legs[leg];
        var facts = book.Facts;
        Settled(book, null);
        Must(_ids.Add(f.Id), $"{leg}: the id {f.Id} is used a second time");
        Must(book.Open is null, $"{leg}: {f.Id} is decided while {book.Open?.Id} is in flight");
        foreach (var (other, o) in book.Orders) Must(!o.Alive(timeline.Now), $"{leg}: {f.Id} is decided while {other} may still fill ({o})");
        Must(book.HasBaseline, $"{leg}: {f.Id} is decided without a baseline");
        Must(book.Fault is null, $"{leg}: {f.Id} is decided while the leg is faulted");
        Must(book.GateOpen, $"{leg}: {f.Id} is decided while the gate is closed");
        Must(book.Levels.Count > 0 && book.Levels.Values.All(l => l.Knowledge is "Known" or "Stale"), $"{leg}: {f.Id} is decided on an unknown level");
        Must(book.ReadingsSinceDoubt > 0, $"{leg}: {f.Id} is decided on an unread account");
        Must(f.Actual == book.Actual, $"{leg}: {f.Id} says that it holds {f.Actual}, the journal {book.Actual}");
        Must(f.Goal == book.Goal, $"{leg}: {f.Id} leads to {f.Goal}, levels and baseline ask for {book.Goal}");
        Must(
            book.OthersWere(book.Actual - book.Ours, book.Since - facts.Quiet),
            $"{leg}: {f.Id} is decided on {book.Actual}; the venue holds {book.Position}, of which {book.Ours} are ours");

        var left = book.Goal - book.Actual;
        var after = book.Actual + f.Quantity;
        Must(f.Quantity % facts.Step == 0m && f.Quantity * left > 0m && Math.Abs(f.Quantity) <= Math.Abs(left), $"{leg}: {f.Id} ({f.Quantity}) goes beyond {book.Goal} from {book.Actual}");
        Must(Math.Abs(f.Quantity) <= (facts.Maximum ?? decimal.MaxValue), $"{leg}: {f.Id} is above the maximum");
        var shrinks = Math.Abs(after) <= Math.Abs(book.Actual) && after * book.Actual >= 0m;
        Must(shrinks || !f.ReduceOnly, $"{leg}: {f.Id} is reduce-only and enlarges");
        Must(f.Increasing != shrinks, $"{leg}: {f.Id} is wrongly told increasing");
        Must(facts.Crosses || after * book.Actual >= 0m, $"{leg}: {f.Id} crosses zero where the venue does not allow it");
        if (f.Increasing) book.Increases.Add((f.TrueAt, f.DecidedAt - f.TrueAt, book.Run));
        Must(
            book.IncreasesWithinAMinute(f.TrueAt) <= facts.MaxOrdersPerMinute,
            $"{leg}: more than {facts.MaxOrdersPerMinute} increasing orders a minute");
        Must(++book.OrdersSinceCause <= MostOrdersPerCause, $"{leg}: {MostOrdersPerCause} orders without a new cause");
        book.Open = f;
        book.Intents[f.Id] = f;
    }

    public void FillJournaled(string leg, string id, decimal filled, decimal fee)
    {
        var book = _legs[leg];
        Settled(book, null);
        Must(book.Intents.TryGetValue(id, out var intent), $"{leg}: a fill of {id}, which was never journaled");
        var before = book.Fills.GetValueOrDefault(id);
        var order = book.Order(id);
        Must(filled >= before.Filled && fee >= before.Fee, $"{leg}: the fill of {id} falls from {before.Filled} to {filled}");
        if (filled > order.Filled || fee > order.Fee) book.FillWithoutEvidence = id;
        book.Fills[id] = (filled, fee);
        book.Copied += ((filled - before.Filled) * Math.Sign(intent!.Quantity)) - (fee - before.Fee);
    }

    public void IntentClosed(string leg, string id, string end, DateTimeOffset trueAt)
    {
        var book = _legs[leg];
        Settled(book, end == "SettledByReading" ? id : null);
        Must(book.Open?.Id == id, $"{leg}: {id} ends and is not in flight");
        var order = book.Order(id);
        Must(!order.Alive(timeline.Now), $"{leg}: {id} is taken as {end} and may still fill ({order})");
        switch (end)
        {
            case "Filled" or "Unfilled":
                Must(book.ClosedReports.Contains(id), $"{leg}: {id} is taken as {end} without a closed report");
                Must(order.Accepted && book.Fills.GetValueOrDefault(id) == (order.Filled, order.Fee), $"{leg}: {id} ends with {book.Fills.GetValueOrDefault(id)} counted and {(order.Filled, order.Fee)} filled");
                break;
            case "Rejected":
                Must(book.Refused.Contains(id) || book.ClosedReports.Contains(id), $"{leg}: {id} is taken as refused without the venue's word");
                Must(order.Filled == 0m, $"{leg}: {id} is taken as refused and filled {order.Filled}");
                Must(!order.Accepted || book.ClosedReports.Contains(id), $"{leg}: {id} is taken as refused and was accepted");
                break;
            case "DeniedLocally":
                Must(book.Denied.Contains(id) && !order.Left, $"{leg}: {id} is taken as never sent and left");
                break;
            case "NeverPlaced":
                Must(!order.Accepted, $"{leg}: {id} is taken as never placed and was accepted ({order})");
                Must(book.NotFound.ContainsKey(id), $"{leg}: {id} is taken as never placed without a complete look-up");
                break;
            case "SettledByReading":
                Must(
                    book.PersonLooked || trueAt + book.Facts.ClockSpan >= book.Open!.TrueAt + book.Facts.Memory,
                    $"{leg}: {id} is settled by readings within the venue's memory");
                break;
            default:
                Must(false, $"{leg}: {id} ends in an unknown way ({end})");
                break;
        }

        book.Open = null;
    }

    public void DriftJournaled(string leg, decimal delta)
    {
        var book = _legs[leg];
        Settled(book, null);
        book.OrdersSinceCause = 0;
        book.Drift += delta;
    }

    public void DriftAbsorbed(string leg, decimal amount)
    {
        var book = _legs[leg];
        Must(Math.Abs(amount) <= Math.Abs(book.Drift) && amount * book.Drift > 0m, $"{leg}: {amount} of a drift of {book.Drift} is absorbed");
        book.Drift -= amount;
        book.Copied += amount;
    }

    public void SyncApplied(string leg, bool endUncopied, bool endForeign)
    {
        var book = _legs[leg];
        Must(book.Open is null, $"{leg}: a sync is applied while {book.Open?.Id} is in flight");
        Must(book.ReadingsSinceDoubt > 0, $"{leg}: a sync is applied on an unread account");
        book.OrdersSinceCause = 0;
        book.Copied += book.Drift + (endForeign ? book.Foreign : 0m);
        book.Drift = 0m;
        if (endForeign) book.Foreign = 0m;
        if (endUncopied) book.Uncopied = 0m;
    }

    public void Faulted(string leg, string kind) => _legs[leg].Fault = kind;

    public void FaultEnded(string leg)
    {
        var book = _legs[leg];
        Must(book.Fault is "TriesExhausted" or "Rejected" || book.PersonLooked || (book.Fault == "OrderUnresolved" && book.Open is null), $"{leg}: nobody ended the fault {book.Fault}");
        book.Fault = null;
        book.OrdersSinceCause = 0;
    }

    // A fill that the venue did not make is right only where readings settle an order that nobody remembers.
    private static void Settled(LegBook book, string? settledId)
    {
        Must(
            book.FillWithoutEvidence is null || book.FillWithoutEvidence == settledId,
            $"{book.Facts.Leg}: {book.FillWithoutEvidence} is counted with {book.Fills.GetValueOrDefault(book.FillWithoutEvidence ?? "")} and filled {book.Order(book.FillWithoutEvidence ?? "").Filled}");
        book.FillWithoutEvidence = null;
    }
}
