using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>Decides about logins and takes what terminals say. Implemented by the actors; called by the terminal server.</summary>
public interface ITerminalHub
{
    /// <summary>
    /// A terminal has proved its secret. The answer says where its streams go on, or why it is refused. Lines of the session are
    /// handed to the returned intake only after the server has sent <c>ready</c>.
    /// </summary>
    Task<SessionAdmission> AdmitAsync(TerminalLogin login, ITerminalSession session, CancellationToken cancellation);
}

/// <summary>Takes the lines of one session, in order. Members never block and never throw.</summary>
public interface ITerminalIntake
{
    /// <summary>
    /// One line or one whole snapshot. The hub owes a call of <see cref="ITerminalSession.Acknowledge"/> for it once it is journaled;
    /// while 1,000 lines are owed the server stops reading.
    /// </summary>
    void Receive(FeedMessage message);

    /// <summary>The session is over; nothing follows.</summary>
    void Closed(string reason);
}

/// <summary>One live session, as the hub sees it. Members never block and are safe for concurrent use; a session that is over ignores them.</summary>
public interface ITerminalSession
{
    /// <summary>The session's id, unique in this process and growing: a later session of a terminal has a larger one.</summary>
    long SessionId { get; }

    /// <summary>Everything up to this line is stored; the terminal may forget it.</summary>
    void Acknowledge(long seq);

    /// <summary>Sends a line.</summary>
    void Send(HostMessage message);

    /// <summary>Sends <c>bye</c> with the reason and closes.</summary>
    void Close(string reason);
}

/// <summary>What a terminal said of itself at login.</summary>
/// <param name="Client">The feed client whose secret it proved.</param>
/// <param name="Organization">The client's organization.</param>
/// <param name="Terminal">Account and server.</param>
/// <param name="Margin">How the account keeps positions.</param>
/// <param name="AccountMode">demo, contest or real.</param>
/// <param name="Currency">Account currency.</param>
/// <param name="Build">The terminal's build.</param>
/// <param name="EaVersion">Version of the Expert Advisor.</param>
/// <param name="Magics">The listed magics, in ascending order; [0] when the EA listed none (trades by hand).</param>
/// <param name="StopOnCritical">A critical error stops the connectors fed by this terminal and ends the EA.</param>
/// <param name="Licence">The licence key.</param>
public sealed record TerminalLogin(
    string Client,
    OrganizationId Organization,
    TerminalId Terminal,
    MarginMode Margin,
    string AccountMode,
    string Currency,
    int Build,
    string EaVersion,
    IReadOnlyList<Magic> Magics,
    bool StopOnCritical,
    string Licence);

/// <summary>The hub's answer to a login.</summary>
public abstract record SessionAdmission
{
    private SessionAdmission()
    {
    }

    /// <summary>Go on from here.</summary>
    /// <param name="Intake">Takes the session's lines.</param>
    /// <param name="Resume">One cursor a listed stream (deal 0 at first contact).</param>
    /// <param name="Ledger">Netting and exchange accounts: the ledger as the host has it, all magics, −1 included.</param>
    /// <param name="LedgerDeal">Newest deal that the ledger contains: an EA that takes the ledger over applies the deals above it. 0 = not known.</param>
    public sealed record Admitted(
        ITerminalIntake Intake,
        IReadOnlyList<ResumePoint> Resume,
        IReadOnlyList<ResumePosition> Ledger,
        long LedgerDeal = 0) : SessionAdmission;

    /// <summary>Another session with other magics runs: sent as error <c>busy</c>.</summary>
    public sealed record Busy(string Text) : SessionAdmission;

    /// <summary>Not now (starting, stopping): the line is closed with a text; the terminal tries again.</summary>
    public sealed record Unavailable(string Text) : SessionAdmission;
}

/// <summary>Where a stream goes on.</summary>
/// <param name="Magic">The stream.</param>
/// <param name="Deal">Largest recorded ticket; 0 = none.</param>
/// <param name="TimeMsc">Its time in server milliseconds; 0 = none.</param>
public readonly record struct ResumePoint(Magic Magic, long Deal, long TimeMsc);

/// <summary>One entry of the ledger.</summary>
/// <param name="Magic">The stream, or −1.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Level">What it holds.</param>
public readonly record struct ResumePosition(Magic Magic, SymbolName Symbol, Level Level);

