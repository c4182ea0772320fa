using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.ActorRuntime.Tests.Hosting;

/// <summary>Keeps what is logged, and says when a text has come.</summary>
internal sealed class CollectingLoggerProvider(string awaited) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly TaskCompletionSource<(LogLevel, string)> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Seen => _seen;

    public Task<(LogLevel Level, string Text)> Found => _found.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        _seen.Enqueue(text);
        if (text.Contains(awaited, StringComparison.Ordinal)) _found.TrySetResult((logLevel, text));
    }

    public void Dispose()
    {
    }
}
