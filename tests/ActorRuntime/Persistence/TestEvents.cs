using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace CSMultiConnector.ActorRuntime.Tests.Persistence;

/// <summary>Marks what the tests store.</summary>
internal interface ITestStored;

internal sealed record Added(string Text) : ITestStored;

internal sealed record Total(string Texts) : ITestStored;

/// <summary>Its serializer refuses to write it.</summary>
internal sealed record Unwritable : ITestStored;

/// <summary>Its serializer writes it and refuses to read it.</summary>
internal sealed record Unreadable : ITestStored;

internal sealed class TestSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const int Id = 4711;

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Added => "added.v1",
        Total => "total.v1",
        Unreadable => "unreadable.v1",
        _ => throw new ArgumentException($"Not one of ours: {o.GetType()}", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Added e => Encoding.UTF8.GetBytes(e.Text),
        Total e => Encoding.UTF8.GetBytes(e.Texts),
        Unreadable => [1],
        _ => throw new ArgumentException($"Not one of ours: {obj.GetType()}", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "added.v1" => new Added(Encoding.UTF8.GetString(bytes)),
        "total.v1" => new Total(Encoding.UTF8.GetString(bytes)),
        _ => throw new ArgumentException($"Cannot read {manifest}", nameof(manifest)),
    };
}
