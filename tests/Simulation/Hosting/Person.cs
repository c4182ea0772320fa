using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>People: one who runs the connector, others who trade at the venue, and the venue's own staff.</summary>
internal sealed class Person(World world)
{
    private readonly Prng _chance = world.Chance.Fork();
    private bool _healing;

    public void Begin()
    {
        Look();
        Weather();
        Clock();
    }

    public void Heal()
    {
        _healing = true;
        Look();
    }

    // Resumes what is paused or faulted; syncs now and then.
    private void Look()
    {
        var host = world.Host;
        if (host is { Alive: true })
        {
            if (world.Terminal.PausedWhy is not null && (_healing || _chance.Chance(0.7)))
            {
                world.Venue.MendAccount();
                world.Terminal.PausedWhy = null;
                world.Trace.Note("resume");
                host.TellGate();
                host.Sync(byPerson: true);
            }
            else if (world.Dice.Strikes(Fault.Pause))
            {
                host.PauseSoon("paused by hand");
            }

            // What the venue refused for its account is mended by resuming; a gate that a leg closed for itself opens with it.
            foreach (var leg in host.Legs.ToArray())
            {
                if (leg.State.Fault is { } fault && (_healing || _chance.Chance(0.3)))
                {
                    if (fault.Kind == FaultKind.OrderUnresolved) world.Book.CancelByHand(leg.Id);
                    world.Trace.Note("fault cleared by hand", leg.Id.ToString(), 0m, fault.Text);
                    host.Soon(TimeSpan.Zero, () => leg.Take(new LegInput.ClearFault("seen")));
                }
            }

            if (_healing || world.Dice.Strikes(Fault.SyncByHand)) host.Sync(byPerson: true);
        }

        world.Timeline.After(_healing ? TimeSpan.FromSeconds(30) : _chance.Milliseconds(5000, 40_000), Look);
    }

    private void Weather()
    {
        var legs = world.Legs().ToArray();
        var leg = legs[_chance.Between(0, legs.Length - 1)];
        var instrument = world.Instruments[_chance.Between(0, world.Instruments.Length - 1)].Id;
        var step = world.Scenario.Venue.Step;
        if (world.Dice.Strikes(Fault.ForeignTrade)) world.Book.Foreign(leg, step * _chance.Pick(-3, -1, 1, 2));
        if (world.Dice.Strikes(Fault.SecondHost)) world.Venue.SecondHost(leg, step * _chance.Pick(-1, 1, 2));
        if (world.Scenario.Venue.Kind == ProductKind.Derivative && world.Dice.Strikes(Fault.Liquidation)) world.Venue.Liquidate(leg);
        if (world.Dice.Strikes(Fault.Delisted)) Interrupt(InstrumentStatus.Delisted);
        if (world.Dice.Strikes(Fault.Closed)) Interrupt(InstrumentStatus.Closed);
        if (world.Dice.Strikes(Fault.LineLost)) world.Host?.LoseLine();
        world.Timeline.After(_chance.Milliseconds(1000, 15_000), Weather);

        void Interrupt(InstrumentStatus status)
        {
            world.Venue.SetStatus(instrument, status);
            world.Timeline.After(_chance.Milliseconds(2000, 60_000), () => world.Venue.SetStatus(instrument, InstrumentStatus.Trading));
        }
    }

    // The host's wall clock drifts, and is set forward and back while the process runs.
    private void Clock()
    {
        if (world.Dice.Strikes(Fault.ClockWanders)) world.HostSkew += _chance.Milliseconds(-200, 200);
        if (world.Dice.Strikes(Fault.ClockJumps))
        {
            var skew = world.HostSkew + TimeSpan.FromSeconds(_chance.Pick(-300, -90, -10, 10, 90, 300));
            world.HostSkew = skew > world.ClockLimit ? world.ClockLimit : skew < -world.ClockLimit ? -world.ClockLimit : skew;
            world.Trace.Note("clock is set", "", (decimal)world.HostSkew.TotalSeconds);
        }

        world.Timeline.After(_chance.Milliseconds(500, 20_000), Clock);
    }
}
