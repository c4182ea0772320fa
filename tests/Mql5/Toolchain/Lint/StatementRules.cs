namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Statements: what MetaEditor refuses or warns about and g++ lets pass in a function's body.</summary>
public static class StatementRules
{
    private static readonly HashSet<string> s_controls = ["if", "for", "while"];

    // Functions that answer with a number: as a condition it has to be compared.
    private static readonly HashSet<string> s_numbers =
        ["TerminalInfoInteger", "MQLInfoInteger", "AccountInfoInteger", "StringLen", "StringFind", "StringReplace", "StringSplit", "StringCompare", "ArraySize", "ArrayResize", "ArrayCopy",
         "PositionsTotal", "OrdersTotal", "HistoryDealsTotal", "PositionGetTicket", "HistoryDealGetTicket", "GetLastError", "ObjectFind", "SocketIsReadable", "MathRand", "FileSize"];

    public static IEnumerable<Finding> Check(LintFile file)
    {
        var (arrays, others) = Variables(file);
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (!file.IsWord(i)) continue;
            var text = file.Code[i].Text;
            if (s_controls.Contains(text) && file.Is(i + 1, "("))
            {
                if (file.Is(file.Match(i + 1) + 1, ";") && !(text == "while" && EndsDo(file, i))) yield return file.At(i, "empty-statement", "MetaEditor warns about a statement that controls nothing");
                if (text != "for" && file.IsType(i + 2) && file.IsWord(i + 3)) yield return file.At(i, "condition-declaration", "a condition declares nothing");
            }
            if (text == "else" && file.Is(i + 1, ";")) yield return file.At(i, "empty-statement", "MetaEditor warns about a statement that controls nothing");
            if (s_numbers.Contains(text) && file.Is(i + 1, "(") && IsCondition(file, i)) yield return file.At(i, "number-as-condition", $"{text} answers with a number: compare it");
            if (file.Is(i + 1, "=") && arrays.Contains(text) && !others.Contains(text) && !file.IsType(i - 1)) yield return file.At(i, "array-assignment", "an array is no value: copy its elements");
            if (Body(file, i) is { } body)
            {
                if (!file.Is(i - 1, "void") && !EndsWithReturn(file, body)) yield return file.At(i, "last-return", $"not every path through {text} returns a value for MetaEditor: let it end with a return");
                foreach (var finding in Unused(file, body)) yield return finding;
            }
        }
    }

    /// <summary>Names that are declared as arrays somewhere in the file, and those that are declared as something else.</summary>
    private static (HashSet<string> Arrays, HashSet<string> Others) Variables(LintFile file)
    {
        var (arrays, others) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i + 1 < file.Code.Count; i++)
        {
            if (!file.IsType(i)) continue;
            var name = file.Is(i + 1, "&") ? i + 2 : i + 1;
            if (file.IsWord(name)) (file.Is(name + 1, "[") ? arrays : others).Add(file.Code[name].Text);
        }
        return (arrays, others);
    }

    /// <summary>The '{' of the function whose name stands here and that gives something back; null: none.</summary>
    private static int? Body(LintFile file, int name)
    {
        if (!file.IsType(name - 1) || !file.Is(name + 1, "(")) return null;
        var body = file.Match(name + 1) + 1;
        while (file.Is(body, "const") || file.Is(body, "override") || file.Is(body, "final")) body++;
        return body > 0 && file.Is(body, "{") ? body : null;
    }

    private static bool EndsWithReturn(LintFile file, int body)
    {
        var end = file.Match(body);
        for (var i = end - 2; i > body; i--)
        {
            // The statement before the last ';' begins behind one of these in the body itself; behind a ')' or an else it is a controlled one.
            if (file.Outer(i) != body || !(file.Code[i].Text is ";" or "}")) continue;
            return file.Is(end - 1, ";") && file.Is(i + 1, "return");
        }
        return file.Is(end - 1, ";") && file.Is(body + 1, "return");
    }

    /// <summary>Local variables of any type, texts and objects too, whose name stands nowhere else in their block.</summary>
    private static IEnumerable<Finding> Unused(LintFile file, int body)
    {
        for (var i = body + 1; i < file.Match(body); i++)
        {
            if (!file.IsType(i) || !file.IsWord(i + 1) || !(file.Code[i + 2].Text is ";" or "=" or "[")) continue;
            var block = file.Outer(i);
            if (file.Is(block, "("))
            {
                if (!file.Is(block - 1, "for")) continue;
                block = file.Outer(block);
            }
            if (!Enumerable.Range(i + 2, file.Match(block) - i - 2).Any(k => file.Is(k, file.Code[i + 1].Text)))
                yield return file.At(i + 1, "unused-variable", $"{file.Code[i + 1].Text} is not used");
        }
    }

    private static bool IsCondition(LintFile file, int at)
    {
        if (file.Is(at - 1, "!")) return true;
        var after = file.Match(at + 1) + 1;
        if (!(file.Is(after, ")") || file.Is(after, "&&") || file.Is(after, "||") || file.Is(after, "?"))) return false;
        return file.Is(at - 1, "&&") || file.Is(at - 1, "||") || (file.Is(at - 1, "(") && (file.Is(at - 2, "if") || file.Is(at - 2, "while")));
    }

    private static bool EndsDo(LintFile file, int at) => file.Is(at - 1, "}") && file.Is(file.Match(at - 1) - 1, "do");
}
