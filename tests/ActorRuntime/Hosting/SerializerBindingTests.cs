using System.Text;
using Akka.Actor;
using Akka.Hosting;
using Akka.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CSMultiConnector.ActorRuntime.Tests.Hosting;

/// <summary>Which serializer writes what.</summary>
public sealed class SerializerBindingTests : IAsyncLifetime
{
    private readonly IHost _host = new HostBuilder()
        .ConfigureServices(services => services.AddAkka("serializers", builder => builder
            .ConfigureLoggers(loggers => loggers.ClearLoggers())
            .WithCustomSerializer("general", [typeof(IStored)], system => new Named(system, 801))
            .WithCustomSerializer("special", [typeof(ISpecial)], system => new Named(system, 802))))
        .Build();

    private Serialization Serialization => _host.Services.GetRequiredService<ActorSystem>().Serialization;

    public async Task InitializeAsync() => await _host.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public void A_marker_interface_binds_its_implementations()
    {
        Serialization.FindSerializerForType(typeof(Plain)).Identifier.ShouldBe(801);
        Serialization.FindSerializerFor(new Plain("a")).Identifier.ShouldBe(801);
    }

    [Fact]
    public void The_most_specific_binding_wins() => Serialization.FindSerializerForType(typeof(Special)).Identifier.ShouldBe(802);

    [Fact]
    public void What_is_written_is_read_by_identifier_and_manifest()
    {
        var serializer = (SerializerWithStringManifest)Serialization.FindSerializerFor(new Special("ä"));
        var bytes = serializer.ToBinary(new Special("ä"));
        serializer.Manifest(new Special("ä")).ShouldBe("Special");
        Serialization.Deserialize(bytes, 802, "Special").ShouldBe(new Special("ä"));
    }

    private interface IStored
    {
        string Text { get; }
    }

    private interface ISpecial : IStored;

    private sealed record Plain(string Text) : IStored;

    private sealed record Special(string Text) : ISpecial;

    private sealed class Named(ExtendedActorSystem system, int id) : SerializerWithStringManifest(system)
    {
        public override int Identifier => id;

        public override string Manifest(object o) => o.GetType().Name;

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((IStored)obj).Text);

        public override object FromBinary(byte[] bytes, string manifest) => manifest == nameof(Special)
            ? new Special(Encoding.UTF8.GetString(bytes))
            : new Plain(Encoding.UTF8.GetString(bytes));
    }
}
