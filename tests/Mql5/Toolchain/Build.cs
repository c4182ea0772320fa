using System.Diagnostics.CodeAnalysis;

namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Where things lie. Everything made stands below artifacts/own/mql5/&lt;name&gt;.</summary>
public sealed record BuildPlaces(string Repository, string Mql5, string Name)
{
    public string Harness => Path.Combine(Repository, "tests", "Mql5");
    public string Shim => Path.Combine(Harness, "Shim");
    public string Output => Path.Combine(Repository, "artifacts", "own", "mql5", Name);
    public string Generated => Path.Combine(Output, "gen");

    /// <summary>The EA, the shim and the simulated terminal in one program.</summary>
    public string Runner => Path.Combine(Output, "bin", "csmc-ea");

    /// <summary>All C++ tests in one program.</summary>
    public string Tests => Path.Combine(Output, "bin", "csmc-mql5-tests");

    /// <summary>The same tests over an EA with planted bugs.</summary>
    public string Planted => Path.Combine(Output, "bin", "csmc-mql5-planted");

    /// <summary>What the planted bugs are.</summary>
    public string PlantedList => Path.Combine(Harness, "Model", "planted.txt");

    public static BuildPlaces Default(string? mql5 = null, string name = "default")
    {
        var repository = RepositoryRoot();
        return new BuildPlaces(repository, Path.GetFullPath(mql5 ?? Path.Combine(repository, "mql5")), name);
    }

    private static string RepositoryRoot()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is in none of the folders above.");
    }
}

/// <summary>What is to be made.</summary>
[Flags]
public enum BuildParts
{
    Ea = 1,
    Runner = 2,
    Tests = 4,

    /// <summary>The C++ tests once more, over the EA with the bugs of Model/planted.txt.</summary>
    Planted = 8,
    All = Ea | Runner | Tests,
}

/// <summary>Transform, compile, link. Two processes that ask at once wait for each other.</summary>
public sealed class Build(BuildPlaces places)
{
    private static readonly string[] Common =
        ["-std=c++20", "-O1", "-g", "-pipe", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer",
         "-ftrivial-auto-var-init=pattern", "-fno-lifetime-dse"];

    // What MQL5 warns about, as far as g++ sees it; a handler need not use its arguments.
    private static readonly string[] OfTheEa =
        ["-Wconversion", "-Wsign-conversion", "-Wfloat-conversion", "-Wshadow", "-Wno-unused-parameter", "-Wno-unknown-pragmas"];

    // As long as another process may compile everything, on a slow machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Libraries = ["-lssl", "-lcrypto", "-lpthread"];

    /// <summary>Null when all went well, else what is wrong.</summary>
    public async Task<string?> RunAsync(BuildParts parts)
    {
        if (Compiler.Missing() is { Count: > 0 } missing) return $"Not installed: {string.Join(' ', missing)} (Debian packages; test.sh installs them when run as root).";
        Directory.CreateDirectory(places.Output);
        await using var ours = await LockAsync();

        if (!Generate(out var problems)) return problems;
        var compiler = new Compiler(places.Output);
        var main = Main();
        var shim = compiler.Objects("shim", Sources(places.Shim), [.. Common, "-I", places.Shim]);
        var ea = main is null ? [] : compiler.Objects("ea", [main], EaFlags());
        if (shim is null || ea is null) return compiler.Messages;
        var runnerSources = Sources(Path.Combine(places.Harness, "Runner")).ToList();
        if (main is null || runnerSources.Count == 0) parts &= ~BuildParts.Runner;

        var include = (string[])[.. Common, "-I", places.Shim, "-isystem", Path.Combine(places.Generated, "Include"), "-I", places.Harness];
        if (parts.HasFlag(BuildParts.Runner))
        {
            var runner = compiler.Objects("runner", runnerSources, include);
            if (runner is null || !compiler.Link(places.Runner, [.. runner, .. ea, .. shim], [.. Common, .. Libraries])) return compiler.Messages;
        }
        if (parts.HasFlag(BuildParts.Tests) || parts.HasFlag(BuildParts.Planted))
        {
            var tests = compiler.Objects("tests", [.. Sources(Path.Combine(places.Harness, "Unit")), .. Sources(Path.Combine(places.Harness, "Model"))], include);
            if (tests is null || !compiler.Link(places.Tests, [.. tests, .. ea, .. shim], [.. Common, "-lgtest", "-lgtest_main", .. Libraries])) return compiler.Messages;
            if (parts.HasFlag(BuildParts.Planted)) return Plant([.. tests, .. shim]);
        }
        return null;
    }

