using Akka.Actor;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Mapping;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Actors.Venue;

// What the venue tells by itself.
public sealed partial class VenueActor
{
    private CancellationTokenSource? _stream;
    private long _streams;

    private void HandleStream()
    {
        Command<VenueSaid>(said =>
        {
            said.Taken();
            if (said.Stream == _streams) TakeVenueEvent(said.Event);
        });
        Command<StreamEnded>(ended =>
        {
            if (ended.Stream == _streams) LoseLine($"the venue's event stream ended: {ended.Why}");
        });
    }

    private void Listen()
    {
        if (!_gateway.Capabilities.Streams) return;
        _stream = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        _ = VenueStream.FollowAsync(_gateway, Self, _streams, _stream.Token);
    }

    // What it told and nobody has taken yet is of an older number.
    private void EndStream()
    {
        _streams++;
        _stream?.Cancel();
        _stream?.Dispose();
        _stream = null;
    }

    private void TakeVenueEvent(VenueEvent e)
    {
        switch (e)
        {
            case VenueEvent.OrderChanged changed:
                RouteReport(changed.Report);
                break;
            case VenueEvent.TakenByVenue taken:
                if (_legs.TryGetValue(taken.Leg, out var leg))
                {
                    leg.Taken = taken.Why;
                    if (leg.Asleep) Wake(leg);
                    leg.Ref?.Tell(new LegInput.TakenByVenue(taken.Why));
                }
                ReadAgain();
                break;
            case VenueEvent.HoldingsChanged:
                ReadAgain();
                break;
            case VenueEvent.Gap:
                if (_line == ConnectorState.Running) ReadOpenOrders();
                ReadAgain();
                break;
            case VenueEvent.InstrumentChanged instrument:
                _instruments = _instruments.SetItem(instrument.Instrument.Id, instrument.Instrument);
                _mapping.Tell(new InstrumentsListed([.. _instruments.Values]));
                foreach (var l in _legs.Values.Where(l => l.Instrument == instrument.Instrument.Id)) Configure(l);
                break;
            case VenueEvent.ForeignOrder:
                break;
        }
    }

    // While connecting, the account is read in its turn: only after the open orders, so that nothing is traded before a stranger is known.
    private void ReadAgain()
    {
        if (_line == ConnectorState.Running || IsUnderWay(HoldingsCall)) ReadHoldings();
    }
}
