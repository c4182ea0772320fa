using System.Globalization;
using System.Text.Json;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Benchmarks.World;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Terminals;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Benchmarks.Restart;

/// <summary>
/// Makes a journal as long as months of trading would: takes the one that a host has just written and goes on in its manner, with the product's
/// own events, serializer and intervals of snapshots. Every leg buys and sells in turn, so that it ends with what the venue holds.
/// </summary>
internal sealed class JournalGrowth(SqliteConnection journal)
{
    private const int EventsACommit = 50_000;
    private const int EventsPerLegSnapshot = 200;

    private readonly List<Leg> _legs = [];
    private SqliteTransaction _transaction = journal.BeginTransaction();
    private int _uncommitted;
    private long _ordering;

    /// <summary>Adds events until there are so many; how many there are.</summary>
    public long GrowTo(long events)
    {
        var terminal = Load();
        var total = (long)Scalar("SELECT count(*) FROM journal")!;
        _ordering = (long)Scalar("SELECT max(ordering) FROM journal")!;
        var symbols = _legs.Select(l => l.Symbol).Distinct().ToArray();

        // Pairs: a buy and the sell that takes it back.
        for (var round = 0; total < events; round++)
        {
            var symbol = symbols[round / 2 % symbols.Length];
            total += Deal(terminal, symbol, round % 2 == 0 ? OrderSide.Buy : OrderSide.Sell);
        }

        _transaction.Commit();
        return total;
    }

    public static void DropSnapshots(SqliteConnection journal)
    {
        using var command = journal.CreateCommand();
        command.CommandText = "DELETE FROM snapshot";
        command.ExecuteNonQuery();
    }

    private TerminalPart Load()
    {
        var id = TerminalActor.IdOf(Settings.Terminal);
        var ledger = new TerminalLedger();
        DealRecorded? last = null;
        var sequence = 0L;
        foreach (var (number, e) in Events(id))
        {
            ledger.Apply(e);
            (last, sequence) = (e as DealRecorded ?? last, number);
        }

        foreach (var legId in Strings("SELECT DISTINCT persistence_id FROM journal WHERE persistence_id LIKE 'leg/%' ORDER BY 1"))
        {
            var leg = new Leg(legId, legId.Split('/')[2]);
            foreach (var (number, e) in Events(legId)) leg.Replay(number, (JournaledEvent)e);
            _legs.Add(leg);
        }

        return new TerminalPart(id, ledger, last!, sequence);
    }

    private long Deal(TerminalPart terminal, SymbolName symbol, OrderSide side)
    {
        var before = terminal.Ledger.LevelOf(Settings.Magic, symbol).Net;
        var change = new Lots(side == OrderSide.Buy ? FeedLine.LotsADeal : -FeedLine.LotsADeal);
        var (level, at) = (Level.OfNet(before + change), terminal.NextMoment());
        var deal = terminal.Last.Deal with
        {
            Ticket = terminal.Last.Deal.Ticket + 1,
            Symbol = symbol,
            Side = side,
            Entry = side == OrderSide.Buy ? DealEntry.In : DealEntry.Out,
            Time = at.ToUnixTimeMilliseconds(),
        };
        var recorded = new DealRecorded(at, Settings.Magic, deal, level, deal.Time);
        terminal.Last = recorded;
        terminal.Ledger.Apply(recorded);
        Insert(terminal.PersistenceId, ++terminal.Sequence, at, recorded);
        if (terminal.IsSnapshotDue) InsertSnapshot(terminal.PersistenceId, terminal.Sequence, at, terminal.Ledger.ToSnapshot());

        var written = 1L;
        foreach (var leg in _legs.Where(l => l.Symbol == symbol))
        {
            foreach (var e in leg.Order(at, side, deal.Ticket, level))
            {
                Insert(leg.PersistenceId, leg.Replay(e), at, e);
                written++;
            }

            if (leg.SinceSnapshot < EventsPerLegSnapshot) continue;
            leg.SinceSnapshot = 0;
            InsertSnapshot(leg.PersistenceId, leg.Sequence, at, LegSnapshot.Of(leg.State));
        }

        if (_uncommitted < EventsACommit) return written;
        _uncommitted = 0;
        _transaction.Commit();
        _transaction.Dispose();
        _transaction = journal.BeginTransaction();
        return written;
    }

