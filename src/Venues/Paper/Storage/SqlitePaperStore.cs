using Microsoft.Data.Sqlite;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Paper.Storage;

/// <summary>
/// One SQLite file, one connection. Exclusive locking keeps a second process out, and a transaction is on the disk
/// (WAL, synchronous=FULL) before it counts.
/// </summary>
internal sealed class SqlitePaperStore : IPaperStore
{
    private const long Version = 1;

    private readonly SqliteConnection _connection;
    private readonly SqliteTable _accounts;
    private readonly SqliteTable _instruments;
    private readonly SqliteTable _prices;
    private readonly SqliteTable _holdings;
    private readonly SqliteTable _orders;
    private readonly SqliteTable _fills;
    private readonly SqliteTable _forgotten;
    private readonly SqliteTable _numbers;
    private readonly SqliteCommand _deleteFillsOfOrder;

    private SqlitePaperStore(SqliteConnection connection, string exchangeId)
    {
        _connection = connection;
        ExchangeId = exchangeId;
        _accounts = new SqliteTable(connection, "accounts", 2, "product", "name", "mode", "fee_rate", "opening_quote", "sequence");
        _instruments = new SqliteTable(connection, "instruments", 2, "product", "id", "base", "quote", "contract_size", "lot_step", "min_quantity", "max_quantity", "min_notional", "tick", "status");
        _prices = new SqliteTable(connection, "prices", 2, "product", "instrument", "price", "fed");
        _holdings = new SqliteTable(connection, "holdings", 4, "product", "account", "name", "side", "quantity", "sequence");
        _orders = new SqliteTable(
            connection, "orders", 1, "number", "product", "account", "client_order_id", "venue_order_id", "instrument", "position_side", "side", "quantity", "status", "filled",
            "average_price", "fee_in_base", "fee_asset", "fee", "created_at", "reduce_only", "reserve_price", "rest_fills_at", "updated_at");
        _fills = new SqliteTable(
            connection, "fills", 1, "number", "product", "account", "order_number", "kind", "instrument", "position_side", "side", "quantity", "price", "fee_asset", "fee", "sequence", "at");
        _forgotten = new SqliteTable(connection, "forgotten_ids", 3, "product", "account", "prefix", "last_counter");
        _numbers = new SqliteTable(connection, "numbers", 1, "id", "last_order", "last_fill");
        _deleteFillsOfOrder = SqliteTable.Command(connection, "DELETE FROM fills WHERE order_number = @p0", 1);
    }

    public string ExchangeId { get; }

    /// <summary>Opens or makes the file.</summary>
    /// <exception cref="PaperStorageException">The file cannot be opened, is in use, or was made by a newer version.</exception>
    internal static SqlitePaperStore Open(string file, string exchangeIdIfNew)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            connection.Open();
            Execute(connection, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF;");
            if (Scalar(connection, "PRAGMA journal_mode") is not "wal" || Scalar(connection, "PRAGMA synchronous") is not 2L)
                throw new PaperStorageException($"{file}: the disk does not allow a write-ahead log; put the file on a local disk.");
            var version = (long)Scalar(connection, "PRAGMA user_version")!;
            if (version > Version) throw new PaperStorageException($"{file} was written by a newer version of the program; use that version or another file.");
            Transact(connection, transaction =>
            {
                Execute(connection, PaperSchema.Sql, transaction);
                using var id = SqliteTable.Command(connection, "INSERT INTO exchange (id, exchange_id) VALUES (1, @p0) ON CONFLICT (id) DO NOTHING", 1);
                SqliteTable.Run(id, transaction, exchangeIdIfNew);
            });
            return new SqlitePaperStore(connection, (string)Scalar(connection, "SELECT exchange_id FROM exchange")!);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            if (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL) throw new PaperStorageException($"{file} cannot grow: the disk is full.", e);
            throw new PaperStorageException($"{file} could not be opened: {e.Message} If another process uses it, stop that one; else name another file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            connection.Dispose();
            throw new PaperStorageException($"{file} could not be opened: {e.Message} Check the folder's permissions.", e);
        }
        catch (PaperStorageException)
        {
            connection.Dispose();
            throw;
        }
    }

