using System.Text;

namespace CSMultiConnector.Storage.Folder;

/// <summary>Files and folders that only their owner may use (mode 0600 and 0700 on Unix; elsewhere as the folder's own rights say).</summary>
public static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Makes the folder and what lies above it, unless it exists.</summary>
    public static void EnsureFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, FolderMode700);
    }

    /// <summary>Makes an empty file, unless it exists: whoever opens it next keeps its mode.</summary>
    public static void EnsureExists(string path)
    {
        if (File.Exists(path)) return;
        using var stream = new FileStream(path, Options(FileMode.OpenOrCreate));
    }

    /// <summary>Replaces the file's text whole: after a crash it holds the old text or the new one.</summary>
    public static void WriteAllText(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, Options(FileMode.CreateNew)))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    internal static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode600;
        return options;
    }
}
