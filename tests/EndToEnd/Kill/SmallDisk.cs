namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>A disk of its own that can be filled to the last byte; gone after the test.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    public SmallDisk(string path, string size = "48m")
    {
        _path = path;
        Directory.CreateDirectory(path);
        Tools.Run("mount", "-t", "tmpfs", "-o", $"size={size},mode=0700", "tmpfs", path);
    }

    public string this[string name] => Path.Combine(_path, name);

    private string Ballast => Path.Combine(_path, "ballast");

    /// <summary>No byte is free afterwards.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in new[] { 64 * 1024, 4 * 1024, 1 })
        {
            var block = new byte[size];
            try
            {
                while (true) ballast.Write(block);
            }
            catch (IOException)
            {
                // Nothing of this size fits any more.
            }
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Tools.Run("umount", "-l", _path);
}
