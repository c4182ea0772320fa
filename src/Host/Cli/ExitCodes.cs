namespace CSMultiConnector.Host.Cli;

/// <summary>What the process tells its caller. The list is part of the command line's contract (docs/cli.md).</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>It was tried and did not work.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a file or a setting makes no sense; nothing was tried.</summary>
    public const int BadInput = 2;

    /// <summary>No host answers.</summary>
    public const int NotReachable = 3;

    /// <summary>It ran, but the legs are not where they should be.</summary>
    public const int NotConverged = 4;

    /// <summary>Ended by a signal before it was done.</summary>
    public const int Interrupted = 130;
}
