using System.Diagnostics;

namespace CSMultiConnector.Repository.Tests;

/// <summary>The files that git tracks, and those that it would.</summary>
internal static class Tree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } = List();

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this test's folders.");
    }

    private static List<string> List()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => File.Exists(Path.Combine(Root, f))).ToList();
        git.WaitForExit();
        files.Count.ShouldBeGreaterThan(50, "git lists the tree");
        return files;
    }
}
