using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>The serializers of a system: by type for writing, by identifier for reading.</summary>
public class Serialization
{
    private readonly ConcurrentDictionary<int, Serializer> _byId = new();
    private readonly ConcurrentDictionary<string, Serializer> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, Serializer> _bindings = new();
    private readonly ConcurrentDictionary<Type, Serializer> _resolved = new();

    /// <summary>Makes the serializers that setup and configuration name.</summary>
    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        AddSerializer("null", new NullSerializer(system));
        AddSerializer("bytes", new ByteArraySerializer(system));
        AddSerializer("json", new JsonSerializer(system));
        AddSerializationMap(typeof(byte[]), _byName["bytes"]);
        AddSerializationMap(typeof(object), _byName["json"]);
        AddConfigured(system.Settings.Config);
        var setup = system.Settings.Setup.Get<SerializationSetup>();
        if (!setup.HasValue)
            return;
        foreach (var details in setup.Value.CreateSerializers(system))
        {
            AddSerializer(details.Alias, details.Serializer);
            foreach (var type in details.UseFor)
                AddSerializationMap(type, details.Serializer);
        }
    }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Makes a serializer known by name and identifier.</summary>
    public void AddSerializer(string name, Serializer serializer)
    {
        if (!_byId.TryAdd(serializer.Identifier, serializer) && _byId[serializer.Identifier].GetType() != serializer.GetType())
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Serializer identifier {serializer.Identifier} of [{serializer.GetType()}] is used by [{_byId[serializer.Identifier].GetType()}] already."), nameof(serializer));
        }
        _byId[serializer.Identifier] = serializer;
        _byName[name] = serializer;
    }

    /// <summary>Uses a serializer for a type and what derives from it.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bindings[type] = serializer;
        _resolved.Clear();
    }

    /// <summary>The serializer of an object.</summary>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null) =>
        obj is null ? _byName["null"] : FindSerializerForType(obj.GetType(), defaultSerializerName);

    /// <summary>The serializer of a type: the one bound to it or to the nearest base type or interface of it.</summary>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_resolved.TryGetValue(objectType, out var known))
            return known;
        Type? best = null;
        foreach (var type in _bindings.Keys)
        {
            // typeof(object) binds everything and gives way to any other.
            if (type.IsAssignableFrom(objectType) && (best is null || best == typeof(object) || (type != typeof(object) && best.IsAssignableFrom(type))))
                best = type;
        }
        var serializer = best is null || (best == typeof(object) && defaultSerializerName is not null)
            ? _byName[defaultSerializerName ?? "json"]
            : _bindings[best];
        return _resolved[objectType] = serializer;
    }

    /// <summary>The bytes of an object.</summary>
    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    /// <summary>The object of bytes that a serializer wrote.</summary>
    /// <exception cref="SerializationException">No serializer has this identifier.</exception>
    public object Deserialize(byte[] bytes, int serializerId, Type type) => GetSerializerById(serializerId).FromBinary(bytes, type);

    /// <summary>The object of bytes that a serializer wrote.</summary>
    /// <exception cref="SerializationException">No serializer has this identifier, or the manifest names no type.</exception>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = GetSerializerById(serializerId);
        if (serializer is SerializerWithStringManifest withManifest)
            return withManifest.FromBinary(bytes, manifest);
        if (string.IsNullOrEmpty(manifest))
            return serializer.FromBinary(bytes, null!);
        var type = Type.GetType(manifest, throwOnError: false)
            ?? throw new SerializationException($"Cannot find manifest class [{manifest}] for serializer with id [{serializerId}].");
        return serializer.FromBinary(bytes, type);
    }

    /// <summary>What names an object in what a serializer stores.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest withManifest => withManifest.Manifest(msg),
        { IncludeManifest: true } => TypeName(msg.GetType()),
        _ => string.Empty,
    };

    internal Serializer GetSerializerById(int id) => _byId.TryGetValue(id, out var serializer)
        ? serializer
        : throw new SerializationException(FormattableString.Invariant(
            $"Cannot find serializer with id [{id}]. The most probable reason is that the configuration entry akka.actor.serializers is not in sync between the two systems."));

    private static string TypeName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private void AddConfigured(Configuration.Config config)
    {
        foreach (var (name, node) in config.GetConfig("akka.actor.serializers")?.Node.Children ?? [])
            AddSerializer(name, TypeNames.Create<Serializer>(node.Value!, System));
        foreach (var (typeName, node) in config.GetConfig("akka.actor.serialization-bindings")?.Node.Children ?? [])
            AddSerializationMap(TypeNames.Find(typeName), _byName[node.Value!]);
    }
}
