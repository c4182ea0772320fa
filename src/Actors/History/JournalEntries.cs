using System.Text.Json;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Storage.History;

namespace CSMultiConnector.Actors.History;

/// <summary>What an event in the journal is to the history.</summary>
internal enum JournalRole
{
    /// <summary>The history does not tell of it.</summary>
    Silent,

    /// <summary>It makes one entry.</summary>
    Told,

    /// <summary>This version does not know its manifest.</summary>
    Unknown,
}

/// <summary>The entries that rows of the journal make: the same that <see cref="HistoryActor"/> makes of the events as they happen.</summary>
internal static class JournalEntries
{
    private const string Leg = "leg";
    private const string Connector = "connector";
    private const string Terminal = "terminal";

    /// <summary>True when the history tells of events of this persistent actor.</summary>
    public static bool AreMadeFrom(string persistenceId) => Split(persistenceId).Kind is Leg or Connector or Terminal;

    /// <summary>What an event of an actor that the history tells of is to it.</summary>
    public static JournalRole RoleOf(string persistenceId, string? manifest)
    {
        if (JournalSerializer.TypeOf(manifest ?? "") is not { } type) return JournalRole.Unknown;
        // Of a terminal only deals are told: its other events are bookkeeping.
        return Split(persistenceId).Kind != Terminal || type == typeof(DealRecorded) ? JournalRole.Told : JournalRole.Silent;
    }

    /// <summary>The entry of a row whose role is <see cref="JournalRole.Told"/>; null when the row cannot be read.</summary>
    public static HistoryEntry? Of(JournalRow row)
    {
        var source = new HistorySource(row.PersistenceId, row.SequenceNumber);
        var (kind, key) = Split(row.PersistenceId);
        return (kind, Read(row)) switch
        {
            (Leg, JournaledEvent e) when Split(key) is var (connector, text) && LegId.TryParse(text, out var leg) =>
                HistoryText.Of(new ConnectorId(connector), leg, e, source),
            (Connector, IJournalRecord e) => HistoryText.Of(new ConnectorId(key), e, source),
            (Terminal, DealRecorded e) when TerminalId.TryParse(key, out var terminal) => HistoryText.Of(terminal, e, source),
            _ => null,
        };
    }

    private static object? Read(JournalRow row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Message, JournalSerializer.TypeOf(row.Manifest ?? "")!, JournalJson.Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    // A leg's holding may hold a slash itself: what follows the first one stays whole.
    private static (string Kind, string Key) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", text) : (text[..slash], text[(slash + 1)..]);
    }
}
