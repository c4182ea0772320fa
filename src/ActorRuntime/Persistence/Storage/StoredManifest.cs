using Akka.Serialization;

namespace Akka.Persistence.Storage;

/// <summary>What stands beside a payload so that it can be read again.</summary>
internal static class StoredManifest
{
    /// <summary>The serializer's own manifest, the type's name where the serializer wants one, else nothing.</summary>
    public static string Of(Serializer serializer, object payload) => serializer switch
    {
        SerializerWithStringManifest own => own.Manifest(payload),
        { IncludeManifest: true } => QualifiedName(payload.GetType()),
        _ => "",
    };

    /// <summary>The payload; rows of old databases have no serializer id, their manifest names the type.</summary>
    public static object Read(Akka.Serialization.Serialization serialization, byte[] bytes, int? serializerId, string manifest)
    {
        if (serializerId is { } id) return serialization.Deserialize(bytes, id, manifest);
        var type = Type.GetType(manifest, throwOnError: true)!;
        return serialization.FindSerializerForType(type).FromBinary(bytes, type);
    }

    private static string QualifiedName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
