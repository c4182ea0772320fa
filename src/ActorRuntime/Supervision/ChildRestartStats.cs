using System.Diagnostics;

namespace Akka.Actor;

/// <summary>A child and how often it was restarted lately.</summary>
internal sealed class ChildRestartStats(LocalActorRef child)
{
    private int _restarts;
    private long _windowStart;

    public LocalActorRef Child { get; } = child;

    /// <summary>Counts a restart and says whether it is allowed; -1 lifts a limit.</summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinMilliseconds)
    {
        if (maxNrOfRetries == 0)
            return false;
        if (withinMilliseconds <= 0)
            return maxNrOfRetries < 0 || ++_restarts <= maxNrOfRetries;
        var now = Stopwatch.GetTimestamp();
        if (_windowStart == 0)
            _windowStart = now;
        if (Stopwatch.GetElapsedTime(_windowStart, now).TotalMilliseconds <= withinMilliseconds)
            return ++_restarts <= (maxNrOfRetries < 0 ? 1 : maxNrOfRetries);
        _restarts = 1;
        _windowStart = now;
        return true;
    }
}
