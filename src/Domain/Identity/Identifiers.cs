using System.Text.RegularExpressions;

namespace CSMultiConnector.Domain.Identity;

/// <summary>The organization that owns terminals, clients, connectors and settings. Never reused.</summary>
/// <param name="Value">1 to 64 characters, letters, digits, '-' and '_'.</param>
public readonly record struct OrganizationId(string Value)
{
    /// <summary>The one organization that exists until a console manages them.</summary>
    public static OrganizationId Local { get; } = new("local");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A configured link from some streams to one account at one venue. Stable and never reused.</summary>
/// <param name="Value">Matches <c>[a-z0-9][a-z0-9-]{0,31}</c>.</param>
public readonly partial record struct ConnectorId(string Value) : IComparable<ConnectorId>
{
    /// <summary>True when <paramref name="text"/> may be a connector id.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <inheritdoc/>
    public int CompareTo(ConnectorId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}

/// <summary>One MT5 account in one running terminal, written <c>login@server</c>.</summary>
/// <param name="Login">The account's number, above zero.</param>
/// <param name="Server">The trade server's name as the terminal shows it.</param>
public readonly record struct TerminalId(long Login, string Server) : IComparable<TerminalId>
{
    /// <summary>Reads <c>login@server</c>; false when the text has another form.</summary>
    public static bool TryParse(string? text, out TerminalId id)
    {
        id = default;
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (at <= 0 || at == text!.Length - 1) return false;
        if (!long.TryParse(text.AsSpan(0, at), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var login) || login <= 0)
            return false;
        id = new TerminalId(login, text[(at + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(TerminalId other) =>
        Login != other.Login ? Login.CompareTo(other.Login) : string.CompareOrdinal(Server, other.Server);

    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Login}@{Server}");
}

/// <summary>The integer by which an Expert Advisor marks its trades; 0 = traded by hand; −1 = volume that no stream owns.</summary>
/// <param name="Value">−1 or 0 to 2^63−1.</param>
public readonly record struct Magic(long Value) : IComparable<Magic>
{
    /// <summary>Trades made by hand.</summary>
    public static Magic ByHand { get; } = new(0);

    /// <summary>Volume on a netting account that belongs to no stream: shown, never routed.</summary>
    public static Magic Unattributed { get; } = new(-1);

    /// <inheritdoc/>
    public int CompareTo(Magic other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One (terminal, magic): its deals and its level per symbol.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="Magic">The magic.</param>
public readonly record struct StreamId(TerminalId Terminal, Magic Magic) : IComparable<StreamId>
{
    /// <inheritdoc/>
    public int CompareTo(StreamId other) =>
        Terminal.CompareTo(other.Terminal) is var c && c != 0 ? c : Magic.CompareTo(other.Magic);

    /// <inheritdoc/>
    public override string ToString() => $"{Terminal}#{Magic}";
}

/// <summary>An MT5 symbol as the terminal names it, broker suffix and case included.</summary>
/// <param name="Value">1 to 64 characters.</param>
public readonly record struct SymbolName(string Value) : IComparable<SymbolName>
{
    /// <inheritdoc/>
    public int CompareTo(SymbolName other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An asset at a venue, compared exactly (<c>1000PEPE</c> is not <c>PEPE</c>).</summary>
/// <param name="Value">The venue's own code.</param>
public readonly record struct AssetName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What is traded at a venue, by the venue's own symbol.</summary>
/// <param name="Value">1 to 64 characters.</param>
public readonly record struct InstrumentId(string Value) : IComparable<InstrumentId>
{
    /// <inheritdoc/>
    public int CompareTo(InstrumentId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A leg of one connector: what is held (an instrument; on spot the base asset) and on which position side.</summary>
/// <param name="Holding">The instrument's symbol, or on spot the base asset.</param>
/// <param name="Side">The position side.</param>
public readonly record struct LegId(string Holding, PositionSide Side) : IComparable<LegId>
{
    /// <summary>Reads <c>holding:Side</c>; false when the text has another form.</summary>
    public static bool TryParse(string? text, out LegId id)
    {
        id = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !Enum.TryParse<PositionSide>(text.AsSpan(colon + 1), ignoreCase: true, out var side)) return false;
        id = new LegId(text![..colon], side);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(LegId other) =>
        string.CompareOrdinal(Holding, other.Holding) is var c && c != 0 ? c : Side.CompareTo(other.Side);

    /// <inheritdoc/>
    public override string ToString() => $"{Holding}:{Side}";
}

/// <summary>Which part of an instrument's position a leg is.</summary>
public enum PositionSide
{
    /// <summary>One-way mode and spot: one signed quantity.</summary>
    Net,

    /// <summary>Hedge mode, the long part: never below zero.</summary>
    Long,

    /// <summary>Hedge mode, the short part: written as a quantity never above zero.</summary>
    Short,
}
