using CSMultiConnector.Domain.Terminals;

namespace CSMultiConnector.Feeds.Terminal.Protocol;

/// <summary>The words that stand on the wire for the values of an enum.</summary>
internal sealed class WireWords<T>
    where T : struct, Enum
{
    private readonly Dictionary<string, T> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<T, string> _write = [];

    public WireWords(params ReadOnlySpan<(string Word, T Value)> words)
    {
        foreach (var (word, value) in words)
        {
            _read.Add(word, value);
            _write.Add(value, word);
        }

        Allowed = string.Join(", ", _read.Keys);
    }

    /// <summary>All words, for an error text.</summary>
    public string Allowed { get; }

    public bool TryRead(string word, out T value) => _read.TryGetValue(word, out value);

    public string Write(T value) => _write[value];
}

/// <summary>The enumerations of the protocol.</summary>
internal static class WireWords
{
    public static WireWords<OrderSide> Side { get; } = new(("buy", OrderSide.Buy), ("sell", OrderSide.Sell));

    public static WireWords<DealEntry> Entry { get; } =
        new(("in", DealEntry.In), ("out", DealEntry.Out), ("inout", DealEntry.InOut), ("out_by", DealEntry.OutBy));

    public static WireWords<DealReason> Reason { get; } = new(
        ("client", DealReason.Client),
        ("mobile", DealReason.Mobile),
        ("web", DealReason.Web),
        ("expert", DealReason.Expert),
        ("sl", DealReason.StopLoss),
        ("tp", DealReason.TakeProfit),
        ("so", DealReason.StopOut),
        ("rollover", DealReason.Rollover),
        ("other", DealReason.Other));

    public static WireWords<MarginMode> Margin { get; } =
        new(("netting", MarginMode.Netting), ("exchange", MarginMode.Exchange), ("hedging", MarginMode.Hedging));
}
