namespace Akka.Persistence.Storage;

/// <summary>Reads what a row holds.</summary>
internal static class StoredPayload
{
    /// <summary>The payload; rows of old databases have no serializer id, their manifest names the type.</summary>
    public static object Read(Akka.Serialization.Serialization serialization, byte[] bytes, int? serializerId, string manifest)
    {
        if (serializerId is { } id) return serialization.Deserialize(bytes, id, manifest);
        var type = Type.GetType(manifest, throwOnError: true)!;
        return serialization.FindSerializerForType(type).FromBinary(bytes, type);
    }
}
