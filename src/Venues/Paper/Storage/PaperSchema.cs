namespace CSMultiConnector.Venues.Paper.Storage;

/// <summary>The tables, version 1. Amounts are decimal text, times UTC ticks, names of enums as in the code.</summary>
internal static class PaperSchema
{
    internal const string Sql =
        """
        CREATE TABLE IF NOT EXISTS exchange (id INTEGER PRIMARY KEY CHECK (id = 1), exchange_id TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS numbers (id INTEGER PRIMARY KEY CHECK (id = 1), last_order INTEGER NOT NULL, last_fill INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS accounts (
            product TEXT NOT NULL, name TEXT NOT NULL, mode TEXT NOT NULL, fee_rate TEXT NOT NULL, opening_quote TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (product, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS instruments (
            product TEXT NOT NULL, id TEXT NOT NULL, base TEXT NOT NULL, quote TEXT NOT NULL, contract_size TEXT NOT NULL, lot_step TEXT NOT NULL,
            min_quantity TEXT NOT NULL, max_quantity TEXT, min_notional TEXT NOT NULL, tick TEXT NOT NULL, status TEXT NOT NULL,
            PRIMARY KEY (product, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS prices (
            product TEXT NOT NULL, instrument TEXT NOT NULL, price TEXT NOT NULL, fed INTEGER NOT NULL, PRIMARY KEY (product, instrument)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS holdings (
            product TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, side TEXT NOT NULL, quantity TEXT NOT NULL, sequence INTEGER NOT NULL,
            PRIMARY KEY (product, account, name, side)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS orders (
            number INTEGER PRIMARY KEY, product TEXT NOT NULL, account TEXT NOT NULL, client_order_id TEXT NOT NULL, venue_order_id TEXT NOT NULL,
            instrument TEXT NOT NULL, position_side TEXT NOT NULL, side TEXT NOT NULL, quantity TEXT NOT NULL, status TEXT NOT NULL, filled TEXT NOT NULL,
            average_price TEXT, fee_in_base TEXT NOT NULL, fee_asset TEXT, fee TEXT NOT NULL, created_at INTEGER NOT NULL, reduce_only INTEGER NOT NULL,
            reserve_price TEXT NOT NULL, rest_fills_at INTEGER, updated_at INTEGER NOT NULL,
            UNIQUE (product, account, client_order_id));
        CREATE TABLE IF NOT EXISTS fills (
            number INTEGER PRIMARY KEY, product TEXT NOT NULL, account TEXT NOT NULL, order_number INTEGER NOT NULL, kind TEXT NOT NULL, instrument TEXT NOT NULL,
            position_side TEXT NOT NULL, side TEXT NOT NULL, quantity TEXT NOT NULL, price TEXT NOT NULL, fee_asset TEXT NOT NULL, fee TEXT NOT NULL,
            sequence INTEGER NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS fills_of_order ON fills (order_number);
        CREATE TABLE IF NOT EXISTS forgotten_ids (
            product TEXT NOT NULL, account TEXT NOT NULL, prefix TEXT NOT NULL, last_counter TEXT NOT NULL, PRIMARY KEY (product, account, prefix)) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """;
}
