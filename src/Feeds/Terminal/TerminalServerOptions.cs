using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>How the terminal server listens and what it puts up with. Checked when the server is made.</summary>
public sealed class TerminalServerOptions
{
    /// <summary>Address to listen on. Default: 127.0.0.1.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on, 0 to 65535; 0 = any free one. Default: 5555.</summary>
    public int Port { get; init; } = 5555;

    /// <summary>With a certificate (and its private key) every connection of the port is TLS. Default: none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The host's name in its first line, at most 64 characters; anyone who connects can read it. Default: csmulticonnector.</summary>
    public string HostName { get; init; } = "csmulticonnector";

    /// <summary>Whoever sent nothing for this long sends <c>ping</c>; after three of them the line is dead. Whole seconds, 1 s to 1 h. Default: 5 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for the first line, TLS included. Default: 5 s.</summary>
    public TimeSpan FirstLineTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for the whole login. Default: 10 s.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that a closing connection has to take what was sent to it. Default: 2 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections that have not logged in; one more is closed at once. Default: 64.</summary>
    public int MaxUnauthenticated { get; init; } = 64;

    /// <summary>Sessions that have logged in; one more is refused. Default: 1,000.</summary>
    public int MaxSessions { get; init; } = 1_000;

    /// <summary>Lines that the hub has not acknowledged; at this many the server stops reading. Default: 1,000.</summary>
    public int MaxUnjournaledLines { get; init; } = 1_000;

    /// <summary>Lines waiting to be sent to one terminal; one more and the session is closed, since the terminal does not read. Default: 1,000.</summary>
    public int MaxQueuedLines { get; init; } = 1_000;

    /// <summary>Symbols that one session may describe. Default: 10,000.</summary>
    public int MaxSymbols { get; init; } = 10_000;

    /// <summary>Lines refused in a row; at this many the session is closed. Default: 100.</summary>
    public int MaxRefusedInARow { get; init; } = 100;

    /// <summary>Failed logins of an address or a client that have no consequence. Default: 3.</summary>
    public int FreeLoginFailures { get; init; } = 3;

    /// <summary>Back-off after the first failed login that counts; doubles with each further one. Default: 1 s.</summary>
    public TimeSpan FirstLoginBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest back-off after failed logins. Default: 60 s.</summary>
    public TimeSpan MaxLoginBackOff { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Addresses and clients whose failures are remembered, each; the oldest is forgotten first. Default: 1,024.</summary>
    public int MaxRememberedFailures { get; init; } = 1_024;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        Require(Port is >= 0 and <= 65_535, nameof(Port), "0 to 65535");
        Require(Certificate is null || Certificate.HasPrivateKey, nameof(Certificate), "one with its private key");
        Require(HostName.Length <= 64 && !HostName.Any(char.IsControl), nameof(HostName), "at most 64 characters without control characters");
        Require(Heartbeat >= TimeSpan.FromSeconds(1) && Heartbeat <= TimeSpan.FromHours(1) && Heartbeat.Ticks % TimeSpan.TicksPerSecond == 0, nameof(Heartbeat), "whole seconds from 1 s to 1 h");
        RequireTime(FirstLineTimeout, nameof(FirstLineTimeout));
        RequireTime(LoginTimeout, nameof(LoginTimeout));
        RequireTime(CloseTimeout, nameof(CloseTimeout));
        RequireTime(FirstLoginBackOff, nameof(FirstLoginBackOff));
        RequireTime(MaxLoginBackOff, nameof(MaxLoginBackOff));
        RequireCount(MaxUnauthenticated, nameof(MaxUnauthenticated));
        RequireCount(MaxSessions, nameof(MaxSessions));
        RequireCount(MaxUnjournaledLines, nameof(MaxUnjournaledLines));
        RequireCount(MaxQueuedLines, nameof(MaxQueuedLines));
        RequireCount(MaxSymbols, nameof(MaxSymbols));
        RequireCount(MaxRefusedInARow, nameof(MaxRefusedInARow));
        Require(FreeLoginFailures is >= 0 and <= 1_000, nameof(FreeLoginFailures), "0 to 1000");
        RequireCount(MaxRememberedFailures, nameof(MaxRememberedFailures));
    }

    private static void RequireTime(TimeSpan value, string name) =>
        Require(value > TimeSpan.Zero && value <= TimeSpan.FromHours(1), name, "above zero, at most 1 h");

    private static void RequireCount(int value, string name) => Require(value is >= 1 and <= 1_000_000, name, "1 to 1000000");

    private static void Require(bool allowed, string name, string range)
    {
        if (!allowed) throw new ArgumentException($"{nameof(TerminalServerOptions)}.{name}: allowed is {range}.", name);
    }
}