    public IReadOnlyList<PaperChange> Load()
    {
        var changes = new List<PaperChange>();
        Read(_accounts, "product, name", r => new PaperChange.AccountPut(PaperRows.Account(r)));
        Read(_instruments, "product, id", r => new PaperChange.InstrumentPut(PaperRows.Product(r, 0), PaperRows.Instrument(r)));
        Read(_prices, "product, instrument", r => new PaperChange.PricePut(PaperRows.Product(r, 0), new(r.GetString(1)), PaperRows.Amount(r, 2), r.GetInt64(3) != 0));
        Read(_holdings, "product, account", r => new PaperChange.HoldingPut(PaperRows.Key(r, 0), PaperRows.Leg(r, 2), PaperRows.Amount(r, 4), r.GetInt64(5)));
        Read(_orders, "number", r => new PaperChange.OrderPut(PaperRows.Order(r)));
        Read(_fills, "number", r => new PaperChange.FillAdded(PaperRows.Fill(r)));
        Read(_forgotten, "product, account", r => new PaperChange.IdsForgotten(PaperRows.Key(r, 0), r.GetString(2), r.GetString(3)));
        Read(_numbers, "id", r => new PaperChange.NumbersPut(r.GetInt64(1), r.GetInt64(2)));
        return changes;

        void Read(SqliteTable table, string order, Func<SqliteDataReader, PaperChange> row)
        {
            using var command = _connection.CreateCommand();
            command.CommandText = $"SELECT {table.Columns} FROM {table.Name} ORDER BY {order}";
            using var reader = command.ExecuteReader();
            while (reader.Read()) changes.Add(row(reader));
        }
    }

    public void Commit(IReadOnlyList<PaperChange> changes) => Transact(_connection, transaction =>
    {
        foreach (var change in changes) Write(transaction, change);
    });

    public void Dispose()
    {
        foreach (var table in new[] { _accounts, _instruments, _prices, _holdings, _orders, _fills, _forgotten, _numbers }) table.Dispose();
        _deleteFillsOfOrder.Dispose();
        _connection.Dispose();
    }

    private static void Transact(SqliteConnection connection, Action<SqliteTransaction> work)
    {
        using var transaction = connection.BeginTransaction();
        try
        {
            work(transaction);
            transaction.Commit();
        }
        catch (SqliteException) when (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
        {
            // Without room SQLite itself ends the transaction. The driver does not see that and keeps it for ever, unless it has one to roll back.
            Execute(connection, "BEGIN", transaction);
            throw;
        }
    }

    private void Write(SqliteTransaction transaction, PaperChange change)
    {
        switch (change)
        {
            case PaperChange.AccountPut { Account: var a }:
                _accounts.Put(transaction, a.Key.Product, a.Key.Name, a.Mode, a.FeeRate, a.OpeningQuote, a.Sequence);
                break;
            case PaperChange.InstrumentPut { Instrument: var i, Product: var product }:
                _instruments.Put(transaction, product, i.Id.Value, i.Base.Value, i.Quote.Value, i.ContractSize, i.LotStep, i.MinQuantity, i.MaxQuantity, i.MinNotional, i.Tick, i.Status);
                break;
            case PaperChange.PricePut put:
                _prices.Put(transaction, put.Product, put.Instrument.Value, put.Price, put.Fed);
                break;
            case PaperChange.HoldingPut put:
                _holdings.Put(transaction, put.Account.Product, put.Account.Name, put.Leg.Holding, put.Leg.Side, put.Quantity, put.Sequence);
                break;
            case PaperChange.OrderPut { Order: var o }:
                var (r, fee) = (o.Report, o.Report.Fees.Length == 0 ? default : o.Report.Fees[0]);
                _orders.Put(
                    transaction, o.Number, o.Account.Product, o.Account.Name, r.ClientOrderId.Value, r.VenueOrderId, r.Instrument.Value, r.PositionSide, r.Side, r.Quantity.Value, r.Status,
                    r.Filled.Value, r.AveragePrice?.Value, r.FeeInBase.Value, fee.Asset.Value, fee.Amount, r.CreatedAt, o.ReduceOnly, o.ReservePrice, o.RestFillsAt, o.UpdatedAt);
                break;
            case PaperChange.FillAdded { Fill: var f }:
                _fills.Put(
                    transaction, f.Number, f.Account.Product, f.Account.Name, f.Order, f.Kind, f.Instrument.Value, f.PositionSide, f.Side, f.Quantity.Value, f.Price.Value,
                    f.Fee.Asset.Value, f.Fee.Amount, f.Sequence, f.At);
                break;
            case PaperChange.OrderForgotten gone:
                _orders.Delete(transaction, gone.Number);
                SqliteTable.Run(_deleteFillsOfOrder, transaction, gone.Number);
                break;
            case PaperChange.FillForgotten gone:
                _fills.Delete(transaction, gone.Number);
                break;
            case PaperChange.IdsForgotten gone:
                _forgotten.Put(transaction, gone.Account.Product, gone.Account.Name, gone.Prefix, gone.LastCounter);
                break;
            case PaperChange.NumbersPut put:
                _numbers.Put(transaction, 1L, put.LastOrder, put.LastFill);
                break;
            default:
                throw new InvalidOperationException($"No such change: {change.GetType().Name}.");
        }
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
