using System.Collections.Immutable;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Host.Tests.Api;

internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static HostStatus Status() => new(Noon, [Terminal()], [Connector()], Complete: true);

    public static TerminalStatus Terminal() => new(
        new TerminalId(5012345, "MetaQuotes-Demo"),
        MarginMode.Netting,
        Connected: true,
        Synchronised: true,
        Deals: 12,
        [new StreamStatus(
            new Magic(1001), 12, 987654321012, LevelKnowledge.Known,
            ImmutableSortedDictionary<SymbolName, Level>.Empty
                .Add(new SymbolName("BTCUSD"), Level.OfNet(new Lots(0.30m)))
                .Add(new SymbolName("EURUSD"), Level.Flat))],
        []);

    public static ConnectorStatus Connector(PlanView? plan = null, params LegView[] legs) => new(
        new ConnectorId("binance-1"),
        "My Binance",
        "binance-spot",
        "acc-7",
        ConnectorState.Running,
        "",
        legs.Length == 0 ? [Leg()] : [.. legs],
        plan,
        ImmutableSortedDictionary<SymbolName, string>.Empty,
        [],
        3,
        Noon,
        Busy: false);

    public static LegView Leg(string holding = "BTC", string instrument = "BTC/USDT", decimal residual = 0.0000000000000000000000000001m) => new(
        new LegId(holding, PositionSide.Net),
        new InstrumentId(instrument),
        new Contracts(0.30m),
        new Contracts(0.30m),
        new Contracts(0.30m),
        ActualKnown: true,
        residual,
        Contracts.Zero,
        Contracts.Zero,
        Contracts.Zero,
        Contracts.Zero,
        OrderPhase.None,
        null,
        "idle",
        "",
        null,
        Converged: true,
        3,
        LevelKnowledge.Known,
        Reducing: false,
        LastSyncId: null);

    public static PlanView Plan() => new(
        "p-1",
        new ConnectorId("binance-1"),
        "first sync",
        SyncScope.StreamLegs,
        [new SyncProposal(
            new LegId("BTC", PositionSide.Net), new InstrumentId("BTC/USDT"), OrderSide.Buy, new Contracts(0.3m), Contracts.Zero, new Contracts(0.3m), false, "MT5 holds something else", null)],
        Noon);
}
