using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Storage.History;

namespace CSMultiConnector.Actors.History;

/// <summary>Events of a leg were journaled; <paramref name="LastSequenceNr"/> is the last one's.</summary>
public sealed record LegHappened(ConnectorId Connector, LegId Leg, string PersistenceId, long LastSequenceNr, ImmutableArray<JournaledEvent> Events);

/// <summary>An event of a connector was journaled.</summary>
public sealed record ConnectorHappened(ConnectorId Connector, string PersistenceId, long SequenceNr, IJournalRecord Event);

/// <summary>A deal of a terminal was journaled.</summary>
public sealed record TerminalHappened(TerminalId Terminal, string PersistenceId, long SequenceNr, DealRecorded Event);

/// <summary>Something about a connector that is not journaled.</summary>
public sealed record ConnectorNoted(ConnectorId Connector, DateTimeOffset At, ConnectorState State, string Text);

/// <summary>
/// What happened, in order, for people: turns journaled events into history entries. A projection: each entry names its place in the
/// journal, so it can be rebuilt, and the same event never stands twice.
/// </summary>
public sealed class HistoryActor : ReceiveActor
{
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public HistoryActor(HistoryStore? store)
    {
        ReceiveAsync<LegHappened>(happened => Append(store, happened.Events.Select((e, i) => HistoryText.Of(
            happened.Connector, happened.Leg, e, new HistorySource(happened.PersistenceId, happened.LastSequenceNr - happened.Events.Length + 1 + i)))));
        ReceiveAsync<ConnectorHappened>(happened => Append(store, [HistoryText.Of(
            happened.Connector, happened.Event, new HistorySource(happened.PersistenceId, happened.SequenceNr))]));
        ReceiveAsync<TerminalHappened>(happened => Append(store, [HistoryText.Of(
            happened.Terminal, happened.Event, new HistorySource(happened.PersistenceId, happened.SequenceNr))]));
        ReceiveAsync<ConnectorNoted>(noted => Append(store, [HistoryText.Of(noted)]));
    }

    /// <summary>How the actor is made; without a store the history goes to the log only.</summary>
    public static Props Props(HistoryStore? store) => Akka.Actor.Props.Create(() => new HistoryActor(store));

    private async Task Append(HistoryStore? store, IEnumerable<HistoryEntry> entries)
    {
        var list = entries.ToArray();
        foreach (var entry in list)
        {
            if (entry.Severity >= HistorySeverity.Error) _log.Error("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
            else if (entry.Severity == HistorySeverity.Warning) _log.Warning("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
            else if (entry.Kind != HistoryText.Deal) _log.Info("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
        }

        if (store is not null) await store.AppendAsync(list, CancellationToken.None);
    }
}
