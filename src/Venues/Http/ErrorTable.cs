using System.Collections.Immutable;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues.Http;

/// <summary>What an error tells besides its class.</summary>
[Flags]
internal enum ErrorEffect
{
    None = 0,

    /// <summary>Our idea of the venue's clock is wrong: measure it anew. Nothing was done.</summary>
    ClockWrong = 1,

    /// <summary>Our idea of an instrument is wrong: read the instruments anew.</summary>
    FactsWrong = 2,

    /// <summary>Of a look-up: the venue knows no such order.</summary>
    NoSuchOrder = 4,

    /// <summary>Of a cancel: there is nothing to cancel.</summary>
    NothingToCancel = 8,

    /// <summary>Proved even in an answer of the 500s, which otherwise says nothing of what became of an order.</summary>
    ProvedByServerError = 16,
}

/// <summary>One row of a venue's table of errors.</summary>
/// <param name="Code">The venue's code; empty = any (then the text decides).</param>
/// <param name="Class">What it means for an order that was to be placed; null = it may have been placed.</param>
/// <param name="Text">A part of the venue's text, where the code alone says too little; null = any text.</param>
/// <param name="Effect">What it tells besides.</param>
internal sealed record ErrorRow(string Code, RejectionClass? Class, string? Text = null, ErrorEffect Effect = ErrorEffect.None)
{
    internal bool Has(ErrorEffect effect) => (Effect & effect) != ErrorEffect.None;

    internal bool Fits(string code, string text) =>
        (Code.Length == 0 || string.Equals(Code, code, StringComparison.Ordinal)) && (Text is null || text.Contains(Text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The errors of one venue product. The first row that fits counts.</summary>
internal sealed class ErrorTable(params ImmutableArray<ErrorRow> rows)
{
    internal ImmutableArray<ErrorRow> Rows => rows;

    /// <summary>The row of an error, or null when the table does not have it.</summary>
    internal ErrorRow? Find(string code, string text)
    {
        foreach (var row in rows)
        {
            if (row.Fits(code, text)) return row;
        }

        return null;
    }
}
