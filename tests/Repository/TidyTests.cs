using System.Text.RegularExpressions;

namespace CSMultiConnector.Repository.Tests;

/// <summary>Style that a machine can see.</summary>
public sealed partial class TidyTests
{
    private const int LongestFile = 520;

    [Fact]
    public void No_source_file_is_too_long_to_read()
    {
        var long_ = Tree.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .Select(f => (File: f, Lines: Tree.Read(f).Count(c => c == '\n')))
            .Where(f => f.Lines > LongestFile)
            .Select(f => $"{f.File}: {f.Lines} lines");
        long_.ShouldBeEmpty($"a file rarely passes 400 lines, and never {LongestFile}");
    }

    [Fact]
    public void Every_room_says_what_it_is_for()
    {
        var rooms = Tree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) && f.StartsWith("src/", StringComparison.Ordinal))
            .Select(f => Path.GetDirectoryName(f)!).ToList();
        rooms.Count.ShouldBeGreaterThan(5);
        rooms.Where(r => !Tree.Files.Contains($"{r}/README.md")).ShouldBeEmpty("each room has a README: purpose, entry points, invariants");
    }

    [Fact]
    public void No_project_file_names_an_engine()
    {
        var projects = Tree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        projects.ShouldNotBeEmpty();
        projects.Where(f => !f.StartsWith("src/ActorRuntime", StringComparison.Ordinal))
            .Where(f => Tree.Read(f) is var text && (text.Contains("ActorRuntime/CSMulti", StringComparison.Ordinal) || text.Contains("Include=\"Akka", StringComparison.Ordinal)))
            .ShouldBeEmpty("the property AkkaPackages chooses; a project says UsesAkka");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Tree.Read("CSMultiConnector.sln").Replace('\\', '/');
        Tree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Where(f => !solution.Contains(f, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Versions_stand_in_one_place()
    {
        Tree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(f => VersionAttribute().IsMatch(Tree.Read(f)))
            .ShouldBeEmpty("package versions belong to Directory.Packages.props");
    }

    [Fact]
    public void Actors_use_nothing_of_the_engines_own()
    {
        Tree.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && (f.StartsWith("src/Actors/", StringComparison.Ordinal) || f.StartsWith("tests/Actors/", StringComparison.Ordinal)))
            .Where(f => Tree.Read(f) is var text && (text.Contains("CSMultiConnector.ActorRuntime", StringComparison.Ordinal) || text.Contains("ConfigureAwait", StringComparison.Ordinal)))
            .ShouldBeEmpty("only Akka.NET's API; ConfigureAwait would lose the actor's context");
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        var broken = from file in Tree.Files
                     where file.EndsWith(".md", StringComparison.Ordinal)
                     from Match match in Link().Matches(Tree.Read(file))
                     let target = match.Groups["target"].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
                     let path = Path.GetFullPath(Path.Combine(Tree.Root, Path.GetDirectoryName(file)!, target))
                     where !File.Exists(path) && !Directory.Exists(path)
                     select $"{file}: {target}";
        broken.ShouldBeEmpty();
    }

    [Fact]
    public void Links_to_a_section_lead_to_a_heading()
    {
        var links = (from file in Tree.Files
                     where file.EndsWith(".md", StringComparison.Ordinal)
                     from Match match in Link().Matches(Tree.Read(file))
                     let target = match.Groups["target"].Value.Split('#')
                     where target.Length == 2 && !target[0].Contains("://", StringComparison.Ordinal)
                     let page = target[0].Length == 0 ? file : Path.GetRelativePath(Tree.Root, Path.GetFullPath(Path.Combine(Tree.Root, Path.GetDirectoryName(file)!, target[0])))
                     where page.EndsWith(".md", StringComparison.Ordinal)
                     select (File: file, Page: page, Section: target[1])).ToList();
        links.ShouldNotBeEmpty();
        links.Where(l => !Sections(l.Page).Contains(l.Section)).Select(l => $"{l.File}: {l.Page}#{l.Section}").ShouldBeEmpty();
    }

    [Fact]
    public void No_file_carries_a_byte_order_mark_or_windows_line_ends()
    {
        Tree.Files.Where(f => Path.GetExtension(f) is ".cs" or ".md" or ".json" or ".sh" or ".props" or ".targets" or ".csproj" or ".yml")
            .Where(f => File.ReadAllBytes(Path.Combine(Tree.Root, f)) is var bytes && (bytes.AsSpan().StartsWith("\uFEFF"u8) || bytes.AsSpan().IndexOf((byte)'\r') >= 0))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_test_is_skipped_and_none_sleeps()
    {
        Tree.Files.Where(f => f.StartsWith("tests/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal) && !f.EndsWith("TidyTests.cs", StringComparison.Ordinal))
            .Where(f => Tree.Read(f) is var text && (text.Contains("Skip = \"", StringComparison.Ordinal) || text.Contains("Thread.Sleep(", StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    // As GitHub names them: small letters, digits, hyphens for blanks, nothing else.
    private static HashSet<string> Sections(string page) => Tree.Read(page).Split('\n')
        .Where(l => l.StartsWith('#'))
        .Select(l => NotInAnchor().Replace(l.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("""[^\p{L}\p{N}_\- ]""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("""<PackageReference [^>]*Version=""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex VersionAttribute();

    [GeneratedRegex("""\]\((?<target>[^)\s]+)\)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
