using System.Net;

namespace CSMultiConnector.EndToEnd.Tests.World;

/// <summary>Asks again until an answer is right; a deadline turns "never" into a failure that tells the last answer.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> right, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        object? seen = null;
        while (true)
        {
            try
            {
                var answer = await ask();
                if (right(answer)) return answer;
                seen = answer;
            }
            catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                // A host on a busy machine says so: it is asked again.
                seen = e.Message;
            }

            if (TimeProvider.System.GetElapsedTime(start) > s_patience) throw new TimeoutException($"Never came true: {what}. Last seen: {seen ?? "nothing"}");
            await Task.Delay(s_pause, TimeProvider.System);
        }
    }
}
