using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Paper;

/// <summary>How a simulated venue is set up.</summary>
public sealed record PaperExchangeOptions
{
    /// <summary>The SQLite file; null = kept in memory only. Only one process may have it open.</summary>
    public string? DataFile { get; init; }

    /// <summary>The venue's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seed of the chances in <see cref="Misbehaviour.PaperMisbehaviour"/>.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The name that makes account ids unique among venues; null = random, stored with the data.</summary>
    public string? ExchangeId { get; init; }

    /// <summary>Closed orders are forgotten when there are more orders than this; at least 1, default 100,000.</summary>
    public int OrderMemory { get; init; } = 100_000;

    /// <summary>Closed orders are forgotten after this time; default 90 days.</summary>
    public TimeSpan OrderMemoryAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Requests that may wait at the exchange; further ones wait for room. Default 10,000.</summary>
    public int QueueLength { get; init; } = 10_000;

    /// <summary>Most requests that share one transaction; default 256.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Events that may wait for one reader of a stream; more end in one <see cref="VenueEvent.Gap"/>. Default 1,024.</summary>
    public int StreamBuffer { get; init; } = 1_024;

    /// <summary>The oldest stream of an account ends when there are more than this; default 16.</summary>
    public int StreamsPerAccount { get; init; } = 16;

    /// <summary>Most accounts; default 1,000.</summary>
    public int MaxAccounts { get; init; } = 1_000;

    /// <summary>Most instruments a product; default 10,000.</summary>
    public int MaxInstruments { get; init; } = 10_000;

    /// <summary>Most open orders an account; default 1,000.</summary>
    public int MaxOpenOrders { get; init; } = 1_000;
}

/// <summary>How an account at the simulated venue is kept.</summary>
public sealed record PaperAccountOptions
{
    /// <summary>Fee as a part of the notional where none is set: 0.1 % on spot.</summary>
    public const decimal DefaultSpotFeeRate = 0.001m;

    /// <summary>Fee as a part of the notional where none is set: 0.05 % on futures.</summary>
    public const decimal DefaultFuturesFeeRate = 0.0005m;

    /// <summary>What a new spot account holds of every quote asset where nothing is set.</summary>
    public const decimal DefaultQuoteBalance = 1_000_000m;

    /// <summary>One-way or hedge (futures only); null = as it is, one-way for a new account.</summary>
    public PositionMode? PositionMode { get; init; }

    /// <summary>Fee as a part of the notional, 0 to 0.1; null = as it is, the product's default for a new account.</summary>
    public decimal? FeeRate { get; init; }

    /// <summary>What a new spot account holds of every quote asset, not below zero; null = the default. A known account keeps what it has.</summary>
    public decimal? QuoteBalance { get; init; }
}
