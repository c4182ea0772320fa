using Akka.Actor;
using Akka.Hosting;

namespace CSMultiConnector.ActorRuntime.Tests.Hosting;

public sealed class ActorRegistryTests
{
    private readonly ActorRegistry _registry = new();

    [Fact]
    public void An_actor_is_found_by_its_key_only()
    {
        _registry.Register<string>(ActorRefs.Nobody);
        _registry.Get<string>().ShouldBe(ActorRefs.Nobody);
        _registry.TryGet<int>(out _).ShouldBeFalse();
        Should.Throw<MissingActorRegistryEntryException>(() => _registry.Get<int>());
    }

    [Fact]
    public void A_second_actor_needs_leave_to_replace_the_first()
    {
        _registry.Register<string>(ActorRefs.Nobody);
        _registry.TryRegister<string>(ActorRefs.NoSender ?? ActorRefs.Nobody).ShouldBeFalse();
        Should.Throw<DuplicateActorRegistryException>(() => _registry.Register<string>(ActorRefs.Nobody));
        _registry.TryRegister<string>(ActorRefs.Nobody, overwrite: true).ShouldBeTrue();
    }

    [Fact]
    public async Task An_actor_can_be_awaited_before_it_is_registered()
    {
        var waiting = _registry.GetAsync<string>();
        waiting.IsCompleted.ShouldBeFalse();
        _registry.Register<string>(ActorRefs.Nobody);
        (await waiting.WaitAsync(TimeSpan.FromMinutes(2))).ShouldBe(ActorRefs.Nobody);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _registry.GetAsync<string>(cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }
}
