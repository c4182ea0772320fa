using System.Text.RegularExpressions;

namespace CSMultiConnector.Domain.Identity;

/// <summary>
/// The id that we give an order: connector tag (4) + random tag of the running process (6) + counter (8, base 36). Used once, for ever;
/// 18 lower-case letters and digits, which every venue takes.
/// </summary>
/// <param name="Value">Exactly 18 characters of <c>[a-z0-9]</c>.</param>
public readonly partial record struct ClientOrderId(string Value)
{
    /// <summary>Length of the connector tag.</summary>
    public const int ConnectorTagLength = 4;

    /// <summary>Length of the process tag.</summary>
    public const int ProcessTagLength = 6;

    /// <summary>Length of an id.</summary>
    public const int Length = 18;

    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The tag of the connector that made the id.</summary>
    public string ConnectorTag => Value[..ConnectorTagLength];

    /// <summary>The tag of the process that made the id.</summary>
    public string ProcessTag => Value.Substring(ConnectorTagLength, ProcessTagLength);

    /// <summary>Makes the id number <paramref name="counter"/> of a process.</summary>
    /// <exception cref="ArgumentException">A tag has the wrong length or the counter is out of range.</exception>
    public static ClientOrderId Create(string connectorTag, string processTag, long counter)
    {
        if (!IsTag(connectorTag, ConnectorTagLength)) throw new ArgumentException("A connector tag is 4 characters of [a-z0-9].", nameof(connectorTag));
        if (!IsTag(processTag, ProcessTagLength)) throw new ArgumentException("A process tag is 6 characters of [a-z0-9].", nameof(processTag));
        ArgumentOutOfRangeException.ThrowIfNegative(counter);
        Span<char> digits = stackalloc char[Length - ConnectorTagLength - ProcessTagLength];
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(counter % 36)];
            counter /= 36;
        }

        if (counter != 0) throw new ArgumentException("The counter of this process is used up.", nameof(counter));
        return new ClientOrderId(string.Concat(connectorTag, processTag, digits));
    }

    /// <summary>True when the text has the form of an id of ours.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <summary>True when the text is a tag of the given length.</summary>
    public static bool IsTag(string? text, int length) =>
        text is not null && text.Length == length && text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9');

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex("^[a-z0-9]{18}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}
