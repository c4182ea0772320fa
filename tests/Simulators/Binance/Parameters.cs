using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace CSMultiConnector.Simulators.Binance;

/// <summary>
/// What a request carries, and the exact text that its signature covers. REST: the query immediately followed by the body, as sent, without the
/// signature's pair; WebSocket API: every parameter but the signature, sorted by name, raw.
/// </summary>
internal sealed class Parameters
{
    private const string DecimalRange = @"^([0-9]{1,20})(\.[0-9]{1,20})?$";

    // What encodeURIComponent and RFC 3986 leave as it is; everything else must be percent-encoded before it is signed.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!*'()+");

    private readonly List<KeyValuePair<string, string>> _all = [];

    private Parameters()
    {
    }

    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    public string Payload { get; private set; } = "";

    public string? Signature { get; private set; }

    /// <summary>Whether the signature came last, as USD-M demands.</summary>
    public bool SignatureIsLast { get; private set; } = true;

    /// <summary>Whether everything that must be percent-encoded is.</summary>
    public bool Encoded { get; private set; } = true;

    /// <summary>A name that was sent twice in the same place, if any.</summary>
    public string? Doubled { get; private set; }

    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _all)
                if (key.Equals(name, StringComparison.Ordinal)) return value;
            return null;
        }
    }

    public static Parameters OfRequest(string query, string body)
    {
        var parameters = new Parameters();
        var payload = parameters.Read(query, out var ofQuery);
        var fromQuery = parameters._all.Count;
        var payloadOfBody = parameters.Read(body, out var ofBody);
        // The query wins over the body.
        for (var i = parameters._all.Count - 1; i >= fromQuery; i--)
            for (var j = 0; j < fromQuery; j++)
                if (parameters._all[j].Key == parameters._all[i].Key)
                {
                    parameters._all.RemoveAt(i);
                    break;
                }
        parameters.Payload = payloadOfBody.Length == 0 ? payload : payload + payloadOfBody;
        if (ofQuery && body.Length > 0 && !ofBody) parameters.SignatureIsLast = false;
        return parameters;
    }

    public static Parameters OfJson(JsonElement json)
    {
        var parameters = new Parameters();
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
            {
                var value = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
                if (property.NameEquals("signature")) parameters.Signature = value;
                else parameters._all.Add(new(property.Name, value));
            }
        }
        var sorted = parameters._all.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}");
        parameters.Payload = string.Join('&', sorted);
        return parameters;
    }

    public string Mandatory(string name) => this[name] is { Length: > 0 } value ? value : throw Refusal.Mandatory(name);

    /// <summary>Null when absent.</summary>
    public decimal? Number(string name)
    {
        var text = this[name];
        if (text is null) return null;
        if (text.Length == 0) throw new Refusal(-1105, $"Parameter '{name}' was empty.");
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text.Length : point;
        var digits = point < 0 ? 1 : text.Length - point - 1;
        if (whole is 0 or > 20 || digits is 0 or > 20) throw Refusal.Illegal(name, DecimalRange);
        for (var i = 0; i < text.Length; i++)
            if (i != point && text[i] is < '0' or > '9') throw Refusal.Illegal(name, DecimalRange);
        return decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }

    public long? Whole(string name)
    {
        var text = this[name];
        if (text is null) return null;
        if (text.Length is 0 or > 19 || text.AsSpan().ContainsAnyExceptInRange('0', '9') || !long.TryParse(text, CultureInfo.InvariantCulture, out var value))
            throw Refusal.Illegal(name, "^[0-9]{1,20}$");
        return value;
    }

    public bool? Flag(string name) => this[name] switch
    {
        null => null,
        "true" or "TRUE" => true,
        "false" or "FALSE" => false,
        _ => throw new Refusal(-1102, $"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."),
    };

    private string Read(string text, out bool signed)
    {
        signed = false;
        if (text.Length == 0) return "";
        var from = _all.Count;
        var start = 0;
        var payload = text;
        while (start <= text.Length)
        {
            var end = text.IndexOf('&', start);
            if (end < 0) end = text.Length;
            var pair = text.AsSpan(start, end - start);
            if (pair.Length > 0)
            {
                var equals = pair.IndexOf('=');
                var name = Decode(equals < 0 ? pair : pair[..equals]);
                var value = Decode(equals < 0 ? [] : pair[(equals + 1)..]);
                if (name == "signature")
                {
                    signed = true;
                    Signature = value;
                    SignatureIsLast = end == text.Length;
                    // With its pair goes the separator before it, or the one after it when it comes first.
                    payload = start > 0 ? text.Remove(start - 1, end - start + 1) : text.Remove(0, Math.Min(end + 1, text.Length));
                }
                else
                {
                    for (var i = from; i < _all.Count; i++)
                        if (_all[i].Key == name) Doubled = name;
                    _all.Add(new(name, value));
                }
            }
            start = end + 1;
        }
        return payload;
    }

    private string Decode(ReadOnlySpan<char> raw)
    {
        if (!raw.ContainsAny('%', '+'))
        {
            if (raw.ContainsAnyExcept(Plain)) Encoded = false;
            return raw.ToString();
        }
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%')
            {
                if (i + 2 > raw.Length - 1 || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
                {
                    Encoded = false;
                    break;
                }
                i += 2;
            }
            else if (!Plain.Contains(raw[i])) Encoded = false;
        }
        return Uri.UnescapeDataString(raw.ToString().Replace('+', ' '));
    }
}
