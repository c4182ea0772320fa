using System.Collections.Concurrent;
using System.Text;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Feeds.Tests.Terminal;

namespace CSMultiConnector.Feeds.Tests.Client;

/// <summary>A client with its run, stopped at the end of the test.</summary>
internal sealed class RunningClient : IAsyncDisposable
{
    public static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task<TerminalClientEnd> _run;

    private RunningClient(int port, SimulatedTerminal terminal, TimeProvider time, bool takeHostLedger, int maxBacklog, Action<IReadOnlyList<ResumePoint>>? onResume)
    {
        Terminal = terminal;
        Client = new TerminalClient(
            new TerminalClientOptions
            {
                Port = port,
                ClientId = "ea-1",
                Secret = Encoding.UTF8.GetBytes(TestHost.Secret),
                FirstReconnectDelay = ReconnectDelay,
                MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
                TakeHostLedger = takeHostLedger,
                MaxBacklog = maxBacklog,
                OnMessage = Messages.Enqueue,
                OnResume = (points, _) =>
                {
                    onResume?.Invoke(points);
                    return ValueTask.CompletedTask;
                },
            },
            terminal,
            time,
            new TestLogger<TerminalClient>(Log));
        _run = Client.RunAsync(_stop.Token);
    }

    public SimulatedTerminal Terminal { get; }

    public TerminalClient Client { get; }

    public ConcurrentQueue<HostMessage> Messages { get; } = [];

    public ConcurrentQueue<string> Log { get; } = [];

    public static RunningClient Start(
        TestHost host,
        SimulatedTerminal terminal,
        TimeProvider? time = null,
        bool takeHostLedger = false,
        int maxBacklog = 10_000,
        Action<IReadOnlyList<ResumePoint>>? onResume = null) =>
        new(host.Server.EndPoint.Port, terminal, time ?? TimeProvider.System, takeHostLedger, maxBacklog, onResume);

    public static RunningClient Start(int port, SimulatedTerminal terminal, TimeProvider? time = null) =>
        new(port, terminal, time ?? TimeProvider.System, false, 10_000, null);

    public Task LiveAsync() => Client.WaitUntilLiveAsync(CancellationToken.None).WaitAsync(RawTerminal.Patience);

    public Task AllAcknowledgedAsync() => Client.WaitForAllAcknowledgedAsync(CancellationToken.None).WaitAsync(RawTerminal.Patience);

    public Task<TerminalClientEnd> EndAsync() => _run.WaitAsync(RawTerminal.Patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(RawTerminal.Patience);
        _stop.Dispose();
    }
}
