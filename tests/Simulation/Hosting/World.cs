using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulation.Checking;
using CSMultiConnector.Simulation.Kernel;
using CSMultiConnector.Simulation.Venue;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>One history: host, venue, network, disk, terminal and person under virtual time. The same scenario gives the same history.</summary>
internal sealed class World
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    private readonly Terminal _terminal;
    private readonly Person _person;
    private readonly Queue<Action<World>> _script = new();
    private bool _starting;

    public World(Scenario scenario, TextWriter? reader = null, List<Noted>? notes = null)
    {
        Scenario = scenario;
        Chance = new Prng(scenario.Seed);
        Dice = scenario.Swarm ? FaultDice.Swarm(scenario.Seed) : FaultDice.None();
        Trace = new Trace(Timeline, reader, notes);
        Checker = new Checker(Timeline, scenario.KeepForeign);
        Disk = new SimDisk(Timeline, Trace);
        Instruments = [.. Enumerable.Range(1, scenario.Symbols).Select(i => scenario.Venue.Instrument($"C{i}USDT", $"C{i}"))];
        Book = new VenueBook(Timeline, scenario.Venue, Checker, Trace);
        foreach (var leg in Legs())
        {
            var traits = scenario.Venue;
            Checker.Leg(new LegFacts(
                leg.ToString(), traits.Kind == ProductKind.Spot, leg.Side.ToString(), traits.Step, traits.Minimum, traits.Maximum, traits.Crosses, traits.ClosesBelowMinimum,
                traits.Rules.QuietPeriod, traits.Rules.VisibilityDelay, traits.Rules.Memory, 2 * ClockLimit + TimeSpan.FromSeconds(10), scenario.MaxOrdersPerMinute));
            var held = scenario.HeldBefore * traits.Step;
            if (traits.Kind == ProductKind.Spot || leg.Side == PositionSide.Long) held = Math.Max(0m, held);
            if (leg.Side == PositionSide.Short) held = Math.Min(0m, held);
            Book.Open(leg, held);
        }

        VenueSkew = Dice.Strikes(Fault.ClockWanders) ? Chance.Milliseconds(-20_000, 20_000) : TimeSpan.Zero;
        Venue = new SimVenue(this);
        Network = new Network(this);
        _terminal = new Terminal(this);
        _person = new Person(this);
    }

    public Scenario Scenario { get; }

    public Timeline Timeline { get; } = new();

    public DateTimeOffset Now => Timeline.Now;

    public Prng Chance { get; }

    public FaultDice Dice { get; }

    public int[] CrashesStruck { get; } = new int[CrashPlan.Boundaries];

    public Trace Trace { get; }

    public Checker Checker { get; }

    public SimDisk Disk { get; }

    public Instrument[] Instruments { get; }

    public VenueBook Book { get; }

    public SimVenue Venue { get; }

    public Network Network { get; }

    public Terminal Terminal => _terminal;

    /// <summary>Null while the process is down.</summary>
    public SimHost? Host { get; private set; }

    public int Processes { get; private set; }

    /// <summary>Venue clock less true time.</summary>
    public TimeSpan VenueSkew { get; }

    /// <summary>Host clock less true time.</summary>
    public TimeSpan HostSkew { get; set; }

    /// <summary>How far the host's clock is set at most: with a short memory less than the venue's promise keeps back for it.</summary>
    public TimeSpan ClockLimit => TimeSpan.FromSeconds(Scenario.Venue.Memory < TimeSpan.FromHours(1) ? 25 : 300);

    public IEnumerable<LegId> Legs() => Instruments.SelectMany(i => Scenario.Venue.Sides.Select(s => i.Leg(s)));

    public LegId LegOf(OrderRequest order) => Array.Find(Instruments, i => i.Id == order.Instrument)!.Leg(order.PositionSide);

    /// <summary>Runs the whole history; throws <see cref="RuleBroken"/> with the rule when one is broken.</summary>
    public void Run()
    {
        Guard(StartHost);
        _terminal.Begin();
        _person.Begin();
        Timeline.RunUntil(Now + Scenario.Chaos, Guard);
        Trace.Note("the faults stop");
        Dice.On = false;
        Heal();
        var end = Now + s_patience;
        while (Now < end && !(_terminal.Quiet && Checker.Converged()))
        {
            Timeline.RunUntil(Now + TimeSpan.FromSeconds(10), Guard);
        }

        Checker.MustHaveConverged();
        _terminal.MustHaveDelivered();
    }

    /// <summary>The host may trade until then unless it renews its right; the next host begins after it.</summary>
    public DateTimeOffset LeaseEnds { get; set; }

    public bool TerminalCrashesAt(Boundary boundary) => Crashes(boundary, Fault.TerminalCrash);

    public bool VenueCrashesAt(Boundary boundary) => Crashes(boundary, Fault.VenueCrash);

    /// <summary>The host passes a boundary between effects, and may end there.</summary>
    public void Pass(Boundary boundary)
    {
        if (Host is { Alive: true } && Crashes(boundary, Fault.HostCrash)) throw new HostCrashed(boundary);
    }

    /// <summary>Runs host code: when the host dies in it, the rest of it does not happen.</summary>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (HostStopped stopped)
        {
            // The machine runs on: what was written is written. Another host begins when the right to trade is free.
            Trace.Note("host stands still", stopped.Message, (decimal)stopped.Pause.TotalSeconds);
            Host!.Die();
            Host = null;
            Disk.Crash(() => true);
            Checker.HostDied();
            Timeline.After(LeaseEnds - Now, StartHost);
            if (stopped.GoesOn is { } goesOn) Timeline.After(stopped.Pause, goesOn);
        }
        catch (HostCrashed crash)
        {
            Trace.Note("host crashes", crash.Message);
            Host!.Die();
            Host = null;
            Disk.Crash(Survives);
            Checker.HostDied();
            var pause = Scenario.Swarm ? Chance.Milliseconds(50, Chance.Pick(1000, 20_000, 200_000)) : TimeSpan.FromMilliseconds(500);
            Timeline.After(pause, StartHost);
        }
    }

    private bool Survives() => Scenario.Crashes is { } plan ? plan.UnsyncedSurvives : !(Dice.Strikes(Fault.WriteLost) | Dice.Strikes(Fault.WriteTorn)) && Chance.Chance(0.5);

    private bool Crashes(Boundary boundary, Fault fault)
    {
        var crashes = Scenario.Crashes is { } plan ? plan.CrashesAt(boundary) : Dice.Strikes(fault);
        if (crashes) CrashesStruck[(int)boundary]++;
        return crashes;
    }

    private void StartHost()
    {
        if (Host is not null || _starting) return;
        _starting = true;
        if (Dice.Strikes(Fault.ClockJumpsAtRestart)) HostSkew = Chance.Milliseconds(-20_000, 20_000);
        Host = new SimHost(this, ++Processes);
        _starting = false;
        Host.Start();
    }

    private void Heal()
    {
        Venue.Heal();
        Host?.Heal();
        _terminal.Heal();
        _person.Heal();
    }
}
