using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Simulation.Hosting;

namespace CSMultiConnector.Simulation.Bugs;

/// <summary>The ports of a leg with one mistake in them.</summary>
internal sealed class BuggyPorts(World world, ILegPorts ports) : ILegPorts
{
    private readonly PlantedBug _bug = world.Scenario.Bug;
    private ClientOrderId? _kept;

    public Moment NextMoment()
    {
        var moment = ports.NextMoment();
        return _bug == PlantedBug.IdNotSpent ? moment with { FreshId = _kept ??= moment.FreshId } : moment;
    }

    public void Persist(IReadOnlyList<JournaledEvent> events, Action stored)
    {
        switch (_bug)
        {
            case PlantedBug.SentBeforeJournaled:
                ports.Persist(events, () => { });
                stored();
                break;
            case PlantedBug.PartOfJournalSkipped:
                ports.Persist([.. events.Where(e => e is not OrderFilled)], stored);
                break;
            default:
                ports.Persist(events, stored);
                break;
        }
    }

    public void Submit(OrderRequest order)
    {
        var sent = _bug switch
        {
            PlantedBug.QuantityChanged => order with { Quantity = order.Quantity + order.Quantity },
            PlantedBug.ReduceOnlyDropped => order with { ReduceOnly = false },
            _ => order,
        };
        ports.Submit(sent);
        if (_bug == PlantedBug.SentTwice) ports.Submit(sent);
    }

    public void LookUp(OrderKey order) => ports.LookUp(order);

    public void Cancel(OrderKey order) => ports.Cancel(order);

    public void RequestReading(string why) => ports.RequestReading(why);

    public void ReportAccountProblem(Rejection rejection) => ports.ReportAccountProblem(rejection);

    public void ReportFundsShort(Rejection rejection) => ports.ReportFundsShort(rejection);

    public void WakeAt(Uptime? moment) => ports.WakeAt(moment);

    public void Changed(LegState state, IReadOnlyList<LegEvent> events) => ports.Changed(state, events);
}
