using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Replay;

/// <summary>The kinds of file.</summary>
public enum HistorySource
{
    /// <summary>Trade history report of a terminal, workbook.</summary>
    TerminalReportXlsx,

    /// <summary>Trade history report of a terminal, HTML.</summary>
    TerminalReportHtml,

    /// <summary>Report of the strategy tester, workbook.</summary>
    TesterReportXlsx,

    /// <summary>Report of the strategy tester, HTML.</summary>
    TesterReportHtml,

    /// <summary>What Python's <c>history_deals_get</c> gave, as CSV.</summary>
    DealsCsv,
}

/// <summary>A position that was open before the first deal of the history.</summary>
/// <param name="Position">Its id, above zero.</param>
/// <param name="Magic">The magic of the stream that holds it.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Side">Buy = long, sell = short.</param>
/// <param name="Volume">Lots before the first deal, above zero.</param>
/// <param name="OpenPrice">Price at which it was opened.</param>
/// <param name="OpenTime">Server time in milliseconds since 1970.</param>
public sealed record OpeningPosition(
    long Position, Magic Magic, SymbolName Symbol, OrderSide Side, Lots Volume, decimal OpenPrice, long OpenTime)
{
    /// <summary>Volume with the sign of the side: long positive.</summary>
    public Lots Signed => Side == OrderSide.Buy ? Volume : new Lots(-Volume.Value);
}

/// <summary>The trade history of one MT5 account, as a file has it.</summary>
/// <param name="Source">The kind of file.</param>
/// <param name="Margin">How the account keeps positions.</param>
/// <param name="MarginStated">True when the file states <paramref name="Margin"/>; false when it was inferred or given by the caller.</param>
/// <param name="Currency">Account currency; null when the file does not name it.</param>
/// <param name="Login">Account number; null when the file does not name it.</param>
/// <param name="Server">Trade server; null when the file does not name it.</param>
/// <param name="ExpertMagic">The magic that the Expert's inputs name, if exactly one does.</param>
/// <param name="Deals">Buy and sell deals in ascending (time, ticket) order, each with its position's id.</param>
/// <param name="OpeningPositions">Positions open before the first deal, in ascending order of their ids.</param>
/// <param name="BalanceRows">Balance operations in the file; otherwise ignored.</param>
/// <param name="OtherRows">Other rows that are no trades (credit, charge, cancelled deals …); otherwise ignored.</param>
/// <param name="Symbols">Symbols of the deals and opening positions, in ordinal order.</param>
public sealed record RecordedHistory(
    HistorySource Source,
    MarginMode Margin,
    bool MarginStated,
    string? Currency,
    long? Login,
    string? Server,
    Magic? ExpertMagic,
    IReadOnlyList<Deal> Deals,
    IReadOnlyList<OpeningPosition> OpeningPositions,
    int BalanceRows,
    int OtherRows,
    IReadOnlyList<SymbolName> Symbols);
