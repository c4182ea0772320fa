using System.Text;
using System.Text.Json;

namespace CSMultiConnector.Feeds.Tests.Fuzz;

/// <summary>
/// Makes lines that nobody should write, from lines that somebody did: changed bytes, changed structure, splices. A line that led to an outcome
/// which no line before had led to joins the ones that others are made from, so the search goes where the parser's branches are.
/// </summary>
internal sealed class LineFuzzer
{
    private const int MaxCorpus = 4_000;
    private const int MaxKept = 2_048;

    private static readonly string[] s_numbers =
    [
        "0", "-0", "1", "-1", "0.0", "-0.0", "01", "+1", ".5", "5.", "1e5", "1E-7", "1e999", "NaN", "Infinity", "-", "0x10", "1_000", "1,5", "\u00b2",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "99999999999999999999999999999999999999999",
        "1000000000000000", "1000000000000000.0000000000001", "-1000000000000000", "999999999999999.9999999999999", "79228162514264337593543950335", "79228162514264337593543950336",
        "0.0000000000000000000000000001", "0.00000000000000000000000000001", "0.00000000000000000000000000000000000001", "1.00000000000000000000", "4294967296", "2147483648", "10001", "64",
    ];

    private static readonly string[] s_texts =
    [
        "\"\"", "\" \"", "\"0\"", "\"007\"", "\"9223372036854775808\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\n\"", "\"\\u2028\"", "\"\\u0085\"",
        "\"\u00ff\"", "\"\u00c0\u0080\"", "\"\u00ed\u00a0\u0080\"", "\"\u00f4\u0090\u0080\u0080\"", "\"\u00c3\u00bc\"", "\"\u00f0\u009f\u0098\u0080\"", "\"\u0000\"", "\"\u0001\"", "\"\u007f\"", "\"\\\"\"", "\"\\", "\"", "\"\\x41\"",
        "\"netting\"", "\"hedging\"", "\"buy\"", "\"BUY\"", "\"out_by\"", "\"sl\"", "\"demo\"", "\"1,2,,3\"", "\"-1\"", "\"1, 2\"", "\"9223372036854775808,1\"", "\",\\\"proof\\\":\\\"\"",
    ];

    private static readonly string[] s_others = ["null", "true", "false", "True", "nul", "[]", "{}", "[1]", "{\"a\":1}", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":1}}}", "/**/1", "//", ""];

    private static readonly string[] s_keys =
    [
        "t", "seq", "T", "", "proof", "magic", "symbol", "long", "short", "snapshot", "\\u0074", "ticket", "nonce", "client", "protocol", "session", "code", "text", "id", "x", "\u00c3\u00bc", "\\ud800",
    ];

    private readonly Random _random;
    private readonly List<Sample> _corpus = [];
    private readonly int _seeds;

    public LineFuzzer(int seed, IEnumerable<byte[]> lines)
    {
        _random = new Random(seed);
        foreach (var line in lines) _corpus.Add(Sample.Of(line));
        _seeds = _corpus.Count;
    }

    public int Corpus => _corpus.Count;

    public byte[] Next()
    {
        // Half of them from what was written properly, so that most of a line is right.
        var sample = _corpus[_random.Next(_random.Next(2) == 0 ? _seeds : _corpus.Count)];
        var line = sample.Pairs is { } pairs && _random.Next(3) > 0 ? Restructure(pairs) : [.. sample.Bytes];
        if (_random.Next(3) == 0) ChangeBytes(line);
        return [.. line];
    }

    /// <summary>The line led to something new.</summary>
    public void Keep(byte[] line)
    {
        if (line.Length > MaxKept) return;
        if (_corpus.Count < MaxCorpus) _corpus.Add(Sample.Of(line));
        else _corpus[_random.Next(_seeds, _corpus.Count)] = Sample.Of(line);
    }

    private List<byte> Restructure((string Key, string Value)[] from)
    {
        var pairs = from.ToList();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            var at = pairs.Count == 0 ? 0 : _random.Next(pairs.Count);
            switch (pairs.Count == 0 ? 0 : _random.Next(10))
            {
                case 0:
                    pairs.Insert(at, (Pick(s_keys), Value()));
                    break;
                case 1 when _corpus[_random.Next(_corpus.Count)].Pairs is { Length: > 0 } other:
                    pairs.InsertRange(at, other.Skip(_random.Next(other.Length)).Take(_random.Next(1, 6)));
                    break;
                case 2:
                    pairs.RemoveAt(at);
                    break;
                case 3:
                    pairs.Add(pairs[at]);
                    break;
                case 4:
                    pairs[at] = (Pick(s_keys), pairs[at].Value);
                    break;
                case 5:
                    (pairs[0], pairs[at]) = (pairs[at], pairs[0]);
                    break;
                case 6:
                    pairs[at] = (pairs[at].Key, Long(pairs[at].Value));
                    break;
                default:
                    pairs[at] = (pairs[at].Key, Value());
                    break;
            }
        }

        var space = _random.Next(20) == 0 ? " \t\r"[.._random.Next(1, 4)] : "";
        var text = string.Concat("{", space, string.Join("," + space, pairs.Select(p => $"\"{p.Key}\":{space}{p.Value}")), space, "}");
        return [.. Encoding.Latin1.GetBytes(text)];
    }

    private string Value() => _random.Next(10) switch
    {
        < 4 => Pick(s_numbers),
        < 8 => Pick(s_texts),
        _ => Pick(s_others),
    };

    // Around every limit that a text has, the line's own (rarely) included.
    private string Long(string value)
    {
        if (value.Length < 2 || value[0] != '"') return value + Pick(s_numbers);
        var limits = _random.Next(200) == 0 ? [65_400, 65_536] : (int[])[16, 32, 64, 128, 256, 512, 1_000];
        var length = limits[_random.Next(limits.Length)] + _random.Next(-2, 3);
        var filler = Pick(["x", "1", ",", "a1", "\u00c3\u00bc", "\u00f0\u009f\u0098\u0080", "\\ud83d\\ude00"]);
        return $"\"{string.Concat(Enumerable.Repeat(filler, length))}\"";
    }

    private void ChangeBytes(List<byte> bytes)
    {
        for (var changes = _random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(8))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(0, Math.Min(at, 200)));
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(Value()));
                    break;
                case 6:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                default:
                    bytes[at] = (byte)"0123456789-.eE\"{}[],:\\"[_random.Next(22)];
                    break;
            }
        }
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    /// <summary>A line, and its keys and values as they are written; text here is bytes, one character each.</summary>
    private sealed record Sample(byte[] Bytes, (string Key, string Value)[]? Pairs)
    {
        public static Sample Of(byte[] line)
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind != JsonValueKind.Object) return new Sample(line, null);
                var pairs = document.RootElement.EnumerateObject()
                    .Select(p => (Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(JsonEncodedText.Encode(p.Name).Value)), Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(p.Value.GetRawText()))));
                return new Sample(line, [.. pairs]);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
            {
                return new Sample(line, null);
            }
        }
    }
}
