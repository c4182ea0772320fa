using System.Net;
using CSMultiConnector.Storage.Lease;

namespace CSMultiConnector.Host.Configuration;

/// <summary>The settings of the host process; docs/configuration.md is written for people.</summary>
internal sealed record HostSettings
{
    // A record would print the connection string, password and all.
    /// <inheritdoc/>
    public override string ToString() => $"settings of {DataFolder}";

    /// <summary>Where everything is kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where terminals connect.</summary>
    public Listener Feed { get; init; } = new(IPAddress.Loopback, 5555, null);

    /// <summary>Where the HTTP API listens.</summary>
    public Listener Api { get; init; } = new(IPAddress.Loopback, 5580, null);

    /// <summary>A connectors.json that wins over what is stored; null = what is stored counts.</summary>
    public string? ConnectorsFile { get; init; }

    /// <summary>A PostgreSQL database for journal, settings and history; null = SQLite files in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>How long a shared database holds the right to trade for a host that says nothing.</summary>
    public TimeSpan LeaseDuration { get; init; } = new LeaseOptions().Duration;

    /// <summary>What is logged and where.</summary>
    public LogSettings Log { get; init; } = new();

    /// <summary>How long history for people is kept; 0 = for ever.</summary>
    public int HistoryDays { get; init; }

    /// <summary>How long a graceful stop may take.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>A listening address.</summary>
/// <param name="Address">IP address; anything but loopback needs a certificate.</param>
/// <param name="Port">0 to 65535; 0 = one that is free.</param>
/// <param name="Certificate">TLS certificate; null = no TLS.</param>
internal sealed record Listener(IPAddress Address, int Port, CertificateSettings? Certificate)
{
    /// <summary>Address and port.</summary>
    public IPEndPoint EndPoint => new(Address, Port);
}

/// <summary>Where a certificate with its private key lies.</summary>
/// <param name="Path">A PFX file, or a PEM file.</param>
/// <param name="KeyPath">The PEM file of the key; null when it is in <paramref name="Path"/>.</param>
/// <param name="Password">Password of the PFX file or of the key; null = none.</param>
internal sealed record CertificateSettings(string Path, string? KeyPath, string? Password)
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>Logging.</summary>
internal sealed record LogSettings
{
    /// <summary>Lowest level: verbose, debug, information, warning, error.</summary>
    public string Level { get; init; } = "information";

    /// <summary>Largest size of one log file, MiB, 1 to 1024.</summary>
    public int FileMegabytes { get; init; } = 20;

    /// <summary>How many log files are kept, 1 to 1000.</summary>
    public int KeepFiles { get; init; } = 20;
}

/// <summary>A mistake in a settings file or variable.</summary>
/// <param name="Path">The setting.</param>
/// <param name="Text">What was found and what is allowed.</param>
internal sealed record SettingsError(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Text}";
}

/// <summary>Settings, or every mistake that was found.</summary>
internal sealed record SettingsResult(HostSettings? Settings, IReadOnlyList<SettingsError> Errors);
