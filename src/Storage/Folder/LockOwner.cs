using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CSMultiConnector.Storage.Folder;

/// <summary>
/// Who holds the folder, written beside the lock (the locked file itself cannot be read by others). Only a help for the text: whether the
/// folder is held is decided by the lock alone, so a file left by a process that is gone is recognised and not believed.
/// </summary>
internal sealed record LockOwner(int Pid, string Process, DateTimeOffset ProcessStart, DateTimeOffset Since, string Machine)
{
    private const string FileName = "lock.owner";

    // The start of a process is computed from ticks since boot: two readers may differ a little.
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    public static LockOwner Current(TimeProvider time)
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return new LockOwner(self.Id, self.ProcessName, new DateTimeOffset(self.StartTime), time.GetUtcNow(), Environment.MachineName);
    }

    public static LockOwner? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<LockOwner>(File.ReadAllText(Path.Combine(folder, FileName)));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    public void Write(string folder) => PrivateFile.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    /// <summary>The holder for a person; null when what is written is about a process that is gone.</summary>
    public string? Describe()
    {
        var since = Since.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        if (!string.Equals(Machine, Environment.MachineName, StringComparison.Ordinal))
            return $"process {Pid} ({Process}) on {Machine} since {since}";
        return IsRunning() ? $"process {Pid} ({Process}) since {since}" : null;
    }

    private bool IsRunning()
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(Pid);
            return (process.StartTime.ToUniversalTime() - ProcessStart.UtcDateTime).Duration() < StartTolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
