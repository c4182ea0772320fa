namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>What MQL5 forbids or warns about and g++ lets pass, and what the EA's own subset leaves out.</summary>
public static class Lint
{
    private static readonly Func<LintFile, IEnumerable<Finding>>[] s_rules =
        [TextRules.Check, WordRules.Check, PreprocessorRules.Check, DeclarationRules.Check, StatementRules.Check, ClassRules.Check, CallRules.Check, InputRules.Check];

    public static IReadOnlyList<Finding> Run(SourceTree tree)
    {
        var words = Vocabulary.Of(tree);
        var classes = ClassRules.ClassesOf(tree);
        return [.. from file in tree.Files
                   let lint = new LintFile(file, tree, words, classes)
                   from rule in s_rules
                   from finding in rule(lint)
                   orderby finding.Path, finding.Line
                   select finding];
    }
}

/// <summary>A file as the rules see it.</summary>
public sealed class LintFile
{
    private readonly int[] _match;
    private readonly int[] _outer;

    public LintFile(SourceFile source, SourceTree tree, Vocabulary words, IReadOnlyDictionary<string, ClassShape> classes)
    {
        (Source, Tree, Words, Classes) = (source, tree, words, classes);
        Tokens = Lexer.Read(source.Text);
        Code = [.. Tokens.Where(t => t.IsCode)];
        _match = new int[Code.Count];
        _outer = new int[Code.Count];
        var open = new Stack<int>();
        for (var i = 0; i < Code.Count; i++)
        {
            _match[i] = -1;
            var mark = Code[i].Kind == TokenKind.Punctuation ? Code[i].Text : "";
            if (mark is ")" or "]" or "}" && open.Count > 0)
            {
                var begin = open.Pop();
                (_match[begin], _match[i]) = (i, begin);
            }
            _outer[i] = open.Count > 0 ? open.Peek() : -1;
            if (mark is "(" or "[" or "{") open.Push(i);
        }
    }

    public SourceFile Source { get; }
    public SourceTree Tree { get; }
    public Vocabulary Words { get; }
    public IReadOnlyDictionary<string, ClassShape> Classes { get; }
    public List<Token> Tokens { get; }

    /// <summary>Words, numbers, literals and punctuation, without directives.</summary>
    public List<Token> Code { get; }

    public bool Is(int at, string text) => at >= 0 && at < Code.Count && Code[at].Is(text);
    public bool IsWord(int at) => at >= 0 && at < Code.Count && Code[at].Kind == TokenKind.Word;
    public bool IsType(int at) => IsWord(at) && Words.IsType(Code[at].Text);

    /// <summary>The bracket that belongs to the one here; −1: none.</summary>
    public int Match(int at) => _match[at];

    /// <summary>The bracket that is open here; −1: none.</summary>
    public int Outer(int at) => _outer[at];

    /// <summary>Directly in the body of a class.</summary>
    public bool InClass(int at)
    {
        var open = Outer(at);
        if (!Is(open, "{")) return false;
        var word = open - 1;
        while (word > 0 && Code[word].Text is not (";" or "}" or "{" or ")")) word--;
        return Enumerable.Range(word, open - word).Any(i => Is(i, "class") || Is(i, "struct"));
    }

    /// <summary>The arguments between the '(' here and its ')'.</summary>
    public List<(int From, int To)> Arguments(int open)
    {
        var arguments = new List<(int, int)>();
        var end = Match(open);
        if (end <= open + 1) return arguments;
        var from = open + 1;
        for (var i = from; i <= end; i++)
        {
            if (i != end && !(Code[i].Is(",") && Outer(i) == open)) continue;
            arguments.Add((from, i));
            from = i + 1;
        }
        return arguments;
    }

    public string Text(int from, int to) => string.Join(' ', Code.Skip(from).Take(to - from).Select(t => t.Text));

    public Finding At(int at, string rule, string message) => new(Source.Path, Code[at].Line, rule, message);
    public Finding At(Token token, string rule, string message) => new(Source.Path, token.Line, rule, message);
}
