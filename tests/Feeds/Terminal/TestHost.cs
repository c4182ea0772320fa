using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Terminal;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Feeds.Tests.Terminal;

/// <summary>A server on a free loopback port with a hub that a test plays.</summary>
internal sealed class TestHost : ITerminalHub, IFeedClients, IAsyncDisposable
{
    public const string Secret = "correct horse battery staple";

    private readonly Channel<TestSession> _sessions = Channel.CreateUnbounded<TestSession>();

    private TestHost(TerminalServerOptions options, TimeProvider time)
    {
        Time = time;
        Server = new TerminalServer(options, this, this, time, new TestLogger<TerminalServer>(Log), "1.2.3");
    }

    public TimeProvider Time { get; }

    public ManualTimeProvider Clock => (ManualTimeProvider)Time;

    public TerminalServer Server { get; }

    public ConcurrentQueue<string> Log { get; } = [];

    /// <summary>What the hub answers; by default it admits with no history.</summary>
    public Func<TerminalLogin, TestSession, Task<SessionAdmission>> Admit { get; set; } =
        (login, session) => Task.FromResult<SessionAdmission>(new SessionAdmission.Admitted(session, [.. login.Magics.Select(m => new ResumePoint(m, 0, 0))], []));

    /// <summary>Acknowledge every message at once, as if the journal took no time.</summary>
    public bool AutoAcknowledge { get; set; } = true;

    public static async Task<TestHost> StartAsync(TerminalServerOptions? options = null, TimeProvider? time = null, Action<TestHost>? setUp = null)
    {
        var host = new TestHost(options ?? new TerminalServerOptions { Port = 0 }, time ?? new ManualTimeProvider());
        setUp?.Invoke(host);
        await host.Server.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>The next session that asked to be admitted.</summary>
    public async Task<TestSession> SessionAsync() => await _sessions.Reader.ReadAsync().AsTask().WaitAsync(RawTerminal.Patience);

    public Task<SessionAdmission> AdmitAsync(TerminalLogin login, ITerminalSession session, CancellationToken cancellation)
    {
        var test = new TestSession(this, login, session);
        _sessions.Writer.TryWrite(test);
        return Admit(login, test);
    }

    public ValueTask<FeedClient?> FindAsync(string clientId, CancellationToken cancellation) =>
        ValueTask.FromResult(clientId is "ea-1" or "ea-2" ? new FeedClient(clientId, OrganizationId.Local, Encoding.UTF8.GetBytes(Secret)) : null);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>One session as the hub of a test sees it.</summary>
internal sealed class TestSession(TestHost host, TerminalLogin login, ITerminalSession session) : ITerminalIntake
{
    private readonly Channel<FeedMessage> _messages = Channel.CreateUnbounded<FeedMessage>();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _received;

    public TerminalLogin Login => login;

    public ITerminalSession Session => session;

    public int Received => Volatile.Read(ref _received);

    public Task<string> ClosedAsync() => _closed.Task.WaitAsync(RawTerminal.Patience);

    public async Task<FeedMessage> MessageAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(RawTerminal.Patience);

    public async Task<T> MessageAsync<T>()
        where T : FeedMessage
    {
        while (true)
            if (await MessageAsync() is T message) return message;
    }

    public bool IsOver => _closed.Task.IsCompleted;

    /// <summary>The next message, or null when the session ended without another.</summary>
    public async Task<FeedMessage?> NextOrClosedAsync()
    {
        var next = _messages.Reader.WaitToReadAsync().AsTask();
        await Task.WhenAny(next, _closed.Task).WaitAsync(RawTerminal.Patience);
        return _messages.Reader.TryRead(out var message) ? message : null;
    }

    public bool TryMessage(out FeedMessage? message) => _messages.Reader.TryRead(out message);

    public void Receive(FeedMessage message)
    {
        Interlocked.Increment(ref _received);
        _messages.Writer.TryWrite(message);
        if (host.AutoAcknowledge) session.Acknowledge(message.Seq);
    }

    public void Closed(string reason) => _closed.TrySetResult(reason).ShouldBeTrue("Closed is called once");
}

/// <summary>Keeps what is logged, to look for secrets in it.</summary>
internal sealed class TestLogger<T>(ConcurrentQueue<string> lines) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
