namespace CSMultiConnector.Benchmarks.World;

/// <summary>A folder for one run, on the disk that is measured; gone at the end.</summary>
internal sealed class Folder : IDisposable
{
    /// <summary>Where such folders are made; the disk under it is the one measured.</summary>
    public static string Root { get; set; } = System.IO.Path.GetTempPath();

    private readonly DirectoryInfo _folder = Directory.CreateDirectory(System.IO.Path.Combine(Root, $"csmc-bench-{Environment.ProcessId}-{Environment.TickCount64}"));

    public string Data => System.IO.Path.Combine(_folder.FullName, "data");

    public string File(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
