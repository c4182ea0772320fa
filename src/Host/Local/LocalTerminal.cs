using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Client;
using CSMultiConnector.Feeds.Terminal;
using CSMultiConnector.Host.Composition;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Host.Local;

/// <summary>A simulated terminal on the real feed of a host in this process: it logs in with a client of its own, over TCP, with proofs.</summary>
internal sealed class LocalTerminal : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TerminalClient _client;
    private readonly Task<TerminalClientEnd> _running;

    private LocalTerminal(TerminalClient client)
    {
        _client = client;
        _running = client.RunAsync(_stop.Token);
    }

    /// <summary>Connects a terminal; the client of that name is made when the store has none.</summary>
    public static async Task<LocalTerminal> ConnectAsync(
        ConnectorHost host,
        string clientId,
        SimulatedTerminal terminal,
        Func<IReadOnlyList<ResumePoint>, CancellationToken, ValueTask>? onResume,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var options = new TerminalClientOptions
        {
            Host = host.Feed.Address.ToString(),
            Port = host.Feed.Port,
            ClientId = clientId,
            Secret = await SecretAsync(host, clientId, cancellation),
            EaVersion = HostFacts.Version,
            OnResume = onResume,
        };
        return new LocalTerminal(new TerminalClient(options, terminal, time, host.Logs.CreateLogger<TerminalClient>()));
    }

    /// <summary>Waits until the host knows all levels.</summary>
    public Task WaitUntilLiveAsync(CancellationToken cancellation) => _client.WaitUntilLiveAsync(cancellation);

    /// <summary>Waits until everything so far is journaled by the host.</summary>
    public Task WaitForAllAcknowledgedAsync(CancellationToken cancellation) => _client.WaitForAllAcknowledgedAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static async Task<byte[]> SecretAsync(ConnectorHost host, string clientId, CancellationToken cancellation)
    {
        var clients = host.Stores.Settings.FeedClients;
        if (await clients.FindAsync(clientId, cancellation) is { } found)
            return found.Ok ? found.Value.SecretBytes() : throw new InvalidOperationException(found.Problem.Text);
        var made = await clients.CreateAsync(OrganizationId.Local, clientId, null, cancellation);
        return made.Ok ? System.Text.Encoding.UTF8.GetBytes(made.Value.Secret.Reveal()) : throw new InvalidOperationException(made.Problem.Text);
    }
}
