namespace CSMultiConnector.Simulation.Kernel;

/// <summary>The boundaries between effects: a process may die at each of them.</summary>
internal enum Boundary
{
    BeforeJournal,
    JournalWritten,
    Journaled,
    BeforeSend,
    AfterSend,
    BeforeAnswer,
    AfterAnswer,
    VenueBeforeAccept,
    VenueAccepted,
    VenueBeforeResponse,
    TerminalBeforeSend,
    TerminalAfterSend,
    TerminalBeforeAck,
    TerminalAfterAck,
}

/// <summary>Crashes at boundaries that are named by their number: run once to count them, then once for each.</summary>
internal sealed class CrashPlan(params int[] at)
{
    public static int Boundaries { get; } = Enum.GetValues<Boundary>().Length;

    /// <summary>Boundaries passed so far.</summary>
    public int Passed { get; private set; }

    /// <summary>Passed so far, of each kind.</summary>
    public int[] Seen { get; } = new int[Boundaries];

    /// <summary>An unsynced write survives the crash (the system wrote it) instead of being lost.</summary>
    public bool UnsyncedSurvives { get; init; }

    public bool CrashesAt(Boundary boundary)
    {
        Seen[(int)boundary]++;
        return Array.IndexOf(at, Passed++) >= 0;
    }
}

/// <summary>The host's process ends here: whatever it was doing is not finished.</summary>
internal class HostCrashed : Exception
{
    public HostCrashed(Boundary boundary)
        : base($"the host crashed: {boundary}")
    {
    }
}

/// <summary>The host's process is stopped (SIGSTOP) for longer than its right to trade lasts: another host takes over before it goes on.</summary>
internal sealed class HostStopped(Boundary boundary, TimeSpan pause, Action? goesOn) : HostCrashed(boundary)
{
    /// <summary>How long it stands still.</summary>
    public TimeSpan Pause { get; } = pause;

    /// <summary>What it still does when it goes on, before it notices; null = nothing.</summary>
    public Action? GoesOn { get; } = goesOn;
}
