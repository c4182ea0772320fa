using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Logging;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Storage.Folder;
using Microsoft.Extensions.Logging.Abstractions;

namespace CSMultiConnector.Host.Composition;

/// <summary>Manages feed clients on a data folder that no host uses: it is held for the length of the call.</summary>
internal static class OfflineClients
{
    public static async Task<int> UseAsync(OfflineCall call, Func<IFeedClientAdministration, Task<int>> use, CancellationToken cancellation)
    {
        var guard = new SecretGuard();
        var folder = DataFolder.Open(call.Settings.DataFolder, call.Environment.Time);
        if (!folder.Ok) return call.Answer.Fail(ExitCodes.Failed, "unavailable", folder.Problem.Text);
        using var held = folder.Value;
        var vault = HostStores.OpenVault(held, guard);
        if (!vault.Ok) return call.Answer.Fail(ExitCodes.Failed, "unavailable", vault.Problem.Text);
        using var secrets = vault.Value;
        var settings = await HostStores.OpenSettingsAsync(held, call.Settings, secrets, call.Environment.Time, cancellation);
        if (!settings.Ok) return call.Answer.Fail(ExitCodes.Failed, "unavailable", settings.Problem.Text);
        await using var store = settings.Value;
        return await use(new FeedClientsOverStore(store.FeedClients, guard, NullLogger<FeedClientsOverStore>.Instance));
    }
}
