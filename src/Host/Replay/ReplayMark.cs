using System.Security.Cryptography;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Settings;

namespace CSMultiConnector.Host.Replay;

/// <summary>Which history a data folder belongs to: going on with another one, or at another scale, would make nonsense.</summary>
internal static class ReplayMark
{
    private const string Setting = "replay";

    /// <summary>Marks a new folder; for a marked one, why it cannot be used for this replay, or null.</summary>
    public static async Task<string?> CheckAsync(SettingsStore settings, ReplayOptions options, CancellationToken cancellation)
    {
        var mark = await OfAsync(options, cancellation);
        var found = await settings.General.FindAsync(OrganizationId.Local, Setting, cancellation);
        if (found is null)
        {
            if ((await settings.Connectors.ListAsync(OrganizationId.Local, cancellation)).Count > 0)
                return $"The data folder {options.DataFolder} belongs to a host with connectors of its own: name another folder for the replay.";
            await settings.General.SetAsync(OrganizationId.Local, Setting, mark, cancellation);
            return null;
        }

        return string.Equals(found, mark, StringComparison.Ordinal)
            ? null
            : $"The data folder {options.DataFolder} holds the replay of another history, or of this one with other contract sizes, on another venue or with another mapping: name another folder.";
    }

    private static async Task<string> OfAsync(ReplayOptions options, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(options.File);
        var digest = Convert.ToHexString(await SHA256.HashDataAsync(file, cancellation));
        var sizes = options.ContractSizes.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={AmountText.Of(s.Value)}");
        var mapping = options.Mapping.OrderBy(m => m.Symbol).Select(m => $"{m.Symbol}={m.Instrument}*{AmountText.Of(m.Scale)}");
        string[] venue = options.Trial is { } trial ? [$"{trial.Product.Id}@{trial.ApiUrl}"] : [];
        return string.Join(' ', [digest, .. sizes, .. venue, .. mapping]);
    }
}
