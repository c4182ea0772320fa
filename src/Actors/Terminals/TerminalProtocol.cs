using System.Collections.Immutable;
using Akka.Actor;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

// Between terminals and the connectors that they feed.

/// <summary>A connector wants to hear of all terminals, and of these even before they connect. Repeatable.</summary>
public sealed record SubscribeTerminals(ConnectorId Connector, IActorRef Subscriber, ImmutableArray<TerminalId> Known);

/// <summary>A connector is gone.</summary>
public sealed record UnsubscribeTerminals(IActorRef Subscriber);

/// <summary>Everything about a terminal: on subscription, after each complete snapshot, and whenever knowledge changes.</summary>
/// <param name="Terminal">Which.</param>
/// <param name="Margin">How its account keeps positions; null before the first login ever.</param>
/// <param name="Listed">The magics that its Expert Advisor lists (of the last session).</param>
/// <param name="Synchronised">A complete snapshot was applied since the host's start.</param>
/// <param name="Connected">A session is live.</param>
/// <param name="StopOnCritical">A critical error stops the connectors fed by it.</param>
/// <param name="Streams">Knowledge and version by stream.</param>
/// <param name="Levels">Levels that are not flat, and those that were not flat before.</param>
/// <param name="Symbols">Facts of the symbols named.</param>
/// <param name="Prices">Price of the last deal in each symbol, as far as known in this run.</param>
public sealed record TerminalPicture(
    TerminalId Terminal,
    MarginMode? Margin,
    ImmutableArray<Magic> Listed,
    bool Synchronised,
    bool Connected,
    bool StopOnCritical,
    ImmutableSortedDictionary<Magic, StreamKnowledge> Streams,
    ImmutableArray<StreamLevel> Levels,
    ImmutableSortedDictionary<SymbolName, SymbolFacts> Symbols,
    ImmutableSortedDictionary<SymbolName, Price> Prices);

/// <summary>How well a stream is known, and as of when.</summary>
public readonly record struct StreamKnowledge(LevelKnowledge Knowledge, LevelVersion Version);

/// <summary>What a stream holds in one symbol.</summary>
public readonly record struct StreamLevel(Magic Magic, SymbolName Symbol, Level Level, LevelVersion Version);

/// <summary>A deal moved a level. Sent before the deal is journaled: a level is not history.</summary>
/// <param name="Source">Stream and symbol.</param>
/// <param name="Level">What the stream holds now.</param>
/// <param name="Knowledge">How well that is known.</param>
/// <param name="Version">Orders levels.</param>
/// <param name="Ticket">The deal.</param>
/// <param name="Price">Its price; null when it has none.</param>
/// <param name="Facts">The symbol.</param>
public sealed record LevelMoved(
    SourceId Source,
    Level Level,
    LevelKnowledge Knowledge,
    LevelVersion Version,
    long Ticket,
    Price? Price,
    SymbolFacts Facts);

/// <summary>A row for the terminal's panel.</summary>
public sealed record PanelRow(ConnectorId Connector, string Venue, string State, string Text);

/// <summary>A line for the terminal's log; level is info, warning or error.</summary>
public sealed record TerminalNotice(string Level, string Text);

/// <summary>A critical error at a connector that this terminal feeds.</summary>
public sealed record CriticalError(ConnectorId Connector, string Text);

/// <summary>A button on the chart; answered by <see cref="ChartButtonDone"/>. Connector null = all that this terminal feeds.</summary>
public sealed record ChartButton(TerminalId Terminal, string Id, string? Connector, bool Pause);

/// <summary>The answer to a button.</summary>
public sealed record ChartButtonDone(string Id, bool Concerned, bool Ok, string Text);

/// <summary>A terminal whose EA wants so stops all connectors that it feeds.</summary>
public sealed record StopFedBy(TerminalId Terminal, string Reason);

// Between the hub and the terminals.

/// <summary>A login that has proved its secret; answered by a <see cref="SessionAdmission"/>.</summary>
public sealed record Admit(TerminalLogin Login, ITerminalSession Session);

/// <summary>Nobody waits for the answer to the login of this session any more: it is over if it was admitted.</summary>
public sealed record AdmissionAbandoned(TerminalId Terminal, long Session);

/// <summary>A line of a session.</summary>
public sealed record SessionLine(long Session, FeedMessage Message);

/// <summary>A session is over.</summary>
public sealed record SessionEnded(long Session, string Reason);

/// <summary>A person says that a stream which is no longer listed is flat; answered by a command result.</summary>
public sealed record ReleaseStream(StreamId Stream);

/// <summary>Asks for the terminal's status; answered by <see cref="Control.TerminalStatus"/>.</summary>
public sealed record GetTerminalStatus;
