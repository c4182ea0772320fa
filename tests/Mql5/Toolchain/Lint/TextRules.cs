namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Bytes, characters and literals.</summary>
public static class TextRules
{
    public const int LongestIdentifier = 63;

    public static IEnumerable<Finding> Check(LintFile file)
    {
        var lines = file.Source.Text.Split('\n');
        if (file.Source.Text.StartsWith('\uFEFF')) yield return new Finding(file.Source.Path, 1, "byte-order-mark", "sources are UTF-8 without one");
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains('\uFFFD', StringComparison.Ordinal)) yield return new Finding(file.Source.Path, i + 1, "not-utf8", "bytes that are no UTF-8");
            if (lines[i].Contains('\r', StringComparison.Ordinal)) yield return new Finding(file.Source.Path, i + 1, "carriage-return", "lines end with LF");
            if (lines[i].Contains('\t', StringComparison.Ordinal)) yield return new Finding(file.Source.Path, i + 1, "tab", "indent with three spaces");
        }
        foreach (var token in file.Tokens)
            if (Literal(token) is { } finding) yield return file.At(token, finding.Rule, finding.Message);
        for (var i = 1; i < file.Code.Count; i++)
            if (file.Code[i].Kind == TokenKind.Text && file.Code[i - 1].Kind == TokenKind.Text && !file.Is(i - 2, "group"))
                yield return file.At(i, "adjacent-text", "join texts by +");
    }

    private static (string Rule, string Message)? Literal(Token token)
    {
        var text = token.Text;
        switch (token.Kind)
        {
            case TokenKind.Word when text.Length > LongestIdentifier:
                return ("identifier-length", $"at most {LongestIdentifier} characters");
            case TokenKind.Word when text.Any(c => !char.IsAscii(c)):
                return ("identifier-ascii", "identifiers are of A-Z, a-z, 0-9 and _");
            case TokenKind.Text or TokenKind.Character:
                if (text.Length < 2 || text[^1] != text[0]) return ("unclosed-literal", "the closing quote is missing on this line");
                for (var i = 1; i < text.Length - 1; i++)
                    if (text[i] == '\\' && text[++i] is not ('n' or 'r' or 't' or '\\' or '"' or '\'')) return ("escape", $"\\{text[i]} is not the same in MQL5 and C++: \\n \\r \\t \\\\ \\\" \\' are");
                if (token.Kind == TokenKind.Character && text.Length != (text[1] == '\\' ? 4 : 3)) return ("character", "one character");
                return null;
            case TokenKind.Number:
                var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
                if (!hex && text.Any(c => char.IsLetter(c) && c is not ('e' or 'E'))) return ("number-suffix", "numbers carry no suffix");
                if (text.Length > 1 && text[0] == '0' && char.IsDigit(text[1]) && !text.Contains('.', StringComparison.Ordinal)) return ("octal", "a leading 0 means octal in C++");
                return null;
            default:
                return null;
        }
    }
}
