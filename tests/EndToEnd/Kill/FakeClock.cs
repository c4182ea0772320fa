using System.Globalization;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>The wall clock of a machine, moved while its processes run; the monotonic clock goes on as ever.</summary>
internal sealed class FakeClock
{
    private readonly string _file;

    public FakeClock(string folder)
    {
        _file = Path.Combine(folder, "clock");
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = Tools.Require(Tools.FakeTime),
            ["FAKETIME_TIMESTAMP_FILE"] = _file,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
        Set(TimeSpan.Zero);
    }

    /// <summary>For each process of the machine.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Ahead of the real time by this much, from now on.</summary>
    public void Set(TimeSpan ahead)
    {
        // In one piece: a process may look at any moment.
        File.WriteAllText(_file + ".new", string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? '-' : '+')}{Math.Abs(ahead.TotalSeconds):0}s\n"));
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
