using System.Globalization;

namespace Akka.Actor;

/// <summary>Where an actor system is: protocol, name and, for a remote one, host and port.</summary>
public sealed class Address : IEquatable<Address>
{
    /// <summary>Makes an address; without a host it is local.</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    /// <summary>The protocol, <c>akka</c> for a local system.</summary>
    public string Protocol { get; }

    /// <summary>The name of the actor system.</summary>
    public string System { get; }

    /// <summary>The host; null for a local address.</summary>
    public string? Host { get; }

    /// <summary>The port; null for a local address.</summary>
    public int? Port { get; }

    /// <summary>Whether the address names no host.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>Whether the address names a host.</summary>
    public bool HasGlobalScope => !HasLocalScope;

    /// <inheritdoc/>
    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port
            && string.Equals(Host, other.Host, StringComparison.Ordinal)
            && string.Equals(System, other.System, StringComparison.Ordinal)
            && string.Equals(Protocol, other.Protocol, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    /// <inheritdoc/>
    public override string ToString() => HasLocalScope
        ? $"{Protocol}://{System}"
        : string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{Port}");
}
