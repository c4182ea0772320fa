using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Simulation.Hosting;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Venue;

/// <summary>What a request brings back: a value, or a server error of which nobody knows what it did.</summary>
internal readonly record struct Served<T>(T? Value, string Error);

/// <summary>The venue's front end over its book: validates, matches, answers, streams; with the faults of real ones.</summary>
internal sealed class SimVenue(World world)
{
    private readonly VenueBook _book = world.Book;
    private readonly VenueTraits _traits = world.Scenario.Venue;
    private readonly FaultDice _dice = world.Dice;
    private readonly Prng _chance = world.Chance.Fork();
    private readonly Dictionary<InstrumentId, InstrumentStatus> _status = [];
    private readonly HashSet<ClientOrderId> _decided = [];
    private int _process;
    private decimal? _loweredMaximum;

    public bool Up { get; private set; } = true;

    /// <summary>What a person must mend at the account.</summary>
    public bool WrongMode { get; private set; }

    public bool OutOfFunds { get; private set; }

    public InstrumentStatus StatusOf(InstrumentId id) => _status.GetValueOrDefault(id, InstrumentStatus.Trading);

    public void MendAccount() => WrongMode = OutOfFunds = false;

    public void SetStatus(InstrumentId id, InstrumentStatus status)
    {
        _status[id] = status;
        world.Trace.Note("instrument becomes", id.Value, (int)status, status.ToString());
        Tell(h => h.InstrumentChanged());
    }

    public void Heal()
    {
        MendAccount();
        _loweredMaximum = null;
        Up = true;
        foreach (var id in _status.Keys.ToArray()) SetStatus(id, InstrumentStatus.Trading);
        foreach (var order in _book.OpenOrders.ToArray()) Match(order, order.Left, 100);
    }

    public void Submit(OrderRequest request, DateTimeOffset expiry, Action<Served<SubmitOutcome>> respond)
    {
        if (Crash(Boundary.VenueBeforeAccept)) return;
        if (!_decided.Add(request.ClientOrderId) && _book.Find(request.ClientOrderId) is null) return;
        if (Refusal(request, expiry) is { } refusal)
        {
            world.Trace.Note("venue refuses", request.ClientOrderId.Value, 0m, $"{refusal.Class} {refusal.Text}");
            respond(new(new SubmitOutcome.Rejected(refusal), ""));
            return;
        }

        if (_dice.Strikes(Fault.ServerErrorBefore))
        {
            respond(new(null, "503 service unavailable"));
            return;
        }

        var leg = world.LegOf(request);
        var visible = _dice.Strikes(Fault.LateVisibility) ? _traits.Visibility * 0.98 : TimeSpan.FromMilliseconds(1);
        var order = _book.Accept(request, leg, world.Now + visible);
        var immediate = Match(order);
        if (Crash(Boundary.VenueAccepted)) return;
        var process = _process;
        world.Timeline.After(TimeSpan.FromMilliseconds(immediate ? 3 : 1), () =>
        {
            if (process != _process || Crash(Boundary.VenueBeforeResponse)) return;
            if (_dice.Strikes(Fault.ServerErrorAfter)) respond(new(null, "503 unknown error, please check your request"));
            else respond(new(new SubmitOutcome.Confirmed(order.Report(_traits.OnlyAcknowledges ? order.At : world.Now, world.VenueSkew)), ""));
        });
    }

    public void Find(ClientOrderId id, Action<Served<LookupOutcome>> respond)
    {
        if (_dice.Strikes(Fault.LookupIncomplete))
        {
            respond(new(new LookupOutcome.Incomplete("one of two look-ups failed"), ""));
            return;
        }

        var order = _book.Find(id);
        var forgotten = order is { Open: false } && world.Now - order.At >= _traits.Memory;
        if (order is null || forgotten || order.VisibleAt > world.Now)
        {
            respond(new(new LookupOutcome.NotFound(), ""));
            return;
        }

        var asOf = _dice.Strikes(Fault.StaleLookup) ? world.Now - (_traits.Lag * 0.9) : world.Now;
        respond(new(new LookupOutcome.Found(order.Report(asOf, world.VenueSkew)), ""));
    }

