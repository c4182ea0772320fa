namespace CSMultiConnector.Storage.Folder;

/// <summary>
/// Judges who else may use the data folder. Refused: a folder that everybody may write (anybody could replace the keys), and files with
/// secrets that everybody may read or write. Wider than needed otherwise: a warning. Windows' rights are not looked at.
/// </summary>
internal static class FolderRights
{
    private const UnixFileMode Everybody = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode NotOwner =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | Everybody | UnixFileMode.OtherExecute;

    /// <summary>Why the folder may not be used; null when it may.</summary>
    public static string? Refusal(string folder)
    {
        if (Allows(folder, UnixFileMode.OtherWrite))
            return $"The data folder {folder} may be written by everybody on this machine: run 'chmod 700 {folder}'.";

        var open = Secrets(folder).FirstOrDefault(path => Allows(path, Everybody));
        return open is null ? null : $"{open} holds secrets and everybody on this machine may use it: run 'chmod go-rwx {open}'.";
    }

    /// <summary>What should be mended.</summary>
    public static IReadOnlyList<string> Warnings(string folder) =>
        Secrets(folder).Prepend(folder)
            .Where(path => Allows(path, NotOwner))
            .Select(path => $"{path} is open to other users than its owner: run 'chmod go-rwx {path}'.")
            .ToList();

    private static bool Allows(string path, UnixFileMode any) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & any) != UnixFileMode.None;

    private static IEnumerable<string> Secrets(string folder)
    {
        var keys = Path.Combine(folder, "keys");
        string[] named = [keys, Path.Combine(folder, "settings.db"), Path.Combine(folder, "settings.db-wal"), Path.Combine(folder, "api-token")];
        var ring = Directory.Exists(keys) ? Directory.EnumerateFiles(keys) : [];
        return named.Where(Path.Exists).Concat(ring);
    }
}
