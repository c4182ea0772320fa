using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Serialization;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.Systems;

public sealed class ExtensionTests : TestKit
{
    private interface IMarked;

    public ExtensionTests()
        : base(ActorSystemSetup.Create(SerializationSetup.Create(system =>
            [SerializerDetails.Create("marked", new MarkedSerializer(system), ImmutableHashSet.Create(typeof(IMarked)))])))
    {
    }

    [Fact]
    public void An_extension_is_made_once_a_system()
    {
        Sys.HasExtension<Counted>().ShouldBeFalse();
        var one = Sys.WithExtension<Counted, CountedId>();
        Sys.WithExtension<Counted, CountedId>().ShouldBeSameAs(one);
        new CountedId().Get(Sys).ShouldBeSameAs(one);
        Sys.GetExtension<Counted>().ShouldBeSameAs(one);
        Sys.TryGetExtension<Counted>(out var found).ShouldBeTrue();
        found.ShouldBeSameAs(one);
        one.System.ShouldBeSameAs(Sys);
    }

    [Fact]
    public void A_serializer_is_found_by_a_marker_interface_and_by_its_identifier()
    {
        var serializer = Sys.Serialization.FindSerializerFor(new Marked("text"));
        serializer.ShouldBeOfType<MarkedSerializer>();
        Sys.Serialization.FindSerializerForType(typeof(Marked)).ShouldBeSameAs(serializer);
        Serialization.ManifestFor(serializer, new Marked("text")).ShouldBe("marked-v1");
        var bytes = Sys.Serialization.Serialize(new Marked("text"));
        Sys.Serialization.Deserialize(bytes, serializer.Identifier, "marked-v1").ShouldBe(new Marked("text"));
    }

    [Fact]
    public void What_has_no_serializer_falls_to_json_and_bytes_stay_bytes()
    {
        Sys.Serialization.FindSerializerFor("plain").Identifier.ShouldBe(1);
        byte[] bytes = [1, 2, 3];
        Sys.Serialization.Serialize(bytes).ShouldBe(bytes);
    }

    private sealed record Marked(string Text) : IMarked;

    private sealed class Counted(ExtendedActorSystem system) : IExtension
    {
        public ExtendedActorSystem System { get; } = system;
    }

    private sealed class CountedId : ExtensionIdProvider<Counted>
    {
        public override Counted CreateExtension(ExtendedActorSystem system) => new(system);
    }

    private sealed class MarkedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Marked)obj).Text);

        public override object FromBinary(byte[] bytes, string manifest) =>
            manifest == "marked-v1" ? new Marked(Encoding.UTF8.GetString(bytes)) : throw new NotSupportedException(manifest);

        public override string Manifest(object o) => "marked-v1";
    }
}
