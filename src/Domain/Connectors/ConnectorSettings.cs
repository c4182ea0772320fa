using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Domain.Connectors;

/// <summary>Everything a person sets for one connector. Secrets are not here: they are stored apart, encrypted, by connector id.</summary>
public sealed record ConnectorSettings
{
    /// <summary>The connector's id: <c>[a-z0-9][a-z0-9-]{0,31}</c>, never reused.</summary>
    public required ConnectorId Id { get; init; }

    /// <summary>Who owns it.</summary>
    public OrganizationId Organization { get; init; } = OrganizationId.Local;

    /// <summary>The name a person gave it.</summary>
    public required string Name { get; init; }

    /// <summary>Four characters of <c>[a-z0-9]</c>, unique among all connectors ever made: the first part of each client order id.</summary>
    public required string Tag { get; init; }

    /// <summary>The venue product, for example <c>paper-futures</c> or <c>paper-spot</c>.</summary>
    public required string Venue { get; init; }

    /// <summary>Whether it is started with the host.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Where the venue's API is: an address, or the name of one of the product's networks (<c>testnet</c>, …); empty = the product's own, live. For Paper: the
    /// address of a <c>paper</c> process; empty = inside the host.
    /// </summary>
    public string ApiUrl { get; init; } = "";

    /// <summary>Which account at the venue (Paper: its name). Empty = the default one of the credentials.</summary>
    public string Account { get; init; } = "";

    /// <summary>Venue-specific settings by name (for example Paper's position mode and fee rate).</summary>
    public ImmutableSortedDictionary<string, string> VenueOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Which streams feed it. Empty = nothing.</summary>
    public ImmutableArray<Route> Routes { get; init; } = [];

    /// <summary>Overrides of the symbol mapping.</summary>
    public ImmutableArray<MappingOverride> Mapping { get; init; } = [];

    /// <summary>Takes the place of the MT5 profit currency when an instrument is looked for; empty = no replacement, null = as the product has it.</summary>
    public string? QuoteCurrency { get; init; }

    /// <summary>The MT5 profit currency that <see cref="QuoteCurrency"/> replaces; empty = no replacement, null = as the product has it.</summary>
    public string? ProfitCurrency { get; init; }

    /// <summary>At start every leg in scope is driven to what MT5 holds; nothing is foreign or uncopied. Off by default.</summary>
    public bool SyncAtStartup { get; init; }

    /// <summary>Which legs a startup or periodic sync concerns.</summary>
    public SyncScope SyncScope { get; init; } = SyncScope.StreamLegs;

    /// <summary>A sync leaves alone what was at the venue before the connector.</summary>
    public bool KeepForeignHoldings { get; init; }

    /// <summary>Netting of hedging streams: allow a venue in one-way mode to be fed by a hedging terminal (long less short). Off by default.</summary>
    public bool AllowNetting { get; init; }

    /// <summary>Show the first orders and those of a sync, and wait for a yes. On for real venues.</summary>
    public bool PlanFirst { get; init; } = true;

    /// <summary>How many new orders may follow a refused or unfilled one; 0 to 100, default 3.</summary>
    public int MaxOrderResubmitTries { get; init; } = 3;

    /// <summary>Not filled within this time: cancelled. 1 s to 1 h, default 30 s.</summary>
    public TimeSpan OrderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an order may wait before its first byte leaves (and at the venue, where it has an expiry). 1 s to 60 s, default 5 s.</summary>
    public TimeSpan OrderValidity { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause between attempts to connect; first attempts are sooner. 1 s to 1 h, default 300 s.</summary>
    public TimeSpan ReconnectionInterval { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Pause between syncs; zero = never. Default 180 s.</summary>
    public TimeSpan PositionSyncPeriod { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Limits that stop increasing orders, never reducing ones.</summary>
    public GuardRails GuardRails { get; init; } = new();
}

/// <summary>Which streams feed a connector, and how strongly.</summary>
/// <param name="Terminal"><c>login@server</c>, or <c>*</c> for every terminal.</param>
/// <param name="Magics">The magics; empty = every magic of the terminal (never −1).</param>
/// <param name="Multiplier">Above zero; 1 copies as it is.</param>
public sealed record Route(string Terminal, ImmutableArray<long> Magics, decimal Multiplier = 1m)
{
    /// <summary>The magics; empty = every magic of the terminal (never −1).</summary>
    public ImmutableArray<long> Magics { get; init; } = Magics.IsDefault ? [] : Magics;

    /// <summary>True when the stream is fed by this route.</summary>
    public bool Covers(StreamId stream) =>
        stream.Magic != Magic.Unattributed
        && (Terminal == "*" || string.Equals(Terminal, stream.Terminal.ToString(), StringComparison.Ordinal))
        && (Magics.IsEmpty || Magics.Contains(stream.Magic.Value));
}

/// <summary>A person's mapping of one MT5 symbol.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Instrument">The venue's symbol; null = this symbol is not traded here.</param>
/// <param name="Scale">MT5 base units that one base unit of the instrument stands for (1000 for 1000PEPE); above zero.</param>
public sealed record MappingOverride(SymbolName Symbol, InstrumentId? Instrument, decimal Scale = 1m);

/// <summary>Which legs a sync concerns.</summary>
public enum SyncScope
{
    /// <summary>Legs that a routed stream ever held.</summary>
    StreamLegs,

    /// <summary>Everything the account holds: what MT5 does not hold is closed.</summary>
    WholeAccount,
}

/// <summary>Limits per connector. They never stop a reducing order; null or empty = no limit.</summary>
public sealed record GuardRails
{
    /// <summary>Largest notional of one increasing order, in quote currency.</summary>
    public decimal? MaxOrderNotional { get; init; }

    /// <summary>Largest notional of a leg's position, in quote currency.</summary>
    public decimal? MaxPositionNotional { get; init; }

    /// <summary>Increasing orders a minute and leg; default 30.</summary>
    public int MaxOrdersPerMinute { get; init; } = 30;

    /// <summary>Instruments that may be traded; empty = all.</summary>
    public ImmutableArray<InstrumentId> AllowedInstruments { get; init; } = [];

    /// <summary>Only orders that reduce.</summary>
    public bool CloseOnly { get; init; }
}
