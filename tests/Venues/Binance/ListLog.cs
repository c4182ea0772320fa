using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>A log that a test can read.</summary>
internal sealed class ListLog : ILoggerFactory, ILogger
{
    internal ConcurrentQueue<string> Lines { get; } = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
