namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("csmc-e2e").FullName;

    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The recorded histories beside the repository; null when they are not there.</summary>
    public static string? SharedHistory => Directory.Exists(System.IO.Path.Combine(RepositoryRoot, "..", "shared", "fixtures", "mt5-history"))
        ? System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot, "..", "shared", "fixtures", "mt5-history"))
        : null;

    public static string OwnHistory => System.IO.Path.Combine(RepositoryRoot, "tests", "data", "mt5-history");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this test's folders.");
    }
}