    public void Cancel(ClientOrderId id, Action<Served<CancelOutcome>> respond)
    {
        if (Crash(Boundary.VenueBeforeAccept)) return;
        var order = _book.Find(id);
        if (_dice.Strikes(Fault.CancelRefused))
        {
            respond(new(new CancelOutcome.Rejected(new Rejection(RejectionClass.Transient, "-1", "try again")), ""));
            return;
        }

        if (order is not { Open: true } || order.VisibleAt > world.Now)
        {
            respond(new(new CancelOutcome.NothingToCancel(), ""));
            return;
        }

        if (_dice.Strikes(Fault.CancelSlow))
        {
            world.Timeline.After(_chance.Milliseconds(200, 8000), () => Finish(order, OrderStatus.Cancelled));
            respond(new(new CancelOutcome.Accepted(null), ""));
            return;
        }

        Finish(order, OrderStatus.Cancelled);
        if (Crash(Boundary.VenueBeforeResponse)) return;
        respond(new(new CancelOutcome.Accepted(_traits.OnlyAcknowledges ? null : order.Report(world.Now, world.VenueSkew)), ""));
    }

    public void Holdings(Action<Served<ImmutableDictionary<LegId, decimal>>> respond)
    {
        if (_dice.Strikes(Fault.ReadingFails))
        {
            respond(new(null, "502 bad gateway"));
            return;
        }

        var asOf = _dice.Strikes(Fault.StaleReading) ? world.Now - (_traits.Lag * 0.98) : world.Now;

        // A complete answer does not name what is flat.
        respond(new(_book.Legs.Select(l => KeyValuePair.Create(l, _book.PositionAt(l, asOf))).Where(p => p.Value != 0m).ToImmutableDictionary(), ""));
    }

    /// <summary>The venue takes the position, or a part of it.</summary>
    public void Liquidate(LegId leg)
    {
        _book.Foreign(leg, -_book.Position(leg));
        Tell(h => h.Take(leg, new LegInput.TakenByVenue("liquidated")));
    }

    /// <summary>Another host with our connector tag trades the same account.</summary>
    public void SecondHost(LegId leg, decimal change)
    {
        _book.Foreign(leg, change);
        Tell(h => h.StrangerSeen());
    }

    private Rejection? Refusal(OrderRequest request, DateTimeOffset expiry)
    {
        static Rejection No(RejectionClass c, string text, TimeSpan? wait = null) => new(c, "-" + (int)c, text, wait);
        var leg = world.LegOf(request);

        // What a middleman delivered twice is known by its id before anything else is looked at.
        if (_book.Knows(request.ClientOrderId)) return No(RejectionClass.Query, "duplicate client order id");
        if (_dice.Strikes(Fault.ModeSwitched)) WrongMode = true;
        if (_dice.Strikes(Fault.FundsShort)) OutOfFunds = true;
        if (OutOfFunds && _chance.Chance(0.4)) OutOfFunds = false;
        if (_dice.Strikes(Fault.MaximumLowered)) _loweredMaximum = _traits.Step * 2 * (_traits.Minimum / _traits.Step);
        if (_traits.HonoursExpiry && world.Now > expiry) return No(RejectionClass.Transient, "outside its time window");
        if (_dice.Strikes(Fault.RateLimited)) return No(RejectionClass.Wait, "too many requests", TimeSpan.FromSeconds(2));
        if (_dice.Strikes(Fault.Maintenance)) return No(RejectionClass.Wait, "maintenance");
        if (_dice.Strikes(Fault.TransientRefusal)) return No(RejectionClass.Transient, "system busy");
        if (WrongMode) return No(RejectionClass.Account, "position side does not match the user's setting");
        switch (StatusOf(request.Instrument))
        {
            case InstrumentStatus.Closed: return No(RejectionClass.Wait, "market closed");
            case InstrumentStatus.Delisted: return No(RejectionClass.Permanent, "symbol is not listed");
        }

        var quantity = request.Quantity.Value;
        var room = _book.Room(leg, request);
        if (quantity > (_loweredMaximum ?? _traits.Maximum ?? decimal.MaxValue)) return No(RejectionClass.Split, "above the maximum");
        if (quantity < _traits.Minimum && !(_traits.ClosesBelowMinimum && room != decimal.MaxValue && quantity >= room)) return Below();
        if (OutOfFunds && room == decimal.MaxValue) return No(RejectionClass.Funds, "insufficient margin");
        if (quantity <= room) return null;
        if (_traits.Kind == ProductKind.Spot) return No(RejectionClass.Funds, "insufficient balance");
        return _traits.CutsReduceOnly && room > 0m ? null : No(RejectionClass.ReRead, "reduce-only order is rejected");

        // A venue that closes below its minimum knows by the position, whether or not the order says reduce-only.
        Rejection? Below() => _traits.ClosesBelowMinimum && Math.Abs(_book.Position(leg)) - quantity < _traits.Step ? null : No(RejectionClass.BelowMinimum, "below the minimum");
    }

