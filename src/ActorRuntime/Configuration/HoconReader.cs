using System.Text;

namespace Akka.Configuration;

/// <summary>Reads the part of HOCON that configurations use: no includes, no substitutions, no concatenation of blocks.</summary>
internal sealed class HoconReader(string text)
{
    private int _at;

    public ConfigNode Read()
    {
        SkipBlank();
        var braced = TryTake('{');
        var root = ReadBlock(braced);
        SkipBlank();
        return _at == text.Length ? root : throw Malformed("text after the end");
    }

    private ConfigNode ReadBlock(bool braced)
    {
        var block = new ConfigNode();
        while (true)
        {
            SkipBlank();
            if (_at == text.Length)
                return braced ? throw Malformed("a block that is not closed") : block;
            if (TryTake('}'))
                return braced ? block : throw Malformed("a closing brace without a block");
            var key = ReadKey();
            SkipBlank();
            if (TryTake('{'))
            {
                block.Set(key, ReadBlock(braced: true));
                continue;
            }
            if (!TryTake('=') && !TryTake(':'))
                throw Malformed($"key [{key}] without a value");
            SkipBlank();
            block.Set(key, TryTake('{') ? ReadBlock(braced: true) : TryTake('[') ? ReadList() : new ConfigNode { Value = ReadValue("}\n") });
        }
    }

    private ConfigNode ReadList()
    {
        var items = new List<string>();
        while (true)
        {
            SkipBlank();
            if (_at == text.Length)
                throw Malformed("a list that is not closed");
            if (TryTake(']'))
                return new ConfigNode { Items = items };
            items.Add(ReadValue("]\n"));
        }
    }

    private string ReadKey()
    {
        var start = _at;
        var quoted = false;
        while (_at < text.Length && (quoted || !"={:\n".Contains(text[_at], StringComparison.Ordinal)))
            quoted ^= text[_at++] == '"';
        return text[start.._at].Trim();
    }

    private string ReadValue(string ends)
    {
        if (text.AsSpan(_at).StartsWith("\"\"\""))
        {
            var close = text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
            if (close < 0)
                throw Malformed("a text that is not closed");
            var raw = text[(_at + 3)..close];
            _at = close + 3;
            return raw;
        }
        if (TryTake('"'))
            return ReadQuoted();
        var start = _at;
        while (_at < text.Length && text[_at] != ',' && !ends.Contains(text[_at], StringComparison.Ordinal) && !AtComment())
            _at++;
        return text[start.._at].Trim();
    }

    private string ReadQuoted()
    {
        var value = new StringBuilder();
        while (_at < text.Length)
        {
            var c = text[_at++];
            if (c == '"')
                return value.ToString();
            if (c == '\\' && _at < text.Length)
            {
                c = text[_at++] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    var other => other,
                };
            }
            value.Append(c);
        }
        throw Malformed("a text that is not closed");
    }

    private bool AtComment() => text[_at] == '#' || (text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/');

    private void SkipBlank()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]) || text[_at] == ',')
                _at++;
            else if (AtComment())
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
            else
                return;
        }
    }

    private bool TryTake(char c)
    {
        if (_at >= text.Length || text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private ConfigurationException Malformed(string what)
    {
        var line = text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n') + 1;
        return new ConfigurationException(FormattableString.Invariant($"The configuration has {what}, line {line}."));
    }
}
