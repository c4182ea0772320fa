using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Tests;

public sealed class JournalTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("journal");

    public static TheoryData<string> Manifests => [.. Serializer.Manifests.Order(StringComparer.Ordinal)];

    public static TheoryData<string> Samples => [.. SampleNames().Order(StringComparer.Ordinal)];

    private JournalSerializer Serializer1 => new((ExtendedActorSystem)_system);

    private static string SampleFolder => Path.Combine(AppContext.BaseDirectory, "journal-v1");

    [Theory]
    [MemberData(nameof(Manifests))]
    public void What_is_written_is_read_back_the_same(string manifest)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var written = new Maker(seed).Make(JournalSerializer.TypeOf(manifest)!);
            Serializer1.Manifest(written).ShouldBe(manifest);
            var bytes = Serializer1.ToBinary(written);
            var read = Serializer1.FromBinary(bytes, manifest);
            read.GetType().ShouldBe(written.GetType());

            // Member by member: a record with a list in it is never equal to its copy.
            Shape.Of(read).ShouldBe(Shape.Of(written));
            Encoding.UTF8.GetString(Serializer1.ToBinary(read)).ShouldBe(Encoding.UTF8.GetString(bytes));
        }
    }

    [Fact]
    public void Nothing_that_marks_itself_as_journaled_lacks_a_manifest()
    {
        Type[] marked = [typeof(JournaledEvent), typeof(IJournalRecord)];
        var journaled = new[] { typeof(JournaledEvent).Assembly, typeof(IJournalRecord).Assembly }
            .SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false, IsInterface: false } && Array.Exists(marked, m => m.IsAssignableFrom(t)))
            .ToArray();
        journaled.Length.ShouldBeGreaterThan(20);
        journaled.Except(JournalSerializer.Types).Select(t => t.Name).ShouldBeEmpty();
        journaled.ShouldAllBe(t => t.IsSealed);
    }

    [Fact]
    public void A_type_without_manifest_is_refused_and_an_unknown_manifest_says_what_to_think()
    {
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => Serializer1.Manifest("text")).Message.ShouldContain("has no manifest");
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => Serializer1.FromBinary("{}"u8.ToArray(), "leg.exploded.9")).Message.ShouldContain("newer version");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_version_one_wrote_stays_readable(string sample)
    {
        // The name is the manifest, with @ and a note where a later member is missing.
        var manifest = sample.Split('@')[0];
        var text = File.ReadAllText(Path.Combine(SampleFolder, sample + ".json"));
        var read = Serializer1.FromBinary(Encoding.UTF8.GetBytes(text), manifest);
        read.GetType().ShouldBe(JournalSerializer.TypeOf(manifest));

        // Whatever stood there is still known: it is written again, beside members that came later.
        Missing(JsonNode.Parse(text)!, JsonNode.Parse(Serializer1.ToBinary(read))!, "").ShouldBeEmpty();
    }

    [Fact]
    public void Every_manifest_has_a_sample() =>
        Serializer.Manifests.Except(SampleNames()).ShouldBeEmpty("add the file to tests/Actors/journal-v1");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    private static IEnumerable<string> Missing(JsonNode before, JsonNode? after, string path) => (before, after) switch
    {
        (JsonObject b, JsonObject a) => b.SelectMany(m => Missing(m.Value!, a[m.Key], $"{path}.{m.Key}")),
        (JsonArray b, JsonArray a) when b.Count == a.Count => b.SelectMany((item, i) => Missing(item!, a[i], $"{path}[{i}]")),
        (JsonValue b, JsonValue a) when b.ToJsonString() == a.ToJsonString() => [],
        _ => [$"{path}: {before.ToJsonString()} became {after?.ToJsonString() ?? "nothing"}"],
    };

    private static IEnumerable<string> SampleNames() => Directory.GetFiles(SampleFolder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f));

    private static class Serializer
    {
        public static IEnumerable<string> Manifests => JournalSerializer.Types.Select(t => ManifestOf(t));

        private static string ManifestOf(Type type)
        {
            var field = typeof(JournalSerializer).GetField("s_manifests", BindingFlags.NonPublic | BindingFlags.Static)!;
            return ((IReadOnlyDictionary<Type, string>)field.GetValue(null)!)[type];
        }
    }
}
