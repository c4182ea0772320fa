namespace CSMultiConnector.Host.Local;

/// <summary>The folder that the user named, or one of this call that is gone at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly bool _own;
    private bool _keep;

    private ScratchFolder(string path, bool own) => (Path, _own) = (path, own);

    public string Path { get; }

    public static ScratchFolder For(string? named) =>
        named is null ? new ScratchFolder(Directory.CreateTempSubdirectory("csmulticonnector-").FullName, own: true) : new ScratchFolder(named, own: false);

    /// <summary>Leaves an own folder where it is, for somebody who has to look into it, and says where that is.</summary>
    public void KeepFor(TextWriter reader)
    {
        if (!_own) return;
        _keep = true;
        reader.WriteLine($"What happened can be read in {Path}");
    }

    public void Dispose()
    {
        if (!_own || _keep) return;
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // Something still looks into it; the system cleans its folder for temporary files.
        }
    }
}
