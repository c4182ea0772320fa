namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Cuts MQL5 into tokens; all of them together are the source again.</summary>
public static class Lexer
{
    private static readonly string[] Punctuation =
        ["<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "::", "##"];

    public static List<Token> Read(string source)
    {
        var tokens = new List<Token>();
        int at = 0, line = 1;
        bool inDirective = false, lineBegins = true;

        while (at < source.Length)
        {
            var (kind, length) = Next(source, at, lineBegins);
            var text = source.Substring(at, length);
            if (kind == TokenKind.Directive) inDirective = true;
            if (kind == TokenKind.LineEnd && !(at > 0 && source[at - 1] == '\\')) inDirective = false;
            tokens.Add(new Token(kind, text, line, inDirective && kind != TokenKind.Directive));
            line += text.Count(c => c == '\n');
            at += length;
            lineBegins = kind == TokenKind.LineEnd || (lineBegins && kind is TokenKind.Space or TokenKind.Comment);
        }
        return tokens;
    }

    private static (TokenKind Kind, int Length) Next(string s, int at, bool lineBegins)
    {
        var c = s[at];
        if (c == '\n') return (TokenKind.LineEnd, 1);
        if (c == '\\' && at + 1 < s.Length && s[at + 1] is '\n' or '\r') return (TokenKind.Space, 1);
        if (char.IsWhiteSpace(c)) return (TokenKind.Space, Run(s, at, x => char.IsWhiteSpace(x) && x != '\n'));
        if (Starts(s, at, "//")) return (TokenKind.Comment, Run(s, at, x => x != '\n'));
        if (Starts(s, at, "/*")) return (TokenKind.Comment, s.IndexOf("*/", at + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 - at : s.Length - at);
        if (c == '#' && lineBegins)
        {
            var word = 1 + Run(s, at + 1, x => x is ' ' or '\t');
            word += Run(s, at + word, char.IsLetter);
            return s.Substring(at, word).Replace(" ", "", StringComparison.Ordinal) is "#include" or "#property" or "#import"
                ? (TokenKind.Line, Run(s, at, x => x is not ('\n' or '\r')))
                : (TokenKind.Directive, word);
        }
        if (c is 'D' or 'C' && at + 1 < s.Length && s[at + 1] == '\'')
            return (c == 'D' ? TokenKind.DateLiteral : TokenKind.ColorLiteral, 1 + Quoted(s, at + 1, '\''));
        if (c == '"') return (TokenKind.Text, Quoted(s, at, '"'));
        if (c == '\'') return (TokenKind.Character, Quoted(s, at, '\''));
        if (char.IsLetter(c) || c == '_') return (TokenKind.Word, Run(s, at, x => char.IsLetterOrDigit(x) || x == '_'));
        if (char.IsDigit(c) || (c == '.' && at + 1 < s.Length && char.IsDigit(s[at + 1]))) return (TokenKind.Number, Number(s, at));
        foreach (var mark in Punctuation)
            if (Starts(s, at, mark)) return (TokenKind.Punctuation, mark.Length);
        return (TokenKind.Punctuation, 1);
    }

    private static bool Starts(string s, int at, string what) => string.CompareOrdinal(s, at, what, 0, what.Length) == 0;

    private static int Run(string s, int at, Func<char, bool> belongs)
    {
        var end = at;
        while (end < s.Length && belongs(s[end])) end++;
        return end - at;
    }

    private static int Quoted(string s, int at, char quote)
    {
        for (var end = at + 1; end < s.Length && s[end] != '\n'; end++)
        {
            if (s[end] == '\\') end++;
            else if (s[end] == quote) return end + 1 - at;
        }
        return Run(s, at, x => x != '\n');
    }

    private static int Number(string s, int at)
    {
        var end = at;
        while (end < s.Length && (char.IsLetterOrDigit(s[end]) || s[end] == '.'
            || (s[end] is '+' or '-' && s[end - 1] is 'e' or 'E' && !Starts(s, at, "0x") && !Starts(s, at, "0X")))) end++;
        return end - at;
    }
}
