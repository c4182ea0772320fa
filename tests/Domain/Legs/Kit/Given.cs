using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Domain.Tests.Legs.Kit;

/// <summary>Plain things to build a test from; a test changes with <c>with</c> what it is about.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The monotonic clock at <see cref="Start"/>.</summary>
    public static readonly Uptime Clock = new(TimeSpan.FromHours(3));

    public static readonly TerminalId Terminal = new(1001, "Demo-Server");

    /// <summary>One lot is one contract, traded in whole contracts.</summary>
    public static Instrument Future { get; } = new(
        new("BTCUSDT"), ProductKind.Derivative, new("BTC"), new("USDT"), ContractSize: 1m, LotStep: 1m, MinQuantity: 1m, MaxQuantity: null, MinNotional: 0m, Tick: 0.1m, InstrumentStatus.Trading);

    /// <summary>One lot is one base unit, traded in hundredths.</summary>
    public static Instrument Coin { get; } = Future with { Id = new("BTC-USDT"), Kind = ProductKind.Spot, LotStep = 0.01m, MinQuantity = 0.01m };

    public static VenueRules Rules { get; } = new(
        ProductKind.Derivative,
        VisibilityDelay: TimeSpan.FromSeconds(2),
        Memory: TimeSpan.FromMinutes(10),
        QuietPeriod: TimeSpan.FromSeconds(3),
        OffersReduceOnly: true,
        ClosesBelowMinimum: false,
        CrossesZeroInOneOrder: true,
        HonoursExpiry: true);

    /// <summary>Nothing is foreign or uncopied; no guard rail is near.</summary>
    public static LegLimits Limits { get; } = new(3, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), SyncAtStartup: true, new GuardRails { MaxOrdersPerMinute = 1000 });

    public static SyncOptions PeriodicSync { get; } = new("periodic-1", EndUncopied: true, EndForeign: true, AcceptScale: false, ByPerson: false);

    public static SyncOptions PersonsSync { get; } = new("by-hand-1", EndUncopied: true, EndForeign: true, AcceptScale: true, ByPerson: true);

    public static Contracts C(decimal contracts) => new(contracts);

    public static LegConfiguration Configuration(decimal held = 0m, Instrument? instrument = null, VenueRules? rules = null, LegLimits? limits = null) =>
        new(instrument ?? Future, (rules ?? Rules) with { Kind = (instrument ?? Future).Kind }, limits ?? Limits, C(held));

    public static SourceId Source(long magic, string symbol = "BTCUSD") => new(new StreamId(Terminal, new Magic(magic)), new SymbolName(symbol));

    /// <summary>A source with a net level; <paramref name="seq"/> orders the levels of a source.</summary>
    public static Contribution Lots(
        decimal net, long magic = 1, LevelKnowledge knowledge = LevelKnowledge.Known, long seq = 1, decimal perLot = 1m, decimal preexisting = 0m, string symbol = "BTCUSD") =>
        new(Source(magic, symbol), Level.OfNet(new Lots(net)), knowledge, new LevelVersion(1, seq), perLot, Level.OfNet(new Lots(preexisting)), []);

    /// <summary>A source of a hedging account.</summary>
    public static Contribution Hedged(decimal @long, decimal @short, long magic = 1, long seq = 1) =>
        new(Source(magic), new Level(new Lots(@long), new Lots(@short)), LevelKnowledge.Known, new LevelVersion(1, seq), 1m, Level.Flat, []);

    public static Rejection Rejection(RejectionClass @class, TimeSpan? retryAfter = null) => new(@class, "-1000", $"the venue says {@class}", retryAfter);

    public static ImmutableArray<T> Just<T>(params T[] items) => [.. items];
}
