namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>What a token is.</summary>
public enum TokenKind
{
    Word, Number, Text, Character, DateLiteral, ColorLiteral, Punctuation, Comment, Space, LineEnd,

    /// <summary>A whole line: #include, #property, #import.</summary>
    Line,

    /// <summary>#define, #ifdef, …: the word alone; the rest of the line is tokens with <see cref="Token.InDirective"/>.</summary>
    Directive,
}

/// <summary>A piece of source. <see cref="Output"/> is what the transform makes of it.</summary>
public sealed class Token(TokenKind kind, string text, int line, bool inDirective)
{
    public TokenKind Kind { get; } = kind;
    public string Text { get; } = text;

    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>Part of a #define or of a condition: no declaration.</summary>
    public bool InDirective { get; } = inDirective;

    public string Output { get; set; } = text;

    public bool Is(string text) => Kind is TokenKind.Word or TokenKind.Punctuation && Text == text;

    public bool IsCode => !InDirective && Kind is not (TokenKind.Comment or TokenKind.Space or TokenKind.LineEnd or TokenKind.Line or TokenKind.Directive);

    public override string ToString() => $"{Line}: {Kind} {Text}";
}
