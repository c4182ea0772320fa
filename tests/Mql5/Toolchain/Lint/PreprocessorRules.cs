using System.Text.RegularExpressions;

namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Directives: includes, properties, conditions, macros.</summary>
public static partial class PreprocessorRules
{
    public const int MostMacroParameters = 8;
    public const int LongestDescription = 511;

    private static readonly HashSet<string> s_directives = ["#define", "#undef", "#ifdef", "#ifndef", "#else", "#endif"];
    private static readonly HashSet<string> s_properties = ["copyright", "link", "version", "description", "icon", "tester_file"];

    public static IEnumerable<Finding> Check(LintFile file)
    {
        var description = 0;
        for (var i = 0; i < file.Tokens.Count; i++)
        {
            var token = file.Tokens[i];
            var word = token.Text.Replace(" ", "", StringComparison.Ordinal);
            if (token.Kind == TokenKind.Directive && !s_directives.Contains(word)) yield return file.At(token, "directive", $"{word} is not MQL5: only {string.Join(' ', s_directives)}");
            if (token.InDirective && token.Is("defined")) yield return file.At(token, "directive", "defined() is not MQL5");
            if (token.Kind == TokenKind.Directive && word == "#define" && Parameters(file.Tokens, i) > MostMacroParameters)
                yield return file.At(token, "macro-parameters", $"at most {MostMacroParameters}");
            if (token.Kind != TokenKind.Line) continue;

            if (token.Text.Contains("import", StringComparison.Ordinal) && word.StartsWith("#import", StringComparison.Ordinal)) yield return file.At(token, "import", "no DLL and no other program is called");
            if (word.StartsWith("#include", StringComparison.Ordinal) && Include(file, token) is { } problem) yield return file.At(token, "include", problem);
            if (Property().Match(token.Text) is not { Success: true } property) continue;
            var (name, value) = (property.Groups["name"].Value, property.Groups["value"].Value.Trim());
            if (!file.Source.IsMain) yield return file.At(token, "property-outside-main", "#property counts in the .mq5 only");
            if (!s_properties.Contains(name)) yield return file.At(token, "property", $"{name} is not known");
            if (name == "version" && !Version().IsMatch(value)) yield return file.At(token, "property", "version is \"1.00\"");
            if (name == "description" && (description += value.Length - 2) > LongestDescription) yield return file.At(token, "property", $"the descriptions have at most {LongestDescription} characters together");
        }
    }

    private static string? Include(LintFile file, Token token)
    {
        if (Target().Match(token.Text) is not { Success: true } match) return "write #include <CSMultiConnector/Name.mqh>, or \"Name.mqh\" for a file of the same folder";
        var path = match.Groups["path"] is { Success: true } named ? "Include/" + named.Value.Replace('\\', '/')
            : file.Source.Path[..(file.Source.Path.LastIndexOf('/') + 1)] + match.Groups["beside"].Value;
        return file.Tree.Files.Any(f => f.Path == path) ? null : $"{path} is not in the tree (names are compared exactly)";
    }

    private static int Parameters(List<Token> tokens, int define)
    {
        var name = define + 1;
        while (name < tokens.Count && tokens[name].Kind == TokenKind.Space) name++;
        if (name + 1 >= tokens.Count || !tokens[name + 1].Is("(")) return 0;
        return 1 + tokens.Skip(name + 2).TakeWhile(t => !t.Is(")")).Count(t => t.Is(","));
    }

    [GeneratedRegex("""^\s*#\s*property\s+(?<name>\w+)\s*(?<value>.*?)\s*(//.*)?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Property();

    [GeneratedRegex("""^"\d+\.\d\d"$""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Version();

    [GeneratedRegex("""^\s*#\s*include\s*(<(?<path>[A-Za-z0-9_/\\]+\.mqh)>|"(?<beside>[A-Za-z0-9_]+\.mqh)")\s*(//.*)?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();
}
