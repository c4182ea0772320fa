using Akka;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace CSMultiConnector.ActorRuntime.Tests.Hosting;

/// <summary>An actor system that lives with its host.</summary>
public sealed class AkkaHostTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_system_comes_from_the_services_and_has_the_given_name()
    {
        using var host = Build((builder, _) => { });
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        system.Name.ShouldBe("hosted");
        host.Services.GetRequiredService<ActorSystem>().ShouldBeSameAs(system);
        await host.StopAsync();
    }

    [Fact]
    public async Task Starters_run_in_order_and_startup_tasks_after_them()
    {
        var order = new List<string>();
        using var host = Build((builder, _) => builder
            .AddStartup((_, _) => order.Add("startup"))
            .WithActors((_, _) => order.Add("first"))
            .StartActors(async (_, _) =>
            {
                await Task.Yield();
                order.Add("second");
            })
            .WithActors((_, _, resolver) => order.Add(resolver.GetService<Greeting>().Text)));
        await host.StartAsync();
        order.ShouldBe(["first", "second", "hello", "startup"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Registered_actors_are_dependencies()
    {
        using var host = Build((builder, _) => builder.WithActors((system, registry) => registry.Register<Echo>(system.ActorOf(Props.Create<Echo>(), "echo"))));
        await host.StartAsync();
        var required = host.Services.GetRequiredService<IRequiredActor<Echo>>();
        (await required.ActorRef.Ask<string>("hi", Limit)).ShouldBe("hi");
        (await required.GetAsync()).ShouldBe(required.ActorRef);
        host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<Echo>().ShouldBe(required.ActorRef);
        host.Services.GetRequiredService<ActorRegistry>().Single().Key.ShouldBe(typeof(Echo));
        Should.Throw<MissingActorRegistryEntryException>(() => host.Services.GetRequiredService<IRequiredActor<Greeting>>().ActorRef);
        await host.StopAsync();
    }

    [Fact]
    public async Task An_actor_gets_services_and_arguments()
    {
        using var host = Build((builder, _) => builder.WithActors((system, registry, resolver) =>
            registry.Register<Greeter>(system.ActorOf(resolver.Props<Greeter>("you")))));
        await host.StartAsync();
        var greeter = host.Services.GetRequiredService<IRequiredActor<Greeter>>().ActorRef;
        (await greeter.Ask<string>("?", Limit)).ShouldBe("hello you");
        await host.StopAsync();
    }

    [Fact]
    public async Task A_stop_of_the_host_runs_the_coordinated_shutdown_and_waits_for_it()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build((builder, _) => builder.AddStartup((system, _) => CoordinatedShutdown.Get(system)
            .AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "wait", async () =>
            {
                begun.SetResult();
                await release.Task;
                return Done.Instance;
            })));
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var stop = host.StopAsync();
        await begun.Task.WaitAsync(Limit);
        stop.IsCompleted.ShouldBeFalse();
        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await stop.WaitAsync(Limit);
        system.WhenTerminated.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_system_that_ends_by_itself_stops_the_host()
    {
        using var host = Build((builder, _) => { });
        await host.StartAsync();
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
        await host.WaitForShutdownAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task A_starter_that_fails_stops_the_host()
    {
        using var host = Build((builder, _) => builder.WithActors((_, _) => throw new InvalidOperationException("on purpose")));
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException)
        {
            // A host that is stopped while it starts may say so.
        }

        await stopping.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_startup_task_that_fails_stops_the_host_and_those_behind_it_do_not_run()
    {
        var later = false;
        using var host = Build((builder, _) => builder
            .AddStartup((_, _) => throw new InvalidOperationException("on purpose"))
            .AddStartup((_, _) => { later = true; }));
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException)
        {
            // A host that is stopped while it starts may say so.
        }

        await stopping.Task.WaitAsync(Limit);
        later.ShouldBeFalse();
    }

    [Fact]
    public async Task Startup_tasks_are_awaited_one_after_the_other()
    {
        var ran = new List<string>();
        using var host = Build((builder, _) => builder
            .AddStartup(async (_, _) =>
            {
                ran.Add("first begins");
                await Task.Yield();
                ran.Add("first ends");
            })
            .AddStartup((_, _) => { ran.Add("second"); }));
        await host.StartAsync();
        ran.ShouldBe(["first begins", "first ends", "second"]);
        await host.StopAsync();
    }

    [Fact]
    public void A_host_has_one_system()
    {
        var services = new ServiceCollection();
        services.AddAkka("one", _ => { });
        Should.Throw<InvalidOperationException>(() => services.AddAkka("two", _ => { }));
    }

    [Fact]
    public async Task Configuration_is_joined_as_asked()
    {
        using var host = Build((builder, _) => builder
            .AddHocon("csmc.a = first, csmc.b = first", HoconAddMode.Append)
            .AddHocon("csmc.a = appended, csmc.c = appended", HoconAddMode.Append)
            .AddHocon("csmc.b = prepended", HoconAddMode.Prepend));
        await host.StartAsync();
        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
        new[] { "a", "b", "c" }.Select(k => config.GetString($"csmc.{k}")).ShouldBe(["first", "prepended", "appended"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Extensions_start_with_the_system()
    {
        using var host = Build((builder, _) => builder.WithExtension<CountId>());
        await host.StartAsync();
        host.Services.GetRequiredService<ActorSystem>().HasExtension<Count>().ShouldBeTrue();
        await host.StopAsync();
    }

    [Fact]
    public void Only_extension_ids_are_extensions() =>
        Should.Throw<Exception>(() => new AkkaConfigurationBuilder(new ServiceCollection(), "x").WithExtensions(typeof(Greeting)));

    [Fact]
    public async Task The_systems_log_goes_to_the_hosts()
    {
        var logs = new CollectingLoggerProvider("on purpose");
        using var host = Build(
            (builder, _) => builder
                .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLoggerFactory())
                .WithActors((system, _) => system.Log.Warning("{0} it was logged", "on purpose")),
            logging => logging.AddProvider(logs));
        await host.StartAsync();
        var (level, text) = await logs.Found.WaitAsync(Limit);
        level.ShouldBe(LogLevel.Warning);
        text.ShouldContain("on purpose it was logged");
        await host.StopAsync();
    }

    [Fact]
    public async Task Nothing_below_the_chosen_level_is_logged()
    {
        var logs = new CollectingLoggerProvider("the last");
        using var host = Build(
            (builder, _) => builder
                .ConfigureLoggers(loggers =>
                {
                    loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                })
                .WithActors((system, _) =>
                {
                    system.Log.Info("too little");
                    system.Log.Warning("the last");
                }),
            logging => logging.AddProvider(logs));
        await host.StartAsync();
        await logs.Found.WaitAsync(Limit);
        logs.Seen.ShouldNotContain(text => text.Contains("too little", StringComparison.Ordinal));
        await host.StopAsync();
    }

    private static IHost Build(Action<AkkaConfigurationBuilder, IServiceProvider> configure, Action<ILoggingBuilder>? logging = null) => new HostBuilder()
        .ConfigureServices(services =>
        {
            services.AddSingleton(new Greeting("hello"));
            services.AddAkka("hosted", (builder, provider) =>
            {
                builder.ConfigureLoggers(loggers => loggers.ClearLoggers());
                configure(builder, provider);
            });
        })
        .ConfigureLogging(builder =>
        {
            builder.ClearProviders();
            logging?.Invoke(builder);
        })
        .Build();

    private sealed record Greeting(string Text);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(m => Sender.Tell(m));
    }

    private sealed class Greeter : ReceiveActor
    {
        public Greeter(Greeting greeting, string whom) => ReceiveAny(_ => Sender.Tell($"{greeting.Text} {whom}"));
    }

    private sealed class Count : IExtension;

    private sealed class CountId : ExtensionIdProvider<Count>
    {
        public override Count CreateExtension(ExtendedActorSystem system) => new();
    }
}
