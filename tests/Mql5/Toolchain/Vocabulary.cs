namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Words of MQL5, and the types that a tree declares.</summary>
public sealed class Vocabulary
{
    public static readonly HashSet<string> SimpleTypes =
        ["void", "bool", "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "float", "double", "string", "datetime", "color"];

    private readonly HashSet<string> _types;

    private Vocabulary(HashSet<string> types) => _types = types;

    /// <summary>A simple type, one that the tree declares, or one of the terminal's (Mql…, ENUM_…).</summary>
    public bool IsType(string word) =>
        _types.Contains(word) || word.StartsWith("ENUM_", StringComparison.Ordinal) || (word.StartsWith("Mql", StringComparison.Ordinal) && word.Length > 3 && char.IsUpper(word[3]));

    public static Vocabulary Of(SourceTree tree)
    {
        var types = new HashSet<string>(SimpleTypes, StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            var code = Lexer.Read(file.Text).Where(t => t.IsCode).ToList();
            for (var i = 0; i + 1 < code.Count; i++)
                if (code[i].Kind == TokenKind.Word && code[i].Text is "class" or "struct" or "enum" && code[i + 1].Kind == TokenKind.Word) types.Add(code[i + 1].Text);
        }
        return new Vocabulary(types);
    }
}
