using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Composition;

/// <summary>Reads a connectors.json against the venues that this host has.</summary>
internal static class ConnectorsFile
{
    /// <summary>The connectors, or every mistake with its path.</summary>
    public static (ImmutableArray<ConnectorEntry> Connectors, string? Problem) Read(string path, VenueCatalog venues)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > ConnectorFile.MaxBytes) return ([], $"{path} has more than {ConnectorFile.MaxBytes / 1024 / 1024} MiB: that is no connectors file.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], $"{path} cannot be read: {e.Message}");
        }

        var reading = ConnectorFile.Read(bytes, Checks(venues));
        if (reading.Ok) return (reading.Connectors, null);
        var count = reading.Problems.Length;
        return ([], string.Join(Environment.NewLine, reading.Problems.Select(p => p.ToString()).Prepend($"{count} mistake{(count == 1 ? "" : "s")} in {path}:")));
    }

    /// <summary>What the file's reader needs to know of the venues.</summary>
    public static ConnectorFileChecks Checks(VenueCatalog venues) => new()
    {
        Venues = [.. venues.Products.Select(p => p.Id)],
        VenueOptions = settings => Options(venues, settings),
    };

    private static IEnumerable<(string Option, string Text)> Options(VenueCatalog venues, ConnectorSettings settings)
    {
        if (venues.Find(settings.Venue) is not { } product) yield break;
        foreach (var (name, value) in settings.VenueOptions)
        {
            if (product.Options.FirstOrDefault(o => string.Equals(o.Name, name, StringComparison.Ordinal)) is not { } option)
                yield return (name, $"is no option of {product.Id}; there are {string.Join(", ", product.Options.Select(o => o.Name))}.");
            else if (option.Check(value) is { } why)
                yield return (name, $"is \"{value}\"; it {why}.");
        }

        if (product.Check(settings) is { } reason) yield return ("", reason);
    }
}
