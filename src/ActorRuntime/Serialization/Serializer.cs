using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns objects into bytes and back.</summary>
public abstract class Serializer
{
    /// <summary>The system.</summary>
#pragma warning disable SA1401, CA1051, IDE1006 // The field's name and visibility are part of the API.
    protected readonly ExtendedActorSystem system;
#pragma warning restore SA1401, CA1051, IDE1006

    /// <summary>Makes a serializer of a system.</summary>
    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>Names the serializer in what is stored; never change it. Set in the configuration or overridden.</summary>
    public virtual int Identifier => SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Whether reading needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>The bytes of an object.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>The object of bytes.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>The object of bytes.</summary>
    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer that names what it writes by a text of its own, not by a type.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    /// <summary>Makes a serializer of a system.</summary>
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>Always true.</summary>
    public sealed override bool IncludeManifest => true;

    /// <summary>Reads with the manifest that an object of the type would have.</summary>
    public sealed override object FromBinary(byte[] bytes, Type type) => FromBinary(bytes, type?.AssemblyQualifiedName ?? string.Empty);

    /// <summary>The object of bytes.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>Names what an object is.</summary>
    public abstract string Manifest(object o);
}

/// <summary>Finds identifiers in the configuration.</summary>
public static class SerializerIdentifierHelper
{
    /// <summary>The identifier under <c>akka.actor.serialization-identifiers</c>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        var identifiers = system.Settings.Config.GetConfig("akka.actor.serialization-identifiers")?.Node.Children;
        foreach (var (name, node) in identifiers ?? [])
        {
            if (Util.TypeNames.Find(name) == type)
                return int.Parse(node.Value!, System.Globalization.CultureInfo.InvariantCulture);
        }
        throw new ArgumentException($"Couldn't find serializer id for [{type}] under [akka.actor.serialization-identifiers] HOCON path", nameof(type));
    }
}

/// <summary>Bytes as they are.</summary>
internal sealed class ByteArraySerializer : Serializer
{
    /// <summary>Makes a serializer of a system.</summary>
    public ByteArraySerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 4;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj as byte[] ?? throw new NotSupportedException($"The object to serialize is {obj?.GetType()}, not a byte array.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>Nothing at all.</summary>
public class NullSerializer : Serializer
{
    /// <summary>Makes a serializer of a system.</summary>
    public NullSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 0;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => [];

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => null!;
}

/// <summary>JSON of whatever has no serializer of its own. Persisted types must have one.</summary>
internal sealed class JsonSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 1;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType());

    public override object FromBinary(byte[] bytes, Type type) => System.Text.Json.JsonSerializer.Deserialize(bytes, type)!;
}
