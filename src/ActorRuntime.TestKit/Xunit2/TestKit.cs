using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>A kit for xunit: derive the test class from it. The system ends with the test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where the test writes to.</summary>
#pragma warning disable CA1051 // A field in the API that this stands for.
    protected readonly ITestOutputHelper? Output;
#pragma warning restore CA1051

    private bool _disposed;

    /// <summary>Makes a kit for a system, or with one of its own.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Makes a kit with a system of its own.</summary>
    public TestKit(ActorSystemSetup config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Makes a kit with a system of its own.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>Makes a kit with a system of its own.</summary>
    public TestKit(string config, ITestOutputHelper? output = null)
        : base(Assertions, ConfigurationFactory.ParseString(config))
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>The configuration that a kit's own system falls back to.</summary>
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <summary>How xunit fails a test.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs before the kit ends, for what a test wants to clean up.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Ends the system.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown();
            ActorCell.SetAmbientSender(null);
        }
    }

    /// <summary>Sends a system's log to the test's output.</summary>
    protected void InitializeLogger(ActorSystem system)
    {
        if (Output is null)
            return;
        var output = Output;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), "log-test");
        system.EventStream.Subscribe(logger, typeof(LogEvent));
    }
}

/// <summary>Writes log events to a test's output.</summary>
internal sealed class TestOutputLogger(ITestOutputHelper output) : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not LogEvent)
            return false;
        try
        {
            output.WriteLine("{0}", message);
        }
        catch (InvalidOperationException)
        {
            // The test is over; nobody reads its output any more.
        }
        return true;
    }
}