/// <summary>A checked line of a terminal, ready to be applied.</summary>
/// <param name="Seq">The line's number in its session (of a snapshot: its last line's).</param>
public abstract record FeedMessage(long Seq);

/// <summary>Facts about a symbol; comes before the first line that names the symbol.</summary>
public sealed record SymbolReported(long Seq, SymbolFacts Facts) : FeedMessage(Seq);

/// <summary>A deal, and what its stream holds as the line is written.</summary>
/// <param name="Seq">The line's number.</param>
/// <param name="Stream">The magic of the stream that the deal is attributed to.</param>
/// <param name="Deal">The deal; its own magic is on it.</param>
/// <param name="Level">What the stream holds in the symbol now: a level, not history.</param>
/// <param name="UtcMsc">The deal's time in UTC milliseconds, as far as the terminal knows.</param>
public sealed record DealReported(long Seq, Magic Stream, Deal Deal, Level Level, long UtcMsc) : FeedMessage(Seq);

/// <summary>The trade server cancelled a deal.</summary>
public sealed record DealVoided(long Seq, long Ticket) : FeedMessage(Seq);

/// <summary>A whole, consistent snapshot: counts agreed and every symbol is known.</summary>
/// <param name="Seq">Number of its last line.</param>
/// <param name="Positions">What each stream holds; streams and symbols not named are flat.</param>
/// <param name="Totals">What the terminal holds in each symbol over all magics.</param>
/// <param name="LastDeal">Newest deal that the snapshot contains.</param>
/// <param name="TimeMsc">Server time.</param>
/// <param name="UtcMsc">UTC time as far as the terminal knows.</param>
public sealed record SnapshotReported(
    long Seq,
    IReadOnlyList<ResumePosition> Positions,
    IReadOnlyDictionary<SymbolName, Level> Totals,
    long LastDeal,
    long TimeMsc,
    long UtcMsc) : FeedMessage(Seq);

/// <summary>Account figures, in account currency.</summary>
public sealed record AccountReported(long Seq, decimal Balance, decimal Equity, decimal MarginFree) : FeedMessage(Seq);

/// <summary>A pause or resume button on the chart.</summary>
/// <param name="Seq">The line's number.</param>
/// <param name="Id">Names the request; answered by <see cref="HostMessage.Done"/>.</param>
/// <param name="Connector">The connector; null = all fed by this terminal.</param>
/// <param name="Pause">True = pause, false = resume trading.</param>
public sealed record PauseRequested(long Seq, string Id, string? Connector, bool Pause) : FeedMessage(Seq);

/// <summary>A line to a terminal.</summary>
public abstract record HostMessage
{
    private HostMessage()
    {
    }

    /// <summary>Asks for a snapshot now.</summary>
    public sealed record SnapshotWanted : HostMessage;

    /// <summary>One row of the panel.</summary>
    /// <param name="Connector">Connector id.</param>
    /// <param name="Venue">Venue name.</param>
    /// <param name="State">starting, running, paused, reconnecting, faulted or stopped.</param>
    /// <param name="Text">For a person.</param>
    /// <param name="Version">The host's version.</param>
    /// <param name="Licence">The licence line.</param>
    public sealed record Status(string Connector, string Venue, string State, string Text, string Version, string Licence) : HostMessage;

    /// <summary>A log line for the terminal; level is info, warning or error.</summary>
    public sealed record Log(string Level, string Text) : HostMessage;

    /// <summary>A critical error: the connectors fed by this terminal have stopped; the EA removes itself.</summary>
    public sealed record Stop(string Reason) : HostMessage;

    /// <summary>The answer to a pause or resume.</summary>
    public sealed record Done(string Id, bool Ok, string Text) : HostMessage;

    /// <summary>The line with this number was refused.</summary>
    public sealed record Error(string Code, string Text, long Seq) : HostMessage;
}

/// <summary>Knows the feed clients and their secrets. Implemented over the storage.</summary>
public interface IFeedClients
{
    /// <summary>The client with this id, or null when it is unknown or revoked.</summary>
    ValueTask<FeedClient?> FindAsync(string clientId, CancellationToken cancellation);
}

/// <summary>A feed client.</summary>
/// <param name="Id">Matches <c>[A-Za-z0-9_-]{1,64}</c>.</param>
/// <param name="Organization">Who owns it.</param>
/// <param name="Secret">The secret's bytes; never logged.</param>
public sealed record FeedClient(string Id, OrganizationId Organization, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"feed client {Id}";
}
