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
/// journal, so <see cref="HistoryCatchUp"/> can rebuild it, and the same event never stands twice. It never waits, so nothing piles up in its
/// mailbox: what the store's queue (<see cref="HistoryOptions.QueueLength"/>) does not take is given up until the next start.
/// </summary>
public sealed class HistoryActor : ReceiveActor
{
    private static readonly TimeSpan WarningPeriod = TimeSpan.FromHours(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HistoryStore? _store;
    private DateTimeOffset _warnedAt = DateTimeOffset.MinValue;

    /// <summary>Makes the actor; use <see cref="Props"/>.</summary>
    public HistoryActor(HistoryStore? store)
    {
        _store = store;
        Receive<LegHappened>(happened => Append(happened.Events.Select((e, i) => HistoryText.Of(
            happened.Connector, happened.Leg, e, new HistorySource(happened.PersistenceId, happened.LastSequenceNr - happened.Events.Length + 1 + i)))));
        Receive<ConnectorHappened>(happened => Append([HistoryText.Of(
            happened.Connector, happened.Event, new HistorySource(happened.PersistenceId, happened.SequenceNr))]));
        Receive<TerminalHappened>(happened => Append([HistoryText.Of(
            happened.Terminal, happened.Event, new HistorySource(happened.PersistenceId, happened.SequenceNr))]));
        Receive<ConnectorNoted>(noted => Append([HistoryText.Of(noted)]));
    }

    /// <summary>How the actor is made; without a store the history goes to the log only.</summary>
    public static Props Props(HistoryStore? store) => Akka.Actor.Props.Create(() => new HistoryActor(store));

    private void Append(IEnumerable<HistoryEntry> entries)
    {
        var list = entries.ToArray();
        foreach (var entry in list)
        {
            if (entry.Severity >= HistorySeverity.Error) _log.Error("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
            else if (entry.Severity == HistorySeverity.Warning) _log.Warning("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
            else if (entry.Kind != HistoryText.Deal) _log.Info("{0} {1} {2}", entry.Connector, entry.Leg, entry.Text);
        }

        if (_store is not null) Hand(_store, list);
    }

    private void Hand(HistoryStore store, HistoryEntry[] entries)
    {
        if (store.TryAppend(entries)) return;
        // A full queue refuses a great many in a row: one line says it for all of them.
        var now = Context.System.Scheduler.Now;
        if (now - _warnedAt < WarningPeriod) return;
        _warnedAt = now;
        _log.Warning(
            "The history is not written fast enough: {0} entries were given up so far. Trading goes on; the next start brings them back from the journal", store.Lost);
    }
}
