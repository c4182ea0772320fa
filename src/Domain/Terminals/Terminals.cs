using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Domain.Terminals;

/// <summary>How an MT5 account keeps positions.</summary>
public enum MarginMode
{
    /// <summary>One position a symbol.</summary>
    Netting,

    /// <summary>One position a symbol, exchange margin rules; kept like netting.</summary>
    Exchange,

    /// <summary>Any number of positions a symbol, long and short together.</summary>
    Hedging,
}

/// <summary>Buy or sell.</summary>
public enum OrderSide
{
    /// <summary>Raises a signed position.</summary>
    Buy,

    /// <summary>Lowers a signed position.</summary>
    Sell,
}

/// <summary>What a deal did to its position.</summary>
public enum DealEntry
{
    /// <summary>Opened or added.</summary>
    In,

    /// <summary>Closed, wholly or in part.</summary>
    Out,

    /// <summary>Turned the position round (netting).</summary>
    InOut,

    /// <summary>Closed by an opposite position (hedging).</summary>
    OutBy,
}

/// <summary>What caused a deal.</summary>
public enum DealReason
{
    /// <summary>Anything that has no name of its own.</summary>
    Other,

    /// <summary>By hand in the desktop terminal.</summary>
    Client,

    /// <summary>By hand in the mobile terminal.</summary>
    Mobile,

    /// <summary>By hand in the web terminal.</summary>
    Web,

    /// <summary>By an Expert Advisor or script.</summary>
    Expert,

    /// <summary>Stop loss.</summary>
    StopLoss,

    /// <summary>Take profit.</summary>
    TakeProfit,

    /// <summary>Stop-out.</summary>
    StopOut,

    /// <summary>Rollover.</summary>
    Rollover,
}

/// <summary>What the terminal says about a symbol.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="ContractSize">Base units a lot, above zero.</param>
/// <param name="VolumeMin">Smallest volume in lots.</param>
/// <param name="VolumeStep">Step of volume in lots, above zero.</param>
/// <param name="BaseCurrency">Base currency; may be empty.</param>
/// <param name="ProfitCurrency">Profit (quote) currency; may be empty.</param>
/// <param name="MarginCurrency">Margin currency; may be empty.</param>
/// <param name="Digits">Decimals of a price.</param>
/// <param name="CalcMode">The terminal's name of the calculation mode.</param>
/// <param name="Path">The symbol's place in the terminal's tree.</param>
/// <param name="Description">The symbol's description.</param>
public sealed record SymbolFacts(
    SymbolName Name,
    decimal ContractSize,
    Lots VolumeMin,
    Lots VolumeStep,
    string BaseCurrency,
    string ProfitCurrency,
    string MarginCurrency,
    int Digits,
    string CalcMode,
    string Path,
    string Description);

/// <summary>Lots that a stream holds in one symbol. On a netting account one of the two is zero.</summary>
/// <param name="Long">Long lots, never below zero.</param>
/// <param name="Short">Short lots, never below zero.</param>
public readonly record struct Level(Lots Long, Lots Short)
{
    /// <summary>Nothing held.</summary>
    public static Level Flat => default;

    /// <summary>Long less short.</summary>
    public Lots Net => Long - Short;

    /// <summary>True when nothing is held on either side.</summary>
    public bool IsFlat => Long.Value == 0m && Short.Value == 0m;

    /// <summary>The level of a signed net figure.</summary>
    public static Level OfNet(Lots net) => net.Value >= 0m ? new Level(net, default) : new Level(default, new Lots(-net.Value));

    /// <inheritdoc/>
    public override string ToString() => $"long {Long}, short {Short}";
}

/// <summary>One deal of a terminal, as its trade history has it.</summary>
/// <param name="Ticket">The deal's ticket, above zero, unique in the terminal.</param>
/// <param name="Order">The order's ticket, 0 if none.</param>
/// <param name="Position">The position's id, 0 if unknown.</param>
/// <param name="Magic">The magic written on the deal.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Entry">What it did.</param>
/// <param name="Volume">Lots, above zero.</param>
/// <param name="Price">Price; 0 when the source has none.</param>
/// <param name="Time">Server time in milliseconds since 1970.</param>
/// <param name="Reason">What caused it.</param>
/// <param name="Commission">Commission in account currency.</param>
/// <param name="Comment">The deal's comment.</param>
public sealed record Deal(
    long Ticket,
    long Order,
    long Position,
    Magic Magic,
    SymbolName Symbol,
    OrderSide Side,
    DealEntry Entry,
    Lots Volume,
    decimal Price,
    long Time,
    DealReason Reason,
    decimal Commission,
    string Comment)
{
    /// <summary>Volume with the sign of the side: buy positive.</summary>
    public Lots Signed => Side == OrderSide.Buy ? Volume : new Lots(-Volume.Value);
}
