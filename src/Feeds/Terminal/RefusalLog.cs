using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Terminal;

/// <summary>
/// The log lines that others can cause as often as they like. Of one kind a few a minute are written, the others are counted, and the count is
/// written when the minute is over: whoever floods the port must not push everything else out of the log.
/// </summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider time) : IDisposable
{
    /// <summary>Lines of one kind that are written in a minute.</summary>
    public const int LinesAMinute = 20;

    /// <summary>Kinds that are told apart in a minute; what comes beyond is counted together by its code.</summary>
    public const int MaxKinds = 256;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Whose, string Code), int> _counts = [];
    private ITimer? _windowEnds;
    private bool _over;

    /// <summary>Something was refused.</summary>
    /// <param name="whose">The terminal, told apart from others; empty = nobody who has logged in.</param>
    /// <param name="who">For the line: which connection or line it was.</param>
    /// <param name="code">A code of the protocol page, or the kind of end.</param>
    /// <param name="text">Why. Never a secret or a proof.</param>
    public void Refused(string whose, string who, string code, string text)
    {
        if (TakesPlace(whose, code)) logger.LogWarning("{Who} refused: {Code}, {Text}", who, code, text);
    }

    /// <summary>A snapshot's levels were not the terminal's totals.</summary>
    public void Corrected(string terminal, string symbol)
    {
        if (TakesPlace(terminal, "levels"))
            logger.LogWarning("Terminal {Terminal}: the streams' levels in {Symbol} do not add up to the account's position; the difference belongs to no stream", terminal, symbol);
    }

    /// <summary>A session began or ended.</summary>
    public void Session(string terminal, string text)
    {
        if (TakesPlace(terminal, "session")) logger.LogInformation("Terminal {Terminal}, {Text}", terminal, text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            _windowEnds?.Dispose();
        }

        EndWindow();
    }

    private bool TakesPlace(string whose, string code)
    {
        lock (_lock)
        {
            if (!_over) _windowEnds ??= time.CreateTimer(_ => EndWindow(), null, Window, Timeout.InfiniteTimeSpan);
            var key = (whose, code);
            if (_counts.Count >= MaxKinds && !_counts.ContainsKey(key)) key = ("", code);
            var count = _counts[key] = _counts.GetValueOrDefault(key) + 1;
            return count <= LinesAMinute;
        }
    }

    private void EndWindow()
    {
        KeyValuePair<(string Whose, string Code), int>[] unwritten;
        lock (_lock)
        {
            unwritten = [.. _counts.Where(c => c.Value > LinesAMinute)];
            _counts.Clear();
            _windowEnds?.Dispose();
            _windowEnds = null;
        }

        foreach (var ((whose, code), count) in unwritten)
            logger.LogWarning("{Count} more lines within a minute like the ones above: {Code}{Of}{Whose}", count - LinesAMinute, code, whose.Length == 0 ? "" : " of terminal ", whose);
    }
}
