using System.Data.Common;
using CSMultiConnector.Storage.History;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Actors.History;

/// <summary>What a catch-up did.</summary>
/// <param name="Added">How many entries were missing and are there now.</param>
/// <param name="Unreadable">How many events of the journal could not be read.</param>
public sealed record HistoryCaughtUp(long Added, long Unreadable);

/// <summary>
/// Adds to the history what the journal holds beyond it: entries that a killed process did not write, that were given up, or all of them when
/// the history was lost. Runs before the actor system starts. Finds the first hole of each persistent actor by comparing numbers, then reads the
/// journal once from the earliest hole on, so that entries come in the order in which things happened.
/// </summary>
public sealed class HistoryCatchUp
{
    private readonly JournalReader _journal;
    private readonly HistoryStore _history;
    private readonly DateTimeOffset _since;
    private readonly ILogger _logger;
    private long _added;
    private long _unreadable;
    private string _firstUnreadable = "";

    private HistoryCatchUp(JournalReader journal, HistoryStore history, TimeProvider time, ILogger logger)
    {
        (_journal, _history, _logger) = (journal, history, logger);
        // What is older would be deleted again within the hour.
        _since = history.RetentionDays == 0 ? DateTimeOffset.MinValue : time.GetUtcNow() - TimeSpan.FromDays(history.RetentionDays);
    }

    /// <summary>Brings the history up to date. A database that fails is reported: trading does not depend on the history.</summary>
    public static async Task<HistoryCaughtUp> RunAsync(
        JournalReader journal, HistoryStore history, TimeProvider time, ILogger<HistoryCatchUp> logger, CancellationToken cancellation)
    {
        var run = new HistoryCatchUp(journal, history, time, logger);
        try
        {
            await run.RunAsync(cancellation);
        }
        catch (DbException e)
        {
            logger.LogWarning(e, "The history could not be compared with the journal; trading is not touched, the next start tries again");
        }

        return run.Report();
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        var holes = new Dictionary<string, JournalKey>(StringComparer.Ordinal);
        foreach (var source in (await _journal.SourcesAsync(cancellation)).Where(JournalEntries.AreMadeFrom))
        {
            if (await FirstHoleAsync(source, cancellation) is { } hole) holes.Add(source, hole);
        }

        if (holes.Count == 0) return;
        _logger.LogInformation("The history lacks events that the journal holds: adding them");
        await FillAsync(holes, cancellation);
    }

    private async Task<JournalKey?> FirstHoleAsync(string source, CancellationToken cancellation)
    {
        var covered = await _history.CoverageAsync(source, cancellation);
        // Where old entries are deleted, the lowest one says nothing.
        var whole = covered.HasNoHole && (covered.Lowest == 1 || _history.RetentionDays > 0);
        var after = whole ? covered.Highest : 0;
        while (await _journal.KeysAsync(source, after, _since, cancellation) is { Count: > 0 } keys)
        {
            var held = await _history.HeldAsync(source, keys[0].SequenceNumber, keys[^1].SequenceNumber, cancellation);
            foreach (var key in keys.Where(k => !held.Contains(k.SequenceNumber)))
            {
                var role = JournalEntries.RoleOf(source, key.Manifest);
                if (role == JournalRole.Told) return key;
                if (role == JournalRole.Unknown) NoteUnreadable(source, key.SequenceNumber, key.Manifest);
            }

            after = keys[^1].SequenceNumber;
        }

        return null;
    }

    private async Task FillAsync(Dictionary<string, JournalKey> holes, CancellationToken cancellation)
    {
        var after = holes.Values.Min(h => h.Ordering) - 1;
        while (await _journal.RowsAsync(after, cancellation) is { Count: > 0 } rows)
        {
            after = rows[^1].Ordering;
            var missing = new List<JournalRow>();
            foreach (var ofSource in rows.GroupBy(r => r.PersistenceId, StringComparer.Ordinal))
            {
                if (!holes.TryGetValue(ofSource.Key, out var hole)) continue;
                var held = await _history.HeldAsync(ofSource.Key, ofSource.Min(r => r.SequenceNumber), ofSource.Max(r => r.SequenceNumber), cancellation);
                missing.AddRange(ofSource.Where(r => r.SequenceNumber >= hole.SequenceNumber && !held.Contains(r.SequenceNumber)));
            }

            var entries = missing.OrderBy(r => r.Ordering).Select(EntryOf).OfType<HistoryEntry>().ToArray();
            if (entries.Length == 0) continue;
            await _history.AppendAsync(entries, cancellation);
            // One page at a time: else all that is missing would wait in memory.
            if (!await _history.FlushAsync(cancellation))
            {
                _logger.LogWarning("The history does not take what it lacks; trading is not touched, the next start tries again");
                return;
            }

            _added += entries.Length;
        }
    }

    private HistoryEntry? EntryOf(JournalRow row)
    {
        var role = JournalEntries.RoleOf(row.PersistenceId, row.Manifest);
        if (role == JournalRole.Silent) return null;
        var entry = role == JournalRole.Told ? JournalEntries.Of(row) : null;
        if (entry is null) NoteUnreadable(row.PersistenceId, row.SequenceNumber, row.Manifest);
        return entry;
    }

    private void NoteUnreadable(string source, long sequenceNumber, string? manifest)
    {
        if (_unreadable++ == 0) _firstUnreadable = $"{source}, event {sequenceNumber} ({manifest ?? "no manifest"})";
    }

    private HistoryCaughtUp Report()
    {
        if (_added > 0) _logger.LogInformation("{Count} entries that the history lacked were added from the journal", _added);
        if (_unreadable > 0)
            _logger.LogWarning(
                "The history goes without {Count} events of the journal that this version cannot read; the first is {First}: were they written by a newer version?",
                _unreadable, _firstUnreadable);
        return new HistoryCaughtUp(_added, _unreadable);
    }
}
