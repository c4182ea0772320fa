using System.Collections.Immutable;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>What a venue account is opened with, by name.</summary>
/// <param name="Values">Names of <see cref="Names"/> and their values.</param>
public sealed record ConnectorCredentials(ImmutableSortedDictionary<string, SecretText> Values)
{
    /// <summary>The key's public part.</summary>
    public const string ApiKey = "apiKey";

    /// <summary>The names that there are.</summary>
    public static ImmutableArray<string> Names { get; } = [ApiKey, "secret", "passphrase", "privateKey"];

    /// <summary>The value of a name, or null.</summary>
    public SecretText? this[string name] => Values.GetValueOrDefault(name);

    /// <summary>Same names with same values.</summary>
    public bool Equals(ConnectorCredentials? other) =>
        other is not null && Values.Count == other.Values.Count && Values.All(v => v.Value.Equals(other[v.Key]));

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Count;

    /// <summary>The names, never the values.</summary>
    public override string ToString() => $"credentials ({string.Join(", ", Values.Keys)})";
}

/// <summary>Where a connector's credentials come from.</summary>
public abstract record CredentialsSource
{
    private CredentialsSource()
    {
    }

    /// <summary>Nothing is said: what is stored stays.</summary>
    public sealed record NotGiven : CredentialsSource;

    /// <summary>They are stored, encrypted, and not shown: what is stored stays.</summary>
    public sealed record Stored : CredentialsSource;

    /// <summary>An environment variable holds them, as the JSON object that <c>credentials</c> would be; read at each start.</summary>
    /// <param name="Variable">The variable's name.</param>
    public sealed record FromEnvironment(string Variable) : CredentialsSource;

    /// <summary>Here they are.</summary>
    /// <param name="Credentials">The credentials.</param>
    public sealed record Given(ConnectorCredentials Credentials) : CredentialsSource;
}
