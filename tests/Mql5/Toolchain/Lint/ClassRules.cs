namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>A class of the tree: its base, methods, members of simple types, and what each of its functions does.</summary>
public sealed class ClassShape(string name, string? @base, bool isStruct)
{
    public string Name { get; } = name;
    public string? Base { get; } = @base;
    public bool IsStruct { get; } = isStruct;
    public HashSet<string> Methods { get; } = new(StringComparer.Ordinal);

    /// <summary>Members that hold garbage until somebody sets them, with their lines.</summary>
    public Dictionary<string, (string Path, int Line)> Bare { get; } = new(StringComparer.Ordinal);

    /// <summary>Bodies by the function's name; the constructor's is the class's own name. Initialiser lists belong to them.</summary>
    public List<(string Function, List<Token> Body)> Bodies { get; } = [];
}

/// <summary>Classes: members set in the constructor, no default values, no name used twice in a hierarchy.</summary>
public static class ClassRules
{
    public static IEnumerable<Finding> Check(LintFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (file.Code[i].Text is "class" or "struct" && file.Code[i].Kind == TokenKind.Word)
            {
                if (file.Is(i - 1, "enum")) { yield return file.At(i, "enum-class", "an enum is a plain one"); continue; }
                if (file.Outer(i) >= 0) yield return file.At(i, "nested-class", "classes stand outside of each other");
                var body = file.Code.FindIndex(i, t => t.Text is "{" or ";");
                if (body > 0 && Enumerable.Range(i, body - i).Any(k => file.Is(k, ","))) yield return file.At(i, "multiple-inheritance", "one base");
                if (body > 0 && file.Is(body, "{"))
                    foreach (var finding in Members(file, body)) yield return finding;
            }
            if (file.Is(i, "enum"))
            {
                if (!file.IsWord(i + 1)) yield return file.At(i, "enum-unnamed", "an enum has a name");
                else if (file.Is(i + 2, ":")) yield return file.At(i, "enum-class", "an enum has no underlying type");
            }
        }
        foreach (var shape in file.Classes.Values)
        {
            foreach (var (member, place) in Unset(shape))
                if (place.Path == file.Source.Path) yield return new Finding(place.Path, place.Line, "uninitialised-member", $"{shape.Name}::{member} is not set in the constructor");
            if (shape.Bodies.Count == 0 || !file.Source.Text.Contains($"class {shape.Name}", StringComparison.Ordinal)) continue;
            for (var above = shape.Base is null ? null : file.Classes.GetValueOrDefault(shape.Base); above is not null; above = above.Base is null ? null : file.Classes.GetValueOrDefault(above.Base))
                foreach (var method in shape.Methods.Where(above.Methods.Contains))
                    yield return new Finding(file.Source.Path, 1, "method-hides", $"{shape.Name}::{method} is a method of {above.Name} too: compilers differ on which is called");
        }
    }

    private static IEnumerable<Finding> Members(LintFile file, int body)
    {
        var end = file.Match(body);
        for (var i = body + 1; i < end; i++)
            if (file.Outer(i) == body && file.Is(i, "=") && !file.Is(i - 1, ")") && !Before(file, body, i).Any(t => t.Is("operator") || t.Is(")")))
                yield return file.At(i, "member-default", "members get their values in the constructor");
    }

    private static IEnumerable<Token> Before(LintFile file, int body, int at)
    {
        for (var i = at - 1; i > body && !(file.Code[i].Text is ";" or "}" or ":" && file.Outer(i) == body); i--) yield return file.Code[i];
    }

    private static IEnumerable<KeyValuePair<string, (string Path, int Line)>> Unset(ClassShape shape)
    {
        if (shape.IsStruct || shape.Bare.Count == 0) return [];
        var reached = new HashSet<string>(StringComparer.Ordinal) { shape.Name };
        var set = new HashSet<string>(StringComparer.Ordinal);
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (function, body) in shape.Bodies)
            {
                if (!reached.Contains(function)) continue;
                for (var i = 0; i + 1 < body.Count; i++)
                {
                    if (body[i].Kind != TokenKind.Word || (i > 0 && body[i - 1].Is("."))) continue;
                    if (body[i + 1].Is("=") || (body[i + 1].Is("(") && shape.Bare.ContainsKey(body[i].Text))) set.Add(body[i].Text);
                    if (body[i].Text is "ZeroMemory" or "ArrayInitialize" or "ArrayFill" && i + 2 < body.Count) set.Add(body[i + 2].Text);
                    if (body[i + 1].Is("(") && shape.Methods.Contains(body[i].Text)) grown |= reached.Add(body[i].Text);
                }
            }
        }
        return shape.Bare.Where(m => !set.Contains(m.Key));
    }

    /// <summary>All classes of a tree.</summary>
    public static IReadOnlyDictionary<string, ClassShape> ClassesOf(SourceTree tree)
    {
        var shapes = new Dictionary<string, ClassShape>(StringComparer.Ordinal);
        var enums = new HashSet<string>(StringComparer.Ordinal);
        var files = tree.Files.Select(f => (f.Path, Code: Lexer.Read(f.Text).Where(t => t.IsCode).ToList())).ToList();
        foreach (var (_, code) in files)
            for (var i = 0; i + 1 < code.Count; i++)
                if (code[i].Is("enum")) enums.Add(code[i + 1].Text);
        foreach (var (path, code) in files)
            for (var i = 0; i + 2 < code.Count; i++)
                if (code[i].Text is "class" or "struct" && code[i + 1].Kind == TokenKind.Word && code[i + 2].Text is "{" or ":") Read(path, code, i, shapes, enums);
        foreach (var (_, code) in files) Outside(code, shapes);
        return shapes;
    }

    private static void Read(string path, List<Token> code, int at, Dictionary<string, ClassShape> shapes, HashSet<string> enums)
    {
        var open = code.FindIndex(at, t => t.Is("{"));
        if (open < 0) return;
        var shape = new ClassShape(code[at + 1].Text, open > at + 2 ? code[open - 1].Text : null, code[at].Is("struct"));
        shapes[shape.Name] = shape;
        var depth = 0;
        for (var i = open; i < code.Count; i++)
        {
            if (code[i].Is("{") || code[i].Is("(")) depth++;
            if (code[i].Is("}") || code[i].Is(")")) depth--;
            if (depth == 0) return;
            if (depth == 2 && code[i].Is("(") && code[i - 1].Kind == TokenKind.Word && !IsInitialiser(code, i - 1))
            {
                var name = code[i - 1].Text;
                if (!code[i - 2].Is("~") && name != shape.Name) shape.Methods.Add(name);
                if (Body(code, i) is { } body) shape.Bodies.Add((code[i - 2].Is("~") ? "~" + name : name, body));
            }
            var simple = Vocabulary.SimpleTypes.Contains(code[i].Text) && code[i].Text is not ("string" or "void");
            if (depth == 1 && (simple || enums.Contains(code[i].Text) || code[i].Text.StartsWith("ENUM_", StringComparison.Ordinal)) && code[i - 1].Text is not ("const" or "static")
                && code[i + 1].Kind == TokenKind.Word && code[i + 2].Text is ";" or ",")
                for (var name = i + 1; code[name].Kind == TokenKind.Word; name += 2)
                {
                    shape.Bare[code[name].Text] = (path, code[name].Line);
                    if (!code[name + 1].Is(",")) break;
                }
        }
    }

    // A name in a constructor's list of initialisers is no method.
    private static bool IsInitialiser(List<Token> code, int name)
    {
        for (var i = name - 1; i > 0; i--)
        {
            if (code[i].Is(":") && code[i - 1].Is(")")) return true;
            if (code[i].Text is ";" or "{" or "}" or ":") return false;
        }
        return false;
    }

    /// <summary>From the parameters' '(' to the end of the body, its initialisers included; null: a declaration.</summary>
    private static List<Token>? Body(List<Token> code, int open)
    {
        var i = Close(code, open) + 1;
        var begin = i;
        while (i < code.Count && !(code[i].Text is "{" or ";")) i++;
        return i < code.Count && code[i].Is("{") ? code.GetRange(begin, Close(code, i) - begin + 1) : null;
    }

    private static int Close(List<Token> code, int open)
    {
        var depth = 0;
        for (var i = open; i < code.Count; i++)
        {
            if (code[i].Text is "(" or "{") depth++;
            if (code[i].Text is ")" or "}" && --depth == 0) return i;
        }
        return code.Count - 1;
    }

    private static void Outside(List<Token> code, Dictionary<string, ClassShape> shapes)
    {
        for (var i = 0; i + 3 < code.Count; i++)
            if (code[i].Kind == TokenKind.Word && code[i + 1].Is("::") && code[i + 3].Is("(") && shapes.TryGetValue(code[i].Text, out var shape) && Body(code, i + 3) is { } body)
                shape.Bodies.Add((code[i + 2].Text, body));
    }
}
