using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CSMultiConnector.Benchmarks.Measuring;

/// <summary>
/// The clock of an open loop: each moment is fixed before the run, whatever became of the one before it. Sleeps in the kernel until the
/// moment itself, because spinning would take a core away from what is measured.
/// </summary>
internal static partial class Pace
{
    private const int Monotonic = 1;
    private const int Absolute = 1;
    private const int SetTimerSlack = 29;

    /// <summary>Has this thread woken within a microsecond or so of its moments, instead of the usual 50.</summary>
    public static void Sharpen()
    {
        if (OperatingSystem.IsLinux()) _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
    }

    /// <summary>Blocks until a <see cref="Stopwatch"/> timestamp; on Linux these are nanoseconds of the monotonic clock.</summary>
    public static void Until(long timestamp)
    {
        if (!OperatingSystem.IsLinux() || Stopwatch.Frequency != 1_000_000_000)
        {
            while (Stopwatch.GetTimestamp() is var now && now < timestamp)
                if (timestamp - now > Stopwatch.Frequency / 500) Thread.Sleep(1);
            return;
        }

        var at = new TimeSpec { Seconds = timestamp / 1_000_000_000, Nanoseconds = timestamp % 1_000_000_000 };
        while (Stopwatch.GetTimestamp() < timestamp) _ = ClockNanosleep(Monotonic, Absolute, in at, IntPtr.Zero);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec until, IntPtr rest);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
