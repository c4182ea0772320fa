namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>Asks again until an answer is right; a deadline turns "never" into a failure that tells the last answer.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> right, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (right(answer)) return answer;
            if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException($"Never came true: {what}. Last seen: {answer}");
            await Task.Delay(s_pause, TimeProvider.System);
        }
    }
}
