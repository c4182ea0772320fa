using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

// What the venue says of orders: ours go to their legs, those of a stranger with our tag pause the connector.
public sealed partial class VenueActor
{
    // Before the first reading of holdings: who else trades here is known before anything is traded.
    private void ReadOpenOrders() => Ask(OpenOrdersCall, _gateway.ReadOpenOrdersAsync, TakeOpenOrders);

    private void TakeOpenOrders(VenueAnswer<ImmutableArray<OrderReport>> answer)
    {
        if (!answer.IsSuccess)
        {
            if (_line != ConnectorState.Running) Fail(answer.Failure);
            else _log.Warning("{0}: the open orders could not be read: {1}", _settings.Id, answer.Failure.Text);
            return;
        }

        foreach (var order in answer.Value.Where(IsStrangers).Take(1)) PauseForStranger(order);
        if (_line != ConnectorState.Running) ReadHoldings();
    }

    private void RouteReport(OrderReport report)
    {
        if (IsStrangers(report))
        {
            PauseForStranger(report);
            return;
        }

        if (!BearsOurTag(report)) return;
        var leg = _legs.Values.FirstOrDefault(l => l.Instrument == report.Instrument && l.Id.Side == report.PositionSide);
        leg?.Ref?.Tell(new LegInput.OrderReported(report));
    }

    private bool BearsOurTag(OrderReport report) => ClientOrderId.IsValid(report.ClientOrderId.Value) && report.ClientOrderId.ConnectorTag == _settings.Tag;

    // Our tag, but a process that our journal does not know: a host on a copy of our data trades the account.
    private bool IsStrangers(OrderReport report) => BearsOurTag(report) && !_state.KnowsProcess(report.ClientOrderId.ProcessTag);

    private void PauseForStranger(OrderReport report) => Critical(
        $"the venue reports order {report.ClientOrderId} with this connector's tag, but no process of this host made it: another host trades this account. Stop one of them, then resume.");
}