    // Another EA, and the objects that are there already.
    private string? Plant(IEnumerable<string> objects)
    {
        var sick = places with { Mql5 = Path.Combine(places.Output, "planted", "mql5"), Name = places.Name + "-planted" };
        if (PlantedBugs.Plant(PlantedBugs.Read(places.PlantedList), places.Mql5, sick.Mql5) is { } missing) return missing;
        var build = new Build(sick);
        if (!build.Generate(out var problems)) return problems;
        var compiler = new Compiler(sick.Output);
        var ea = build.Main() is { } main ? compiler.Objects("ea", [main], build.EaFlags()) : null;
        // The EA's objects come first: tests of single classes have sound copies of the same inline functions.
        return ea is null || !compiler.Link(places.Planted, [.. ea, .. objects], [.. Common, "-lgtest", "-lgtest_main", .. Libraries]) ? compiler.Messages : null;
    }

    /// <summary>Looks at single files of the EA as g++ sees them; null when it has nothing to say.</summary>
    public async Task<string?> CheckAsync(IEnumerable<string> files)
    {
        Directory.CreateDirectory(places.Output);
        await using var ours = await LockAsync();
        if (!Generate(out var problems)) return problems;
        var included = new List<string>();
        foreach (var file in files)
        {
            var tail = file.EndsWith(".mq5", StringComparison.Ordinal) ? file + ".cpp" : file;
            var made = Directory.EnumerateFiles(places.Generated, Path.GetFileName(tail), SearchOption.AllDirectories).FirstOrDefault();
            if (made is null) return $"{file} is not below {places.Mql5}.";
            included.AddRange(["-include", made]);
        }
        var compiler = new Compiler(places.Output);
        compiler.Check("/dev/null", [.. EaFlags(), .. included]);
        return compiler.Messages.Length == 0 ? null : compiler.Messages;
    }

    private string[] EaFlags() => [.. Common, .. OfTheEa, "-isystem", places.Shim, "-I", Path.Combine(places.Generated, "Include")];

    private string? Main()
    {
        var experts = Path.Combine(places.Generated, "Experts");
        return Directory.Exists(experts) ? Directory.EnumerateFiles(experts, "*.mq5.cpp", SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault() : null;
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.cpp", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    /// <summary>Writes the C++ of every source; a file that would not change is left alone.</summary>
    public bool Generate([NotNullWhen(false)] out string? problems)
    {
        var tree = SourceTree.Read(places.Mql5);
        var words = Vocabulary.Of(tree);
        var findings = new List<Finding>();
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in tree.Files)
        {
            var (text, found) = Transform.Run(file, words);
            findings.AddRange(found);
            var path = Path.Combine(places.Generated, file.IsMain ? file.Path + ".cpp" : file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            made.Add(path);
            if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
        }
        if (Directory.Exists(places.Generated))
            foreach (var old in Directory.EnumerateFiles(places.Generated, "*", SearchOption.AllDirectories).Where(f => !made.Contains(f))) File.Delete(old);
        problems = findings.Count == 0 ? null : string.Join('\n', findings);
        return problems is null;
    }

    private async Task<FileStream> LockAsync()
    {
        var path = Path.Combine(places.Output, ".lock");
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }
}
