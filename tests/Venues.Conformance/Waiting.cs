namespace CSMultiConnector.Venues.Conformance;

public static class Waiting
{
    /// <summary>Only for what never comes when the code is wrong.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task InTime(this Task task) => task.WaitAsync(Patience);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <summary>The next event.</summary>
    public static async Task<VenueEvent> NextAsync(this IAsyncEnumerator<VenueEvent> events)
    {
        (await events.MoveNextAsync().AsTask().InTime()).ShouldBeTrue("the stream ended");
        return events.Current;
    }

    /// <summary>The first event of a type; others are passed over.</summary>
    public static async Task<T> NextAsync<T>(this IAsyncEnumerator<VenueEvent> events, Func<T, bool>? where = null)
        where T : VenueEvent
    {
        while (true)
        {
            if (await events.NextAsync() is T wanted && (where?.Invoke(wanted) ?? true)) return wanted;
        }
    }

    /// <summary>Completes when the stream ends.</summary>
    public static async Task EndAsync(this IAsyncEnumerator<VenueEvent> events)
    {
        while (await events.MoveNextAsync().AsTask().InTime())
        {
        }
    }

    /// <summary>Completes when the stream ends or says that events may have been missed.</summary>
    public static async Task EndOrGapAsync(this IAsyncEnumerator<VenueEvent> events)
    {
        while (await events.MoveNextAsync().AsTask().InTime())
            if (events.Current is VenueEvent.Gap) return;
    }
}
