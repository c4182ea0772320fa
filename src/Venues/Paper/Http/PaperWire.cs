using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>A refusal: class is a <see cref="RejectionClass"/> or <see cref="FailureKind"/> in camelCase.</summary>
internal sealed record ErrorWire(string Class, string Code, string Text, long? RetryAfterMs = null);

internal sealed record AccountWire(string AccountId, PositionMode PositionMode, ImmutableArray<string> Warnings)
{
    internal static AccountWire Of(VenueAccount a) => new(a.AccountId, a.PositionMode, a.Warnings);

    internal VenueAccount ToDomain() => new(AccountId, PositionMode, Warnings);
}

internal sealed record AccountOptionsWire(PositionMode? PositionMode = null, decimal? FeeRate = null, decimal? QuoteBalance = null)
{
    internal static AccountOptionsWire Of(PaperAccountOptions o) => new(o.PositionMode, o.FeeRate, o.QuoteBalance);

    internal PaperAccountOptions ToDomain() => new() { PositionMode = PositionMode, FeeRate = FeeRate, QuoteBalance = QuoteBalance };
}

internal sealed record InstrumentWire(
    string Id,
    string Base,
    string Quote,
    decimal LotStep,
    decimal ContractSize = 1m,
    decimal MinQuantity = 0m,
    decimal? MaxQuantity = null,
    decimal MinNotional = 0m,
    decimal Tick = 0m,
    InstrumentStatus Status = InstrumentStatus.Trading)
{
    internal static InstrumentWire Of(Instrument i) =>
        new(i.Id.Value, i.Base.Value, i.Quote.Value, i.LotStep, i.ContractSize, i.MinQuantity, i.MaxQuantity, i.MinNotional, i.Tick, i.Status);

    internal Instrument ToDomain(PaperProduct product) => new(
        new InstrumentId(Id), product.Kind(), new AssetName(Base), new AssetName(Quote), ContractSize, LotStep, MinQuantity, MaxQuantity, MinNotional, Tick, Status);
}

internal sealed record SymbolWire(
    string Name,
    decimal ContractSize,
    decimal VolumeMin,
    decimal VolumeStep,
    string BaseCurrency = "",
    string ProfitCurrency = "",
    string MarginCurrency = "",
    int Digits = 0,
    string CalcMode = "",
    string Path = "",
    string Description = "")
{
    internal static SymbolWire Of(SymbolFacts s) => new(
        s.Name.Value, s.ContractSize, s.VolumeMin.Value, s.VolumeStep.Value, s.BaseCurrency, s.ProfitCurrency, s.MarginCurrency, s.Digits, s.CalcMode, s.Path, s.Description);

    internal SymbolFacts ToDomain() => new(
        new SymbolName(Name), ContractSize, new Lots(VolumeMin), new Lots(VolumeStep), BaseCurrency, ProfitCurrency, MarginCurrency, Digits, CalcMode, Path, Description);
}

/// <summary>Exactly one of the two is given.</summary>
internal sealed record ListWire(InstrumentWire? Instrument = null, SymbolWire? Symbol = null);

internal sealed record HoldingWire(string Name, PositionSide Side, decimal Quantity, decimal? Free = null, long? Sequence = null)
{
    internal static HoldingWire Of(Holding h) => new(h.Name, h.Side, h.Quantity.Value, h.Free?.Value, h.Sequence);

    internal Holding ToDomain() => new(Name, Side, new Contracts(Quantity), Free is { } free ? new Contracts(free) : null, Sequence);
}

internal sealed record OrderWire(
    string ClientOrderId,
    string Instrument,
    OrderSide Side,
    decimal Quantity,
    DateTimeOffset NotAfter,
    PositionSide PositionSide = PositionSide.Net,
    bool ReduceOnly = false,
    decimal? ReferencePrice = null)
{
    internal static OrderWire Of(OrderRequest o) => new(
        o.ClientOrderId.Value, o.Instrument.Value, o.Side, o.Quantity.Value, o.NotAfter, o.PositionSide, o.ReduceOnly, o.ReferencePrice?.Value);

    internal OrderRequest ToDomain() => new(
        new ClientOrderId(ClientOrderId), new InstrumentId(Instrument), PositionSide, Side, new Contracts(Quantity), ReduceOnly, NotAfter, ReferencePrice is { } price ? new Price(price) : null);
}

internal sealed record FeeWire(string Asset, decimal Amount);

