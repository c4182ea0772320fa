namespace CSMultiConnector.Host.Local;

/// <summary>The folder that the user named, or one of this call that is gone at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly bool _own;

    private ScratchFolder(string path, bool own) => (Path, _own) = (path, own);

    public string Path { get; }

    /// <summary>Set to leave an own folder where it is, for somebody who has to look into it.</summary>
    public bool Keep { get; set; }

    public static ScratchFolder For(string? named) =>
        named is null ? new ScratchFolder(Directory.CreateTempSubdirectory("csmulticonnector-").FullName, own: true) : new ScratchFolder(named, own: false);

    public void Dispose()
    {
        if (!_own || Keep) return;
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
