using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Legs.Kit;

/// <summary>One leg under test: feeds inputs to the heart with a clock, versions and ids of its own, and remembers what came out.</summary>
internal sealed class LegDriver(LegId leg)
{
    private long _ids;

    public LegState State { get; private set; } = new(leg);

    /// <summary>The wall clock.</summary>
    public DateTimeOffset Now { get; set; } = Given.Start;

    /// <summary>The monotonic clock.</summary>
    public Uptime Clock { get; private set; } = Given.Clock;

    public long Version { get; private set; } = 1;

    public List<JournaledEvent> Journal { get; } = [];

    /// <summary>What the last input led to.</summary>
    public Decision Last { get; private set; } = null!;

    public Intent Open => State.Open.ShouldNotBeNull();

    public ClientOrderId OpenId => Open.Order.ClientOrderId;

    /// <summary>A leg that is configured, fed, read and allowed to trade; it may have sent its first order.</summary>
    public static LegDriver Ready(decimal target = 0m, decimal held = 0m, LegConfiguration? configuration = null, PositionSide side = PositionSide.Net)
    {
        configuration ??= Given.Configuration(held);
        var driver = new LegDriver(configuration.Instrument.Leg(side));
        driver.Feed(new LegInput.Recovered());
        driver.Feed(new LegInput.Configure(configuration with { BaselineHolding = Given.C(held) }));
        driver.Levels(Given.Lots(target));
        driver.Feed(new LegInput.GateChanged(Gate.Free));
        driver.Read(held);
        return driver;
    }

    public Decision Feed(LegInput input)
    {
        Last = Heart.Decide(State, input, new Moment(Now, Clock, ++Version, ClientOrderId.Create("test", "proc01", _ids)));
        if (Last.Events.OfType<IntentDecided>().Any()) _ids++;
        State = Last.State;
        Journal.AddRange(Last.Journaled);
        return Last;
    }

    public LegDriver After(TimeSpan time)
    {
        Now += time;
        Clock += time;
        return this;
    }

    public Decision After(double seconds, LegInput input) => After(TimeSpan.FromSeconds(seconds)).Feed(input);

    public Decision Tick(double afterSeconds = 0) => After(afterSeconds, new LegInput.Tick());

    public Decision Levels(params Contribution[] contributions) => Feed(new LegInput.LevelsChanged([.. contributions], null));

    public Decision Price(decimal price) => Feed(new LegInput.LevelsChanged(State.Contributions, new Price(price)));

    /// <summary>A source in the place of all others, newer than what is known of it.</summary>
    public Decision Target(decimal lots, decimal preexisting = 0m) =>
        Levels(Given.Lots(lots, seq: State.Contributions.Length == 0 ? 1 : State.Contributions[0].Version.Seq + 1, preexisting: preexisting));

    /// <summary>A reading that starts now and arrives now.</summary>
    public Decision Read(decimal quantity, decimal? free = null) => Feed(new LegInput.ReadingArrived(Reading(quantity, free)));

    /// <summary>The same figure as often as it takes to count, waiting as the leg asks.</summary>
    public void ReadUntilBelieved(decimal quantity, decimal? free = null)
    {
        for (var i = 0; i < 6 && (i == 0 || State.Suspect is not null || State.Phase == OrderPhase.Settling); i++)
        {
            if (i > 0) After(TimeSpan.FromSeconds(4));
            Read(quantity, free);
        }
    }

    public LegReading Reading(decimal quantity, decimal? free = null) => new(++Version, Given.C(quantity), free is { } f ? Given.C(f) : null);

    public Decision Answer(SubmitOutcome outcome) => Feed(new LegInput.SubmitAnswered(OpenId, outcome));

    public Decision Refuse(RejectionClass @class, TimeSpan? retryAfter = null) => Answer(new SubmitOutcome.Rejected(Given.Rejection(@class, retryAfter)));

    public Decision LookedUp(LookupOutcome outcome) => Feed(new LegInput.LookupAnswered(OpenId, Now, Clock, outcome));

    public Decision Cancelled(CancelOutcome outcome) => Feed(new LegInput.CancelAnswered(OpenId, outcome));

    public Decision Reported(OrderReport report) => Feed(new LegInput.OrderReported(report));

    /// <summary>The venue confirms the open order as wholly filled.</summary>
    public Decision Fill() => Answer(new SubmitOutcome.Confirmed(Report(OrderStatus.Filled, Open.Order.Quantity.Value)));

    /// <summary>The venue confirms the open order as open, with a part filled.</summary>
    public Decision Rest(decimal filled = 0m) => Answer(new SubmitOutcome.Confirmed(Report(OrderStatus.Open, filled)));

    public OrderReport Report(OrderStatus status, decimal filled, decimal fee = 0m) => Report(Open, status, filled, fee);

    public OrderReport Report(Intent intent, OrderStatus status, decimal filled, decimal fee = 0m) => new(
        intent.Order.ClientOrderId, "v-" + intent.Number, intent.Order.Instrument, intent.Order.PositionSide, intent.Order.Side, intent.Order.Quantity, status,
        Given.C(filled), filled == 0m ? null : new Price(100m), Given.C(fee), [], Now);

    /// <summary>The process dies: only the journal is left, then the leg is told so and fed anew, but not read.</summary>
    public void Crash(LegConfiguration configuration, params Contribution[] contributions)
    {
        State = Journal.Aggregate(new LegState(State.Leg), (s, e) => s.Apply(e));
        Feed(new LegInput.Recovered());
        Feed(new LegInput.Configure(configuration));
        Levels(contributions);
        Feed(new LegInput.GateChanged(Gate.Free));
    }

    public IReadOnlyList<T> Raised<T>() where T : LegEvent => [.. Last.Events.OfType<T>()];

    public IReadOnlyList<T> Done<T>() where T : LegEffect => [.. Last.Effects.OfType<T>()];

    public OrderRequest Sent() => Done<LegEffect.Submit>().ShouldHaveSingleItem().Order;
}
