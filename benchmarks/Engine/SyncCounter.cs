using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CSMultiConnector.Benchmarks.Engine;

/// <summary>Counts the calls by which this process has the disk synced, with strace attached meanwhile; it slows what it counts.</summary>
internal sealed class SyncCounter : IAsyncDisposable
{
    private readonly Process _strace;
    private readonly string _file;

    private SyncCounter(Process strace, string file) => (_strace, _file) = (strace, file);

    /// <summary>Null when strace is not there.</summary>
    public static SyncCounter? Start()
    {
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("strace", ["-f", "-q", "-e", "trace=fsync,fdatasync", "-o", file, "-p", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            var strace = Process.Start(start)!;
            if (!strace.WaitForExit(TimeSpan.FromSeconds(1))) return new SyncCounter(strace, file);
            strace.Dispose();
        }
        catch (Win32Exception)
        {
            // It is not installed.
        }

        File.Delete(file);
        return null;
    }

    /// <summary>Detaches; how many there were.</summary>
    public async Task<long> StopAsync()
    {
        using var interrupt = Process.Start("kill", ["-INT", _strace.Id.ToString(CultureInfo.InvariantCulture)]);
        await interrupt.WaitForExitAsync();
        await _strace.WaitForExitAsync();
        // An interrupted call is written in two lines; its end is the second.
        return File.ReadLines(_file).Count(l => l.Contains("sync", StringComparison.Ordinal) && l.Contains("= 0", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            _strace.Kill();
            await _strace.WaitForExitAsync();
        }

        _strace.Dispose();
        File.Delete(_file);
    }
}
