namespace CSMultiConnector.ActorRuntime.Tests.Support;

/// <summary>Configurations of test systems.</summary>
internal static class Virtual
{
    /// <summary>Time moves only when the test advances it.</summary>
    public const string Time = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";
}
