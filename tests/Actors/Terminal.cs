using System.Collections.Concurrent;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Tests;

/// <summary>A terminal's session as the test plays it.</summary>
public sealed class Terminal(long sessionId) : ITerminalSession
{
    private readonly ConcurrentQueue<HostMessage> _said = new();
    private long _seq;

    public long SessionId => sessionId;

    public SessionAdmission Admission { get; set; } = null!;

    public long Acknowledged { get; private set; }

    public string? ClosedWith { get; private set; }

    public IReadOnlyCollection<HostMessage> Said => _said;

    public SessionAdmission.Admitted Admitted => (SessionAdmission.Admitted)Admission;

    private ITerminalIntake Intake => Admitted.Intake;

    public long Symbol(string name, decimal contractSize = 1m, string quote = "USD", decimal step = 0.01m) => Say(seq => new SymbolReported(
        seq, new SymbolFacts(new SymbolName(name), contractSize, new Lots(step), new Lots(step), name[..3], quote, quote, 2, "FOREX", "", "")));

    public long Deal(long ticket, long magic, string symbol, OrderSide side, decimal lots, decimal levelNet, decimal price = 100m) => Say(seq => new DealReported(
        seq,
        new Magic(magic),
        new Deal(ticket, ticket, 0, new Magic(magic), new SymbolName(symbol), side, DealEntry.In, new Lots(lots), price, 1_700_000_000_000 + ticket, DealReason.Expert, 0m, ""),
        Level.OfNet(new Lots(levelNet)),
        1_700_000_000_000 + ticket));

    public long Snapshot(params (long Magic, string Symbol, decimal Net)[] positions) => SnapshotUpTo(0, positions);

    public long SnapshotUpTo(long newestDeal, params (long Magic, string Symbol, decimal Net)[] positions) => Say(seq => new SnapshotReported(
        seq,
        [.. positions.Select(p => new ResumePosition(new Magic(p.Magic), new SymbolName(p.Symbol), Level.OfNet(new Lots(p.Net))))],
        positions.GroupBy(p => p.Symbol).ToDictionary(g => new SymbolName(g.Key), g => Level.OfNet(new Lots(g.Sum(p => p.Net)))),
        newestDeal, 0, 0));

    public long HedgeSnapshot(params (long Magic, string Symbol, decimal Long, decimal Short)[] positions) => Say(seq => new SnapshotReported(
        seq,
        [.. positions.Select(p => new ResumePosition(new Magic(p.Magic), new SymbolName(p.Symbol), new Level(new Lots(p.Long), new Lots(p.Short))))],
        positions.ToDictionary(p => new SymbolName(p.Symbol), p => new Level(new Lots(p.Long), new Lots(p.Short))),
        0, 0, 0));

    public long Press(string id, string? connector, bool pause) => Say(seq => new PauseRequested(seq, id, connector, pause));

    public void End(string reason = "test") => Intake.Closed(reason);

    void ITerminalSession.Acknowledge(long seq) => Acknowledged = Math.Max(Acknowledged, seq);

    void ITerminalSession.Send(HostMessage message) => _said.Enqueue(message);

    void ITerminalSession.Close(string reason) => ClosedWith = reason;

    private long Say(Func<long, FeedMessage> make)
    {
        var seq = ++_seq;
        Intake.Receive(make(seq));
        return seq;
    }
}