internal sealed record ReportWire(
    string ClientOrderId,
    string VenueOrderId,
    string Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    decimal Quantity,
    OrderStatus Status,
    decimal Filled,
    decimal FeeInBase,
    ImmutableArray<FeeWire> Fees,
    decimal? AveragePrice = null,
    DateTimeOffset? CreatedAt = null,
    long? Number = null,
    DateTimeOffset? UpdatedAt = null)
{
    internal static ReportWire Of(OrderReport r) => new(
        r.ClientOrderId.Value, r.VenueOrderId, r.Instrument.Value, r.PositionSide, r.Side, r.Quantity.Value, r.Status, r.Filled.Value, r.FeeInBase.Value,
        [.. r.Fees.Select(f => new FeeWire(f.Asset.Value, f.Amount))], r.AveragePrice?.Value, r.CreatedAt);

    internal static ReportWire Of(PaperOrder o) => Of(o.Report) with { Number = o.Number, UpdatedAt = o.UpdatedAt };

    internal OrderReport ToDomain() => new(
        new ClientOrderId(ClientOrderId), VenueOrderId, new InstrumentId(Instrument), PositionSide, Side, new Contracts(Quantity), Status, new Contracts(Filled),
        AveragePrice is { } price ? new Price(price) : null, new Contracts(FeeInBase), [.. Fees.Select(f => new Fee(new AssetName(f.Asset), f.Amount))], CreatedAt);
}

/// <summary>A page of orders; next is null after the last page.</summary>
internal sealed record OrdersWire(ImmutableArray<ReportWire> Orders, long? Next = null);

internal sealed record FillWire(
    long Number,
    long Order,
    PaperTradeKind Kind,
    string Instrument,
    PositionSide PositionSide,
    OrderSide Side,
    decimal Quantity,
    decimal Price,
    FeeWire Fee,
    long Sequence,
    DateTimeOffset At)
{
    internal static FillWire Of(PaperFill f) => new(
        f.Number, f.Order, f.Kind, f.Instrument.Value, f.PositionSide, f.Side, f.Quantity.Value, f.Price.Value, new FeeWire(f.Fee.Asset.Value, f.Fee.Amount), f.Sequence, f.At);
}

internal sealed record FillsWire(ImmutableArray<FillWire> Fills, long? Next = null);

internal sealed record PriceWire(string Instrument, decimal Price);

internal sealed record TradeWire(
    string Instrument,
    OrderSide Side,
    decimal Quantity,
    PositionSide PositionSide = PositionSide.Net,
    PaperTradeKind Kind = PaperTradeKind.ByHand,
    decimal? Price = null,
    bool Quiet = false)
{
    internal PaperTrade ToDomain() => new(
        Kind, new InstrumentId(Instrument), PositionSide, Side, new Contracts(Quantity), Price is { } price ? new Price(price) : null, Quiet);
}

/// <summary>One event; which members are there depends on the type.</summary>
internal sealed record EventWire(
    string Type,
    ReportWire? Report = null,
    InstrumentWire? Instrument = null,
    string? ClientOrderId = null,
    string? Symbol = null,
    PositionSide? Side = null,
    string? Why = null)
{
    internal static EventWire Of(VenueEvent what) => what switch
    {
        VenueEvent.OrderChanged e => new("orderChanged", Report: ReportWire.Of(e.Report)),
        VenueEvent.ForeignOrder e => new("foreignOrder", ClientOrderId: e.ClientOrderId, Symbol: e.Instrument.Value),
        VenueEvent.HoldingsChanged e => new("holdingsChanged", Why: e.Why),
        VenueEvent.TakenByVenue e => new("takenByVenue", Symbol: e.Leg.Holding, Side: e.Leg.Side, Why: e.Why),
        VenueEvent.InstrumentChanged e => new("instrumentChanged", Instrument: InstrumentWire.Of(e.Instrument)),
        VenueEvent.Gap e => new("gap", Why: e.Why),
        _ => throw new InvalidOperationException($"No wire form of {what.GetType().Name}."),
    };

    /// <summary>An event of an unknown type says that something happened: a gap.</summary>
    internal VenueEvent ToDomain(PaperProduct product) => this switch
    {
        { Type: "orderChanged", Report: { } report } => new VenueEvent.OrderChanged(report.ToDomain()),
        { Type: "foreignOrder", Symbol: { } symbol } => new VenueEvent.ForeignOrder(ClientOrderId ?? string.Empty, new InstrumentId(symbol)),
        { Type: "holdingsChanged" } => new VenueEvent.HoldingsChanged(Why ?? string.Empty),
        { Type: "takenByVenue", Symbol: { } symbol, Side: { } side } => new VenueEvent.TakenByVenue(new LegId(symbol, side), Why ?? string.Empty),
        { Type: "instrumentChanged", Instrument: { } instrument } => new VenueEvent.InstrumentChanged(instrument.ToDomain(product)),
        { Type: "gap" } => new VenueEvent.Gap(Why ?? string.Empty),
        _ => new VenueEvent.Gap($"An event '{Type}' could not be understood: read holdings and open orders anew."),
    };
}
