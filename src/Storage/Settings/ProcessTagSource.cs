using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Settings;

/// <summary>The tag of one run of the host, part of each client order id that it makes.</summary>
/// <param name="Value">Six characters of <c>[a-z0-9]</c>.</param>
public readonly record struct ProcessTag(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Makes process tags. Each is written down, so that no run ever gets the tag of an earlier one.</summary>
public sealed class ProcessTagSource
{
    private readonly SqlDatabase _database;
    private readonly IRandomSource _random;
    private readonly TimeProvider _time;

    internal ProcessTagSource(SqlDatabase database, IRandomSource random, TimeProvider time)
    {
        _database = database;
        _random = random;
        _time = time;
    }

    /// <summary>A tag that was never given before; taken once at the start of a process.</summary>
    public Task<ProcessTag> NextAsync(CancellationToken cancellation) =>
        _database.RunAsync(
            async session =>
            {
                var tag = await UniqueTag.DrawAsync(_random, ClientOrderId.ProcessTagLength, drawn => session.ExistsAsync("SELECT 1 FROM process_tags WHERE tag = @drawn", new { drawn }));
                await session.ExecuteAsync("INSERT INTO process_tags (tag, started_ticks) VALUES (@tag, @now)", new { tag, now = _time.GetUtcNow().UtcTicks });
                return new ProcessTag(tag);
            },
            cancellation);
}

/// <summary>Draws a random tag that is not taken.</summary>
internal static class UniqueTag
{
    // With a million of the 1.7 million shortest tags taken, this many draws still all fail less than once in 10^20 times.
    private const int MaxDraws = 100;

    public static async Task<string> DrawAsync(IRandomSource random, int length, Func<string, Task<bool>> taken)
    {
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var tag = RandomText.Tag(random, length);
            if (!await taken(tag)) return tag;
        }

        throw new InvalidOperationException($"No free tag of {length} characters was found in {MaxDraws} draws.");
    }
}
