using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>This project: a terminal's session, the host's program with its durable journal, its gateway.</summary>
internal sealed class HostWay : IWay
{
    private readonly Folder _folder;
    private readonly HostService _host;
    private readonly FeedLine _feed;

    private HostWay(Folder folder, HostService host, FeedLine feed) => (_folder, _host, _feed) = (folder, host, feed);

    public string Name => "host, durable";

    public string Said => _host.Said;

    public static async Task<IWay> StartAsync(BinanceService venue, int symbols)
    {
        var folder = new Folder();
        var host = await HostService.StartAsync(folder.Data, [Settings.Binance("bench", $"binance-{venue.Product}", venue)]);
        await host.RunningAsync();
        return new HostWay(folder, host, await FeedLine.ConnectAsync(host.Feed, await host.AddClientAsync(Settings.Client), symbols));
    }

    public void Deal(int symbol) => _feed.Deal(symbol);

    public async Task SettledAsync()
    {
        await _feed.StoredAsync();
        await _host.ConvergedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
