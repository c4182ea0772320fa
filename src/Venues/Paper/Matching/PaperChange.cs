using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Paper.Matching;

/// <summary>One change of the venue's state: what a transaction stores and what a start reads back.</summary>
internal abstract record PaperChange
{
    private PaperChange()
    {
    }

    internal sealed record InstrumentPut(PaperProduct Product, Instrument Instrument) : PaperChange;

    /// <summary>Fed by someone, or else the reference price of an order.</summary>
    internal sealed record PricePut(PaperProduct Product, InstrumentId Instrument, decimal Price, bool Fed) : PaperChange;

    internal sealed record AccountPut(PaperAccount Account) : PaperChange;

    internal sealed record HoldingPut(PaperAccountKey Account, LegId Leg, decimal Quantity, long Sequence) : PaperChange;

    internal sealed record OrderPut(PaperOrder Order) : PaperChange;

    internal sealed record FillAdded(PaperFill Fill) : PaperChange;

    /// <summary>The order and its fills are forgotten.</summary>
    internal sealed record OrderForgotten(long Number) : PaperChange;

    internal sealed record FillForgotten(long Number) : PaperChange;

    /// <summary>Every id of this prefix up to the counter counts as used, though its order is forgotten.</summary>
    internal sealed record IdsForgotten(PaperAccountKey Account, string Prefix, string LastCounter) : PaperChange;

    internal sealed record NumbersPut(long LastOrder, long LastFill) : PaperChange;
}
