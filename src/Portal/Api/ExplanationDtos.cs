namespace CSMultiConnector.Portal.Api;

/// <summary>Why a leg holds what it holds.</summary>
/// <param name="Connector">The connector.</param>
/// <param name="Leg"><c>holding:Side</c>.</param>
/// <param name="Now">The leg at this moment; null when no host runs that could say.</param>
/// <param name="Orders">The newest orders, newest first.</param>
/// <param name="Events">What else happened to the leg, newest first.</param>
/// <param name="Lease">Who has the right to trade at this moment.</param>
public sealed record ExplanationDto(
    string Connector,
    string Leg,
    LegDto? Now,
    IReadOnlyList<ExplainedOrderDto> Orders,
    IReadOnlyList<ExplainedEventDto> Events,
    LeaseDto? Lease = null);

/// <summary>One order and what led to it. Quantities are contracts.</summary>
/// <param name="ClientOrderId">Our id.</param>
/// <param name="Number">Counts the orders of the leg from 1.</param>
/// <param name="DecidedAt">When it was decided (UTC).</param>
/// <param name="Instrument">What was traded.</param>
/// <param name="Side">buy or sell.</param>
/// <param name="Quantity">Contracts ordered.</param>
/// <param name="ReduceOnly">It could only shrink the leg.</param>
/// <param name="Reason">What led to it.</param>
/// <param name="Filled">Contracts filled, as far as known.</param>
/// <param name="AveragePrice">Average fill price; null while nothing filled.</param>
/// <param name="End">filled, unfilled, rejected, deniedLocally, neverPlaced, settledByReading; null while in flight.</param>
/// <param name="Steps">What became of it, in order.</param>
public sealed record ExplainedOrderDto(
    string ClientOrderId,
    long Number,
    DateTimeOffset DecidedAt,
    string Instrument,
    string Side,
    decimal Quantity,
    bool ReduceOnly,
    OrderReasonDto Reason,
    decimal Filled,
    decimal? AveragePrice,
    string? End,
    IReadOnlyList<ExplainedEventDto> Steps);

/// <summary>How the goal of an order came about: goal = target − uncopied + foreign + drift.</summary>
/// <param name="Contributions">What each stream asked.</param>
/// <param name="TargetExact">Their sum before rounding.</param>
/// <param name="Target">Rounded toward zero to the lot step.</param>
/// <param name="RoundingResidual">Exact less rounded.</param>
/// <param name="Uncopied">Part of the target that is not copied.</param>
/// <param name="Foreign">Holdings from before the connector.</param>
/// <param name="Drift">Changes that none of our fills explains.</param>
/// <param name="Goal">What the leg was driven to.</param>
/// <param name="Actual">What it held.</param>
/// <param name="ContractSize">Base units a contract.</param>
public sealed record OrderReasonDto(
    IReadOnlyList<ContributionDto> Contributions,
    decimal TargetExact,
    decimal Target,
    decimal RoundingResidual,
    decimal Uncopied,
    decimal Foreign,
    decimal Drift,
    decimal Goal,
    decimal Actual,
    decimal ContractSize);

/// <summary>What one stream asked of a leg.</summary>
/// <param name="Terminal"><c>login@server</c>.</param>
/// <param name="Magic">The stream's magic.</param>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Long">Long lots.</param>
/// <param name="Short">Short lots.</param>
/// <param name="BaseUnitsPerLot">MT5 contract size × multiplier × mapping scale.</param>
/// <param name="Contracts">Its part of the exact target.</param>
/// <param name="Knowledge">known, stale, unknown, unfed.</param>
/// <param name="Deals">Tickets of the newest deals behind the level.</param>
public sealed record ContributionDto(
    string Terminal,
    long Magic,
    string Symbol,
    decimal Long,
    decimal Short,
    decimal BaseUnitsPerLot,
    decimal Contracts,
    string Knowledge,
    IReadOnlyList<long> Deals);

/// <summary>Something that happened.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Kind">What kind of event.</param>
/// <param name="Text">For a person.</param>
public sealed record ExplainedEventDto(DateTimeOffset At, string Kind, string Text);
