namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Inputs and their limits.</summary>
public static class InputRules
{
    public const int LongestLabel = 63;
    public const int LongestTextAndName = 254;

    public static IEnumerable<Finding> Check(LintFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (!file.Is(i, "input") && !file.Is(i, "sinput")) continue;
            if (!file.Source.IsMain) { yield return file.At(i, "input-outside-main", "inputs stand in the .mq5"); continue; }
            if (file.Is(i + 1, "group"))
            {
                if (i + 2 < file.Code.Count && file.Code[i + 2].Kind == TokenKind.Text && file.Code[i + 2].Text.Length - 2 > LongestLabel) yield return file.At(i, "input-label", $"a title has at most {LongestLabel} characters");
                continue;
            }
            if (!file.IsType(i + 1) || !file.IsWord(i + 2) || !file.Is(i + 3, "=")) { yield return file.At(i, "input-form", "write `input T Name=value; // label`"); continue; }
            if (!Vocabulary.SimpleTypes.Contains(file.Code[i + 1].Text) && file.Classes.ContainsKey(file.Code[i + 1].Text)) yield return file.At(i, "input-type", "an input is of a simple type, a string or an enumeration");

            var value = file.Code[i + 4];
            var name = file.Code[i + 2].Text;
            if (value.Kind == TokenKind.Text && value.Text.Length - 2 > LongestTextAndName - name.Length)
                yield return file.At(i, "input-length", $"a text of an input has at most {LongestTextAndName} characters less those of its name");
            if (file.Is(i + 4, "NULL")) yield return file.At(i, "input-form", "an input begins with a value");
            var semicolon = file.Code.FindIndex(i, t => t.Is(";"));
            var label = semicolon < 0 ? null : file.Tokens.SkipWhile(t => t != file.Code[semicolon]).TakeWhile(t => t.Kind != TokenKind.LineEnd).FirstOrDefault(t => t.Kind == TokenKind.Comment);
            if (label is null) yield return file.At(i, "input-label", "the label is the comment behind it");
            else if (label.Text[2..].Trim().Length > LongestLabel) yield return file.At(i, "input-label", $"a label has at most {LongestLabel} characters");
        }
    }
}
