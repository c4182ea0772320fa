using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;
using CSMultiConnector.Simulation.Venue;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>The host's side of the line: sends orders within their validity and turns answers into outcomes.</summary>
internal sealed class SimGateway(World world, SimHost host)
{
    // What the gateway knows of the venue's clock: measured when it connected, and anew when the venue complains.
    private TimeSpan _measuredSkew = world.HostSkew;

    private CallTraits Submits => new(world.Scenario.Venue.LongestTransit, world.Scenario.Venue.Ids == IdPolicy.Unique);

    public void Submit(LegId leg, OrderRequest order, Func<bool> lives, Action<SubmitOutcome> answer)
    {
        if (!world.Dice.Strikes(Fault.WaitsLocally))
        {
            Send();
            return;
        }

        world.Timeline.After(world.Chance.Milliseconds(10, 8000), () =>
        {
            if (lives()) Send();
        });

        void Send()
        {
            if (host.Now > order.NotAfter && world.Scenario.Bug != PlantedBug.ValidityIgnored)
            {
                answer(new SubmitOutcome.DeniedLocally(new Rejection(RejectionClass.Transient, "", "its validity ended before it left")));
                return;
            }

            world.Pass(Boundary.BeforeSend);
            Wire(leg, order, lives, outcome =>
            {
                if (outcome is SubmitOutcome.Rejected { Rejection.Text: SimVenue.OutsideWindow }) _measuredSkew = world.HostSkew;
                if (world.Scenario.Bug == PlantedBug.ResentAfterTimeout && outcome is SubmitOutcome.Unknown && host.Now <= order.NotAfter + TimeSpan.FromSeconds(10))
                    Wire(leg, order, lives, answer);
                else answer(outcome);
            });
            world.Pass(Boundary.AfterSend);
        }
    }

    public void Find(OrderKey order, Func<bool> lives, Action<LookupOutcome> answer) => world.Network.Call<LookupOutcome>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, respond => world.Venue.Find(order.ClientOrderId, respond), answer, why => answer(new LookupOutcome.Incomplete(why)));

    public void Cancel(OrderKey order, Func<bool> lives, Action<CancelOutcome> answer) => world.Network.Call<CancelOutcome>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, respond => world.Venue.Cancel(order.ClientOrderId, respond), answer, why => answer(new CancelOutcome.Unknown(why)));

    public void ReadHoldings(Func<bool> lives, Action<ImmutableDictionary<LegId, decimal>?> answer) => world.Network.Call<ImmutableDictionary<LegId, decimal>>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, world.Venue.Holdings, answer, _ => answer(null));

    private void Wire(LegId leg, OrderRequest order, Func<bool> lives, Action<SubmitOutcome> answer)
    {
        var id = order.ClientOrderId.Value;
        var signed = order.Side == Domain.Terminals.OrderSide.Buy ? order.Quantity.Value : -order.Quantity.Value;
        world.Trace.Note("order leaves", id, signed, leg.ToString());

        // The venue is told the end of the validity by its own clock.
        var expiry = order.NotAfter - _measuredSkew;
        world.Checker.OrderLeaves(leg.ToString(), id, signed, order.ReduceOnly, host.Now > order.NotAfter, world.Scenario.Venue.HonoursExpiry ? expiry : DateTimeOffset.MaxValue);
        world.Network.Call<SubmitOutcome>(
            Submits, lives, respond => world.Venue.Submit(order, expiry, respond), answer, why => answer(new SubmitOutcome.Unknown(why)),
            () => world.Checker.OnItsWay(leg.ToString(), id), () => world.Checker.OffTheWire(leg.ToString(), id));
    }
}
