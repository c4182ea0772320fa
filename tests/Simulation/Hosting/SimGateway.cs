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
    private CallTraits Submits => new(world.Scenario.Venue.LongestTransit, world.Scenario.Venue.Ids == IdPolicy.Unique);

    public void Submit(LegId leg, OrderRequest order, Func<bool> lives, Action<SubmitOutcome> answer)
    {
        // By both clocks, as the product's own check before the first byte: a clock may be set while the order waits.
        var (began, validFor) = (host.Uptime, order.NotAfter - host.Now);
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
            if (world.Dice.Strikes(Fault.StoppedBeforeCheck))
            {
                // The check comes when the process goes on, and sees that the right to trade is gone.
                var ignored = world.Scenario.Bug == PlantedBug.LeaseNotChecked;
                throw new HostStopped(Boundary.BeforeSend, world.Chance.Milliseconds(50, 90_000), ignored ? () => WriteLate(leg, order, Expiry()) : null);
            }

            if ((host.Now > order.NotAfter || host.Uptime - began > validFor) && world.Scenario.Bug != PlantedBug.ValidityIgnored)
            {
                answer(new SubmitOutcome.DeniedLocally(new Rejection(RejectionClass.Transient, "", "its validity ended before it left")));
                return;
            }

            world.Pass(Boundary.BeforeSend);
            var expiry = Expiry();
            if (world.Dice.Strikes(Fault.StoppedAfterCheck))
            {
                // Only the venue's own expiry holds back what was checked before. Where it has none, the docs promise no more than the lease's length.
                var longest = world.Scenario.Venue.HonoursExpiry ? TimeSpan.FromSeconds(60) : world.LeaseEnds - world.Now;
                throw new HostStopped(
                    Boundary.BeforeSend, world.Chance.Milliseconds(50, (int)Math.Max(50.0, longest.TotalMilliseconds)), () => WriteLate(leg, order, expiry));
            }

            Wire(leg, order, expiry, lives, outcome =>
            {
                if (world.Scenario.Bug == PlantedBug.ResentAfterTimeout && outcome is SubmitOutcome.Unknown && host.Now <= order.NotAfter + TimeSpan.FromSeconds(10))
                    Wire(leg, order, expiry, lives, answer);
                else answer(outcome);
            });
            world.Pass(Boundary.AfterSend);
        }

        // The venue hears what is left by both clocks, on its own clock: a wall clock that was set moves nothing. Never beyond the right to trade.
        DateTimeOffset Expiry()
        {
            var (byWall, byRun) = (order.NotAfter - host.Now, validFor - (host.Uptime - began));
            var end = world.Now + (byWall < byRun ? byWall : byRun);
            return end < world.LeaseEnds ? end : world.LeaseEnds;
        }
    }

    public void Find(OrderKey order, Func<bool> lives, Action<LookupOutcome> answer) => world.Network.Call<LookupOutcome>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, respond => world.Venue.Find(order.ClientOrderId, respond), answer, why => answer(new LookupOutcome.Incomplete(why)));

    public void Cancel(OrderKey order, Func<bool> lives, Action<CancelOutcome> answer) => world.Network.Call<CancelOutcome>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, respond => world.Venue.Cancel(order.ClientOrderId, respond), answer, why => answer(new CancelOutcome.Unknown(why)));

    public void ReadHoldings(Func<bool> lives, Action<ImmutableDictionary<LegId, decimal>?> answer) => world.Network.Call<ImmutableDictionary<LegId, decimal>>(
        new CallTraits(TimeSpan.FromSeconds(30), true), lives, world.Venue.Holdings, answer, _ => answer(null));

    private void Wire(LegId leg, OrderRequest order, DateTimeOffset expiry, Func<bool> lives, Action<SubmitOutcome> answer)
    {
        var (id, signed) = (order.ClientOrderId.Value, Signed(order));
        world.Trace.Note("order leaves", id, signed, leg.ToString());
        world.Checker.OrderLeaves(leg.ToString(), id, signed, order.ReduceOnly, host.Now > order.NotAfter, TakenUntil(expiry));
        Call(leg, order, expiry, lives, answer);
    }

    // The process goes on within its write and then learns that it lost the right to trade: nobody hears the answer.
    private void WriteLate(LegId leg, OrderRequest order, DateTimeOffset expiry)
    {
        var (id, signed) = (order.ClientOrderId.Value, Signed(order));
        world.Trace.Note("order leaves late", id, signed, leg.ToString());
        world.Checker.LeavesLate(leg.ToString(), id, signed, TakenUntil(expiry));
        Call(leg, order, expiry, () => false, _ => { });
    }

    private DateTimeOffset TakenUntil(DateTimeOffset expiry) =>
        world.Scenario.Venue.HonoursExpiry && world.Scenario.Bug != PlantedBug.ExpiryNotTold ? expiry : DateTimeOffset.MaxValue;

    private static decimal Signed(OrderRequest order) => order.Side == Domain.Terminals.OrderSide.Buy ? order.Quantity.Value : -order.Quantity.Value;

    private void Call(LegId leg, OrderRequest order, DateTimeOffset expiry, Func<bool> lives, Action<SubmitOutcome> answer)
    {
        var id = order.ClientOrderId.Value;
        world.Network.Call<SubmitOutcome>(
            Submits, lives, respond => world.Venue.Submit(order, TakenUntil(expiry), respond), answer, why => answer(new SubmitOutcome.Unknown(why)),
            () => world.Checker.OnItsWay(leg.ToString(), id), () => world.Checker.OffTheWire(leg.ToString(), id));
    }
}
