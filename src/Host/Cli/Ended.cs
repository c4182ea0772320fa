namespace CSMultiConnector.Host.Cli;

/// <summary>Waits for the end of a token without an exception for what is the normal end of a service.</summary>
internal static class Ended
{
    public static async Task OfAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(ended.SetResult);
        await ended.Task;
    }
}
