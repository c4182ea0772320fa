using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>
/// A secret on its way. It shows as <c>***</c> wherever it is printed, logged or serialised; its value is had by <see cref="Reveal"/> only,
/// so that every place which uses it can be found. <c>default</c> does not exist: it is a class.
/// </summary>
[DebuggerDisplay("***")]
[JsonConverter(typeof(Hidden))]
public sealed class SecretText : IEquatable<SecretText>
{
    private const string Mask = "***";
    private readonly string _value;

    /// <summary>Wraps a secret.</summary>
    public SecretText(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>The secret itself.</summary>
    public string Reveal() => _value;

    /// <summary>Never the secret.</summary>
    public override string ToString() => Mask;

    /// <summary>Compares in constant time for texts of one length.</summary>
    public bool Equals(SecretText? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SecretText);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);

    private sealed class Hidden : JsonConverter<SecretText>
    {
        public override SecretText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret is not read by a serializer.");

        public override void Write(Utf8JsonWriter writer, SecretText value, JsonSerializerOptions options) => writer.WriteStringValue(Mask);
    }
}
