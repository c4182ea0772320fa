using System.Net.Security;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Feeds.Client;

/// <summary>How a terminal client connects. Checked when the client is made.</summary>
public sealed class TerminalClientOptions
{
    /// <summary>The host's name or address. Default: 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The host's port, 1 to 65535. Default: 5555.</summary>
    public int Port { get; init; } = 5555;

    /// <summary>The port speaks TLS. Default: false.</summary>
    public bool UseTls { get; init; }

    /// <summary>Checks the host's certificate in place of the system. Default: the system's check.</summary>
    public RemoteCertificateValidationCallback? CertificateCheck { get; init; }

    /// <summary>The client's id at the host.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client's secret; never logged.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Version of the Expert Advisor to say at login. Default: 1.0.0.</summary>
    public string EaVersion { get; init; } = "1.0.0";

    /// <summary>Licence key to say at login. Default: default.</summary>
    public string Licence { get; init; } = "default";

    /// <summary>A critical error stops the connectors fed by this terminal. Default: false.</summary>
    public bool StopOnCritical { get; init; }

    /// <summary>
    /// Netting accounts: go on from the host's ledger instead of the terminal's own, as an Expert Advisor does that was started anew. Default: false.
    /// </summary>
    public bool TakeHostLedger { get; init; }

    /// <summary>Time between snapshots. Default: 30 s.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between account lines. Default: 30 s.</summary>
    public TimeSpan AccountInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>History before a stream's cursor that is sent again, and that is sent at first contact. Default: 24 h.</summary>
    public TimeSpan HistoryOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Time for connecting and the whole login. Default: 15 s.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait before the first reconnect; doubles with each that fails. Default: 1 s.</summary>
    public TimeSpan FirstReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before a reconnect. Default: 30 s.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Lines sent and not acknowledged; at this many the client waits for the host. Below the host's limit of 1,000. Default: 500.</summary>
    public int Window { get; init; } = 500;

    /// <summary>Lines and deals that wait while live; with more the client closes and synchronises anew. Default: 10,000.</summary>
    public int MaxBacklog { get; init; } = 10_000;

    /// <summary>
    /// Called after <c>ready</c> and before anything is sent, with where the host's record of each stream ends; also after each reconnect. A
    /// replay uses it to bring the terminal to the state that contains all deals that the host has.
    /// </summary>
    public Func<IReadOnlyList<ResumePoint>, CancellationToken, ValueTask>? OnResume { get; init; }

    /// <summary>Called with each status, log, stop, done and error line of the host, in order. It must not block.</summary>
    public Action<HostMessage>? OnMessage { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        Require(Host.Length > 0, nameof(Host), "a name or an address");
        Require(Port is >= 1 and <= 65_535, nameof(Port), "1 to 65535");
        Require(ClientId.Length is >= 1 and <= 64, nameof(ClientId), "1 to 64 characters");
        Require(Secret.Length > 0, nameof(Secret), "at least one byte");
        Require(SnapshotInterval > TimeSpan.Zero, nameof(SnapshotInterval), "above zero");
        Require(AccountInterval > TimeSpan.Zero, nameof(AccountInterval), "above zero");
        Require(HistoryOverlap >= TimeSpan.Zero, nameof(HistoryOverlap), "zero or above");
        Require(LoginTimeout > TimeSpan.Zero, nameof(LoginTimeout), "above zero");
        Require(FirstReconnectDelay > TimeSpan.Zero, nameof(FirstReconnectDelay), "above zero");
        Require(MaxReconnectDelay >= FirstReconnectDelay, nameof(MaxReconnectDelay), $"{nameof(FirstReconnectDelay)} or above");
        Require(Window is >= 1 and < 1_000, nameof(Window), "1 to 999");
        Require(MaxBacklog >= Window, nameof(MaxBacklog), $"{nameof(Window)} or above");
    }

    private static void Require(bool allowed, string name, string range)
    {
        if (!allowed) throw new ArgumentException($"{nameof(TerminalClientOptions)}.{name}: allowed is {range}.", name);
    }
}
