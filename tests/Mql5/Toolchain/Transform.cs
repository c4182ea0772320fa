using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>
/// MQL5 to C++, token by token; lines stay where they are. The rules stand in tests/Mql5/README.md. What it cannot carry over is a finding, never a guess.
/// </summary>
public sealed partial class Transform
{
    private readonly SourceFile _file;
    private readonly Vocabulary _words;
    private readonly List<Token> _tokens;
    private readonly List<Token> _code;
    private readonly List<Finding> _findings = [];
    private readonly List<string> _handlers = [];
    private readonly List<(string Name, string Value)> _properties = [];

    private static readonly HashSet<string> Handlers = ["OnInit", "OnDeinit", "OnTick", "OnTimer", "OnTrade", "OnTradeTransaction", "OnChartEvent"];

    private Transform(SourceFile file, Vocabulary words)
    {
        (_file, _words) = (file, words);
        _tokens = Lexer.Read(file.Text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal));
        _code = [.. _tokens.Where(t => t.IsCode)];
    }

    /// <summary>The C++ text of a file, or what stands in the way.</summary>
    public static (string Text, IReadOnlyList<Finding> Findings) Run(SourceFile file, Vocabulary words)
    {
        var transform = new Transform(file, words);
        return (transform.Run(), transform._findings);
    }

    private string Run()
    {
        foreach (var token in _tokens) Literal(token);
        Lines();
        Arrays();
        Enums();
        TopLevel();

        var text = new StringBuilder();
        text.Append("// Made from ").Append(_file.Path).Append(" by tests/Mql5/Toolchain.\n#pragma once\n#include \"Mql5.h\"\n");
        if (_file.IsMain) text.Replace("#pragma once\n", "");
        text.Append(CultureInfo.InvariantCulture, $"#line 1 \"{_file.FullPath}\"\n");
        foreach (var token in _tokens) text.Append(token.Output);
        if (_file.IsMain) text.Append(Footer());
        return text.ToString();
    }

    private void Refuse(Token at, string rule, string message) => _findings.Add(new Finding(_file.Path, at.Line, rule, message));

    // --- literals and words

    private void Literal(Token token)
    {
        switch (token.Kind)
        {
            case TokenKind.Text:
                token.Output = $"mt::S(u{token.Text})";
                break;
            case TokenKind.Character:
                token.Output = $"mt::Character(u{token.Text})";
                break;
            case TokenKind.DateLiteral:
                var date = token.Text[2..^1].Trim();
                if (DateTime.TryParseExact(date, ["yyyy.MM.dd HH:mm:ss", "yyyy.MM.dd HH:mm", "yyyy.MM.dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                    token.Output = $"datetime({(time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond}L)";
                else Refuse(token, "date-literal", $"{token.Text} is not D'yyyy.mm.dd hh:mi:ss'");
                break;
            case TokenKind.ColorLiteral:
                var parts = token.Text[2..^1].Split(',');
                if (parts.Length == 3 && parts.All(p => byte.TryParse(p.Trim(), CultureInfo.InvariantCulture, out _)))
                    token.Output = $"color({parts.Select((p, i) => int.Parse(p.Trim(), CultureInfo.InvariantCulture) << (8 * i)).Sum()})";
                else Refuse(token, "color-literal", $"{token.Text} is not C'r,g,b'");
                break;
            case TokenKind.Number when ulong.TryParse(token.Text, CultureInfo.InvariantCulture, out var number) && number > long.MaxValue:
                token.Output = token.Text + "UL";
                break;
            case TokenKind.Word:
                token.Output = token.Text switch
                {
                    "NULL" => "mt::Null",
                    "__FUNCTION__" => "mt::FunctionName(__PRETTY_FUNCTION__)",
                    "__FILE__" => $"mt::S(u\"{Path.GetFileName(_file.Path)}\")",
                    "sinput" => "input",
                    "_Symbol" => "Symbol()",
                    "_Period" => "Period()",
                    _ => token.Text,
                };
                break;
        }
    }

    private void Lines()
    {
        foreach (var token in _tokens.Where(t => t.Kind == TokenKind.Line))
        {
            if (Property().Match(token.Text) is { Success: true } property)
            {
                _properties.Add((property.Groups["name"].Value, property.Groups["value"].Value.Trim().Trim('"')));
                token.Output = "";
            }
            else if (token.Text.Contains("#include", StringComparison.Ordinal)) token.Output = token.Text.Replace('\\', '/');
            else Refuse(token, "import", "#import is not known here");
        }
    }

    // --- declarations

    private void Arrays()
    {
        var open = new Stack<string>();
        for (var i = 0; i < _code.Count; i++)
        {
            if (_code[i].Text is "(" or "{") open.Push(_code[i].Text);
            else if (_code[i].Text is ")" or "}" && open.Count > 0) open.Pop();
            if (_code[i].Kind != TokenKind.Word || !_words.IsType(_code[i].Text)) continue;

            var name = i + 1;
            var reference = name < _code.Count && _code[name].Is("&");
            if (reference) name++;
            if (name + 1 >= _code.Count || _code[name].Kind != TokenKind.Word || !_code[name + 1].Is("[")) continue;

            var close = name + 2;
            while (close < _code.Count && !_code[close].Is("]")) close++;
            if (close >= _code.Count) continue;
            var size = string.Concat(_code.Skip(name + 2).Take(close - name - 2).Select(t => t.Output));
            var type = _code[i].Output;
            _code[i].Output = size.Length == 0 || reference ? $"Arr<{type}>" : $"FixArr<{type},({size})>";
            for (var gone = name + 1; gone <= close; gone++) _code[gone].Output = "";

            var after = close + 1 < _code.Count ? _code[close + 1].Text : "";
            if (after == "[") Refuse(_code[i], "array-2d", "arrays have one dimension here");
            if (after == "," && !(open.Count > 0 && open.Peek() == "(")) Refuse(_code[i], "array-list", "one array a declaration");
            i = close;
        }
    }

    private void Enums()
    {
        var depth = 0;
        for (var i = 0; i < _code.Count; i++)
        {
            if (_code[i].Is("{")) depth++;
            if (_code[i].Is("}")) depth--;
            if (!_code[i].Is("enum") || i + 2 >= _code.Count || !_code[i + 2].Is("{")) continue;

            var type = _code[i + 1].Text;
            var entries = new List<string>();
            int at = i + 3;
            for (var atName = true; at < _code.Count && !_code[at].Is("}"); at++)
            {
                if (atName && _code[at].Kind == TokenKind.Word) entries.Add(_code[at].Text);
                atName = _code[at].Is(",");
            }
            if (at + 1 >= _code.Count || !_code[at + 1].Is(";")) continue;
            var table = string.Join(",", entries.Select(e => $"{{static_cast<int>({e}),\"{e}\"}}"));
            _code[i + 1].Output = $"{type} : int";
            _code[at + 1].Output = $"; {(depth > 0 ? "friend " : "")}inline string EnumToString({type} value) {{ const mt::EnumEntry entries[]={{{table}}}; "
                + $"return mt::EnumName(\"{type}\",entries,static_cast<int>(value)); }}";
            i = at + 1;
        }
    }

    private void TopLevel()
    {
        string group = "";
        Token? firstFunction = null;
        var prototypes = new StringBuilder();
        for (var i = 0; i < _code.Count;)
        {
            var end = StatementEnd(i);
            var first = _code[i];
            if (first.Is("input") || first.Is("sinput"))
            {
                if (_code[i + 1].Is("group")) group = Group(i, end);
                else Input(i, end, group);
            }
            else if (first.Text is "class" or "struct" or "enum" or "template" or "typedef" or "using" or "namespace" or ";") { }
            else if (IsFunction(i, end, out var name))
            {
                if (_code[end].Is("}"))
                {
                    first.Output = "inline " + first.Output;
                    prototypes.Append(Prototype(i, end));
                    firstFunction ??= first;
                }
                if (Handlers.Contains(name)) _handlers.Add(name);
            }
            else Variable(i, end);
            i = end + 1;
        }
        // MQL5 knows functions that stand further down.
        if (firstFunction is not null) firstFunction.Output = prototypes + firstFunction.Output;
    }

    /// <summary>The declaration of a function; nothing for a member, and for one with default values, which C++ takes once only.</summary>
    private string Prototype(int begin, int end)
    {
        var head = _code.Skip(begin).Take(end - begin).TakeWhile(t => !t.Is("{")).ToList();
        return head.Any(t => t.Text is "=" or "::" or "operator") ? "" : string.Join(' ', head.Select(t => t.Output).Where(o => o.Length > 0)) + "; ";
    }

    /// <summary>The last token of the declaration that begins here: its ';', or the '}' of a function.</summary>
    private int StatementEnd(int begin)
    {
        if (_code[begin].Text is "input" && begin + 2 < _code.Count && _code[begin + 1].Is("group"))
            return begin + 3 < _code.Count && _code[begin + 3].Is(";") ? begin + 3 : begin + 2;
        var depth = 0;
        var isType = _code[begin].Text is "class" or "struct" or "enum";
        var initialised = false;
        for (var i = begin; i < _code.Count; i++)
        {
            var t = _code[i];
            if (t.Kind == TokenKind.Punctuation && t.Text is "(" or "{" or "[") depth++;
            else if (t.Kind == TokenKind.Punctuation && t.Text is ")" or "}" or "]") depth--;
            if (depth != 0) continue;
            if (t.Is("=")) initialised = true;
            if (t.Is(";")) return i;
            if (t.Is("}") && !isType && !initialised && !(i + 1 < _code.Count && _code[i + 1].Is(";"))) return i;
        }
        return _code.Count - 1;
    }

    private bool IsFunction(int begin, int end, out string name)
    {
        name = "";
        for (var i = begin; i <= end; i++)
        {
            if (_code[i].Is("operator")) return true;
            if (_code[i].Is("=") || _code[i].Is("[")) return false;
            if (!_code[i].Is("(")) continue;
            name = _code[i - 1].Text;
            return true;
        }
        return false;
    }

    private void Variable(int begin, int end)
    {
        if (_code[begin].Is("const") || (_code[begin].Is("static") && _code[begin + 1].Is("const"))) return;
        if (_code.Skip(begin).Take(end - begin).Any(t => t.Is("::"))) { Refuse(_code[begin], "static-member", "static data members do not live through a reload here"); return; }

        // T name [= value];  (an array's brackets have gone into T)
        var type = begin;
        if (_code[type].Is("static")) _code[type++].Output = "";
        var name = type + 1;
        if (_code[type].Kind != TokenKind.Word || name >= end || _code[name].Kind != TokenKind.Word) { Refuse(_code[begin], "global", "a global is `T name;` or `T name=value;`, one a declaration"); return; }
        var value = name + 1;
        while (value < end && _code[value].Output.Length == 0) value++;
        if (value < end && !_code[value].Is("=")) { Refuse(_code[begin], "global", "one global a declaration, without arguments"); return; }

        var (t, n) = (_code[type].Output, _code[name].Text);
        if (value < end)
        {
            _code[type].Output = $"inline mt::Global<{t}> mt_global_{n}([](void *at)";
            _code[name].Output = $"{{ new (at) {t}(";
            _code[value].Output = "";
            _code[end].Output = $"); }}); inline {t} &{n}=mt_global_{n}.Ref();";
        }
        else
        {
            _code[type].Output = $"inline mt::Global<{t}> mt_global_{n}([](void *at)";
            _code[name].Output = $"{{ new (at) {t}()";
            _code[end].Output = $"; }}); inline {t} &{n}=mt_global_{n}.Ref();";
        }
    }

    // --- inputs

    private string Group(int begin, int end)
    {
        var text = _code[begin + 2];
        for (var i = begin; i <= end; i++) _code[i].Output = "";
        if (text.Kind == TokenKind.Text) return text.Text;
        Refuse(_code[begin], "input-group", "write `input group \"title\"`");
        return "";
    }

    private void Input(int begin, int end, string group)
    {
        var (type, name) = (begin + 1, begin + 2);
        if (end < begin + 5 || !_code[name + 1].Is("=")) { Refuse(_code[begin], "input", "an input is `input T name=value; // label`"); return; }
        var (t, n) = (_code[type].Text, _code[name].Text);
        var label = Label(_code[end]).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        _code[begin].Output = "static";
        _code[type].Output = $"mt::Input<{t}>";
        _code[name].Output = $"mt_input_{n}";
        _code[name + 1].Output = $"(\"{n}\",\"{t}\",\"{label}\",{(group.Length == 0 ? "\"\"" : group)},";
        _code[end].Output = $"); static const {t} &{n}=mt_input_{n}.Ref();";
    }

    /// <summary>The comment on the line of an input.</summary>
    private string Label(Token semicolon)
    {
        var comment = _tokens.SkipWhile(t => t != semicolon).TakeWhile(t => t.Kind != TokenKind.LineEnd).FirstOrDefault(t => t.Kind == TokenKind.Comment);
        return comment is null ? "" : comment.Text[2..].Trim();
    }

    private string Footer()
    {
        var handlers = string.Concat(_handlers.Select(h => $" h.{h}=&::{h};"));
        var properties = string.Concat(_properties.Select(p => $" if (key==\"{p.Name}\") return \"{p.Value}\";"));
        return $"\nconst mt::Handlers &mt::EaHandlers() {{ static const mt::Handlers all=[] {{ mt::Handlers h;{handlers} return h; }}(); return all; }}\n"
            + $"const char *mt::EaProperty(const char *name) {{ const std::string_view key(name);{properties} return \"\"; }}\n";
    }

    [GeneratedRegex("""^\s*#\s*property\s+(?<name>\w+)\s*(?<value>.*?)\s*(//.*)?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Property();
}