    private void Insert(string persistenceId, long sequence, DateTimeOffset at, object e)
    {
        _uncommitted++;
        Run(
            "INSERT INTO journal (ordering, created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES ($o, $c, 0, $p, $s, $m, $f, $i, $w)",
            ("$o", ++_ordering), ("$c", at.UtcTicks), ("$p", persistenceId), ("$s", sequence), ("$m", Bytes(e)), ("$f", Manifest(e)), ("$i", JournalSerializer.Id), ("$w", new string('0', 32)));
    }

    private void InsertSnapshot(string persistenceId, long sequence, DateTimeOffset at, object snapshot) => Run(
        "INSERT OR REPLACE INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES ($p, $s, $c, $d, $f, $i)",
        ("$p", persistenceId), ("$s", sequence), ("$c", at.UtcTicks), ("$d", Bytes(snapshot)), ("$f", Manifest(snapshot)), ("$i", JournalSerializer.Id));

    private static readonly JournalSerializer s_serializer = new(null!);

    private static byte[] Bytes(object e) => s_serializer.ToBinary(e);

    private static string Manifest(object e) => s_serializer.Manifest(e);

    private List<(long Number, object Event)> Events(string persistenceId)
    {
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT sequence_number, message, manifest FROM journal WHERE persistence_id = $p ORDER BY sequence_number";
        command.Parameters.AddWithValue("$p", persistenceId);
        using var reader = command.ExecuteReader();
        var events = new List<(long, object)>();
        while (reader.Read()) events.Add((reader.GetInt64(0), s_serializer.FromBinary((byte[])reader.GetValue(1), reader.GetString(2))));
        return events;
    }

    private List<string> Strings(string sql)
    {
        using var command = journal.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var all = new List<string>();
        while (reader.Read()) all.Add(reader.GetString(0));
        return all;
    }

    private object? Scalar(string sql)
    {
        using var command = journal.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    private void Run(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            _commands[sql] = command = journal.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value;
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }

    private sealed class TerminalPart(string persistenceId, TerminalLedger ledger, DealRecorded last, long sequence)
    {
        private int _sinceSnapshot;

        public string PersistenceId => persistenceId;

        public TerminalLedger Ledger => ledger;

        public DealRecorded Last { get; set; } = last;

        public long Sequence { get; set; } = sequence;

        public bool IsSnapshotDue
        {
            get
            {
                if (++_sinceSnapshot < ledger.EventsPerSnapshot) return false;
                _sinceSnapshot = 0;
                return true;
            }
        }

        // One deal every ten seconds or so: a week of a busy account.
        public DateTimeOffset NextMoment() => Last.At + TimeSpan.FromSeconds(10);
    }

    private sealed class Leg(string persistenceId, string name)
    {
        private IntentDecided? _intent;
        private OrderFilled? _filled;
        private IntentClosed? _closed;
        private long _id;

        public string PersistenceId => persistenceId;

        public LegState State { get; private set; } = new(LegId.TryParse(name, out var id) ? id : throw new FormatException(name));

        public SymbolName Symbol => _intent!.Intent.Reason.Contributions[0].Source.Symbol;

        public long Sequence { get; private set; }

        public int SinceSnapshot { get; set; }

        public void Replay(long number, JournaledEvent e)
        {
            Sequence = number;
            State = State.Apply(e);
            (_intent, _filled, _closed) = (e as IntentDecided ?? _intent, e as OrderFilled ?? _filled, e as IntentClosed ?? _closed);
        }

        public long Replay(JournaledEvent e)
        {
            SinceSnapshot++;
            Replay(Sequence + 1, e);
            return Sequence;
        }

        public IEnumerable<JournaledEvent> Order(DateTimeOffset at, OrderSide side, long deal, Level level)
        {
            var (intent, filled, closed) = (_intent!, _filled!, _closed!);
            var id = new ClientOrderId(string.Create(CultureInfo.InvariantCulture, $"{intent.Intent.Order.ClientOrderId.Value[..10]}{++_id:00000000}"));
            var reason = intent.Intent.Reason;
            reason = reason with { Contributions = [reason.Contributions[0] with { Level = level, Tickets = [deal] }] };
            yield return new IntentDecided(at, intent.Intent with
            {
                Order = intent.Intent.Order with { ClientOrderId = id, Side = side, Quantity = new Contracts(FeedLine.LotsADeal), NotAfter = at.AddSeconds(30) },
                Number = State.Intents + 1,
                DecidedAt = at,
                Increasing = side == OrderSide.Buy,
                Reason = reason,
            });
            yield return filled with { At = at, ClientOrderId = id, Progress = filled.Progress with { Filled = new Contracts(FeedLine.LotsADeal) } };
            yield return closed with { At = at, ClientOrderId = id };
        }
    }
}
