namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Names and declarations.</summary>
public static class DeclarationRules
{
    public static IEnumerable<Finding> Check(LintFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (file.IsType(i) && file.Is(i + 1, "const")) yield return file.At(i, "const-order", "const stands before the type");
            if (file.Is(i, "static") && !file.Is(i + 1, "const") && InFunction(file, i)) yield return file.At(i, "static-local", "a static variable would outlive OnDeinit unseen: use a member");
            if (file.Is(i, "switch") && file.Is(i + 1, "(")) foreach (var finding in StringSwitch(file, i)) yield return finding;

            var reference = file.IsType(i) && file.Is(i + 1, "&");
            var name = reference ? i + 2 : i + 1;
            if (!file.IsType(i) || !file.IsWord(name) || file.Is(name, "const") || file.Code[i].Text is "class" or "struct" or "enum") continue;
            var text = file.Code[name].Text;
            if (reference && file.Is(name + 1, "(")) yield return file.At(i, "reference-returned", "a function returns no reference");
            else if (reference && !(file.Outer(i) >= 0 && file.Is(file.Outer(i), "("))) yield return file.At(i, "reference-variable", "only parameters are references");
            if (file.Is(name + 1, "{") && !file.Is(i - 1, "class") && !file.Is(i - 1, "struct") && !file.Is(i - 1, "enum")) yield return file.At(i, "brace-initialiser", "write T name=value;");
            if (file.Is(name + 1, "=") && file.Is(name + 2, "{") && file.Classes.TryGetValue(file.Code[i].Text, out var shape) && !shape.IsStruct)
                yield return file.At(i, "brace-initialiser", "an object is initialised by its constructor");
            if (Mql5Names.Reserved.Contains(text)) yield return file.At(name, "reserved-name", $"{text} is a word of MQL5");
            else if (Mql5Names.Functions.Contains(text) && !(file.InClass(name) && file.Is(name + 1, ";"))) yield return file.At(name, "built-in-name", $"{text} is a function of MQL5");
            else if (Mql5Names.IsConstant(text)) yield return file.At(name, "built-in-name", $"{text} looks like a constant of MQL5");
        }
        for (var i = 0; i + 1 < file.Code.Count; i++)
            if (file.Code[i].Text is "class" or "struct" or "enum" && file.IsWord(i + 1) && (Mql5Names.Reserved.Contains(file.Code[i + 1].Text) || Mql5Names.Functions.Contains(file.Code[i + 1].Text)))
                yield return file.At(i + 1, "reserved-name", $"{file.Code[i + 1].Text} is a word of MQL5");
    }

    /// <summary>In a body that follows a parameter list.</summary>
    private static bool InFunction(LintFile file, int at)
    {
        for (var open = file.Outer(at); open >= 0; open = file.Outer(open))
            if (file.Is(open, "{") && (file.Is(open - 1, ")") || (file.Is(open - 1, "const") && file.Is(open - 2, ")")))) return true;
        return false;
    }

    private static IEnumerable<Finding> StringSwitch(LintFile file, int at)
    {
        var body = file.Match(at + 1) + 1;
        if (!file.Is(body, "{")) yield break;
        for (var i = body; i < file.Match(body); i++)
            if (file.Is(i, "case") && file.Outer(i) == body)
            {
                if (file.Code[i + 1].Kind == TokenKind.Text) yield return file.At(i, "string-switch", "a switch takes whole numbers");
                var statement = file.Code.FindIndex(i, t => t.Is(":")) + 1;
                if (file.IsType(statement) && file.IsWord(statement + 1)) yield return file.At(statement, "case-variable", "a variable in a switch needs braces of its own");
            }
    }
}
