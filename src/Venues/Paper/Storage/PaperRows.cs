using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Domain.Terminals;
using CSMultiConnector.Venues.Paper.Matching;
using Microsoft.Data.Sqlite;

namespace CSMultiConnector.Venues.Paper.Storage;

/// <summary>Rows of the tables, read back. Columns are in the order in which <see cref="SqlitePaperStore"/> names them.</summary>
internal static class PaperRows
{
    internal static PaperAccount Account(SqliteDataReader r) => new(Key(r, 0), Name<PositionMode>(r, 2), Amount(r, 3), Amount(r, 4), r.GetInt64(5));

    internal static Instrument Instrument(SqliteDataReader r) => new(
        new InstrumentId(r.GetString(1)),
        Product(r, 0).Kind(),
        new AssetName(r.GetString(2)),
        new AssetName(r.GetString(3)),
        Amount(r, 4),
        Amount(r, 5),
        Amount(r, 6),
        MaybeAmount(r, 7),
        Amount(r, 8),
        Amount(r, 9),
        Name<InstrumentStatus>(r, 10));

    internal static PaperOrder Order(SqliteDataReader r)
    {
        var report = new OrderReport(
            new ClientOrderId(r.GetString(3)),
            r.GetString(4),
            new InstrumentId(r.GetString(5)),
            Name<PositionSide>(r, 6),
            Name<OrderSide>(r, 7),
            new Contracts(Amount(r, 8)),
            Name<OrderStatus>(r, 9),
            new Contracts(Amount(r, 10)),
            MaybeAmount(r, 11) is { } average ? new Price(average) : null,
            new Contracts(Amount(r, 12)),
            r.IsDBNull(13) ? [] : [new Fee(new AssetName(r.GetString(13)), Amount(r, 14))],
            Time(r, 15));
        return new PaperOrder(r.GetInt64(0), Key(r, 1), report, r.GetInt64(16) != 0, Amount(r, 17), r.IsDBNull(18) ? null : Time(r, 18), Time(r, 19));
    }

    internal static PaperFill Fill(SqliteDataReader r) => new(
        r.GetInt64(0),
        Key(r, 1),
        r.GetInt64(3),
        Name<PaperTradeKind>(r, 4),
        new InstrumentId(r.GetString(5)),
        Name<PositionSide>(r, 6),
        Name<OrderSide>(r, 7),
        new Contracts(Amount(r, 8)),
        new Price(Amount(r, 9)),
        new Fee(new AssetName(r.GetString(10)), Amount(r, 11)),
        r.GetInt64(12),
        Time(r, 13));

    internal static PaperProduct Product(SqliteDataReader r, int column) => Name<PaperProduct>(r, column);

    internal static PaperAccountKey Key(SqliteDataReader r, int column) => new(Product(r, column), r.GetString(column + 1));

    internal static LegId Leg(SqliteDataReader r, int column) => new(r.GetString(column), Name<PositionSide>(r, column + 1));

    internal static decimal Amount(SqliteDataReader r, int column) => decimal.Parse(r.GetString(column), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static decimal? MaybeAmount(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : Amount(r, column);

    private static DateTimeOffset Time(SqliteDataReader r, int column) => new(r.GetInt64(column), TimeSpan.Zero);

    private static T Name<T>(SqliteDataReader r, int column)
        where T : struct, Enum => Enum.Parse<T>(r.GetString(column));
}