    // Returns whether it filled at once.
    private bool Match(BookOrder order)
    {
        if (_dice.Strikes(Fault.Rests)) return false;
        if (_dice.Strikes(Fault.PartialFill))
        {
            var part = Math.Floor(order.Left / _traits.Step * _chance.Pick(0.3m, 0.5m, 0.8m)) * _traits.Step;
            Match(order, part, 1);
            if (_dice.Strikes(Fault.RestExpires)) world.Timeline.After(_chance.Milliseconds(10, 2000), () => Finish(order, OrderStatus.Expired));
            else if (_chance.Chance(0.5)) Match(order, order.Left - part, _chance.Between(100, 20_000));
            return false;
        }

        var slow = _dice.Strikes(Fault.SlowFill);
        Match(order, order.Left, slow ? _chance.Between(50, 15_000) : _chance.Between(1, 5));
        return !slow;
    }

    private void Match(BookOrder order, decimal quantity, int afterMilliseconds) =>
        world.Timeline.After(TimeSpan.FromMilliseconds(afterMilliseconds), () =>
        {
            if (!order.Open) return;
            _book.Fill(order, quantity);
            Changed(order);
        });

    private void Finish(BookOrder order, OrderStatus status)
    {
        if (!order.Open) return;
        _book.Close(order, status);
        Changed(order);
    }

    private void Changed(BookOrder order)
    {
        var report = order.Report(world.Now, world.VenueSkew);
        Tell(h => h.TakeReport(order.Leg, report));
    }

    // The event stream: in order and once, unless a fault says otherwise.
    private void Tell(Action<SimHost> hear)
    {
        if (!Up || _dice.Strikes(Fault.StreamDropped)) return;
        var delay = _chance.Milliseconds(1, 20);
        if (_dice.Strikes(Fault.StreamDelayed)) delay += _chance.Milliseconds(100, 5000);
        if (_dice.Strikes(Fault.StreamStalled)) delay += TimeSpan.FromSeconds(_chance.Between(5, 30));
        Send();
        if (!_dice.Strikes(Fault.StreamDuplicated)) return;
        delay += _chance.Milliseconds(0, 3000);
        Send();

        void Send()
        {
            var epoch = world.Host?.StreamEpoch ?? -1;
            world.Timeline.After(delay, () =>
            {
                if (world.Host is { } host && host.StreamEpoch == epoch) hear(host);
            });
        }
    }

    // The front end dies; the book does not. What was to be answered is not.
    private bool Crash(Boundary boundary)
    {
        if (!world.VenueCrashesAt(boundary)) return false;
        world.Trace.Note("venue crashes", boundary.ToString());
        var process = ++_process;
        Up = false;
        world.Host?.LoseLine();
        world.Timeline.After(_chance.Milliseconds(200, 5000), () =>
        {
            if (process == _process) Up = true;
        });
        return true;
    }
}
