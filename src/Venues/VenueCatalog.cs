using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Venues.Binance;
using CSMultiConnector.Venues.Paper;

namespace CSMultiConnector.Venues;

/// <summary>One venue-specific setting of a connector.</summary>
/// <param name="Name">Its name in <see cref="ConnectorSettings.VenueOptions"/>.</param>
/// <param name="Description">For a person: meaning, unit, range.</param>
/// <param name="Default">What holds when it is not set.</param>
/// <param name="Check">Why a value is wrong ("must be …"), or null.</param>
public sealed record VenueOption(string Name, string Description, string Default, Func<string, string?> Check);

/// <summary>A venue product that connectors can use.</summary>
/// <param name="Id">What <see cref="ConnectorSettings.Venue"/> says.</param>
/// <param name="Name">For a person.</param>
/// <param name="Capabilities">What it can do with default options.</param>
/// <param name="Options">Its settings.</param>
/// <param name="NeedsCredentials">Whether it needs a key.</param>
/// <param name="Check">What is wrong with the account's name or the address, or null.</param>
/// <param name="Factory">Makes a gateway from settings that <see cref="VenueCatalog.Validate"/> found right.</param>
public sealed record VenueProduct(
    string Id,
    string Name,
    VenueCapabilities Capabilities,
    ImmutableArray<VenueOption> Options,
    bool NeedsCredentials,
    Func<ConnectorSettings, string?> Check,
    Func<ConnectorSettings, VenueCredentials?, VenueServices, IVenueGateway> Factory)
{
    /// <summary>The quote currency when the settings name none; empty = no replacement.</summary>
    public string QuoteCurrency { get; init; } = "";

    /// <summary>The MT5 profit currency that it replaces when the settings name none; empty = no replacement.</summary>
    public string ProfitCurrency { get; init; } = "";
}

/// <summary>The venue products by id, and the one place where gateways are made.</summary>
public sealed class VenueCatalog
{
    private readonly ImmutableSortedDictionary<string, VenueProduct> _products;

    /// <summary>With these products.</summary>
    public VenueCatalog(IEnumerable<VenueProduct> products) =>
        _products = products.ToImmutableSortedDictionary(p => p.Id, p => p, StringComparer.Ordinal);

    /// <summary>All products, by id.</summary>
    public IEnumerable<VenueProduct> Products => _products.Values;

    /// <summary>The catalog with every product that this version has.</summary>
    public static VenueCatalog CreateDefault() => new([PaperCatalog.Spot, PaperCatalog.Futures, BinanceCatalog.Spot, BinanceCatalog.UsdM]);

    /// <summary>The product with this id, or null.</summary>
    public VenueProduct? Find(string id) => _products.GetValueOrDefault(id);

    /// <summary>The settings with the product's own currencies where they name none.</summary>
    public ConnectorSettings WithDefaults(ConnectorSettings settings) => settings with
    {
        QuoteCurrency = settings.QuoteCurrency ?? Find(settings.Venue)?.QuoteCurrency ?? "",
        ProfitCurrency = settings.ProfitCurrency ?? Find(settings.Venue)?.ProfitCurrency ?? "",
    };

    /// <summary>What is wrong with the venue part of the settings; empty when nothing is.</summary>
    public ImmutableArray<string> Validate(ConnectorSettings settings)
    {
        if (Find(settings.Venue) is not { } product)
            return [$"{settings.Id}: there is no venue '{settings.Venue}'; known are {string.Join(", ", _products.Keys)}."];
        var wrong = ImmutableArray.CreateBuilder<string>();
        if (product.Check(settings) is { } reason) wrong.Add($"{settings.Id}: {reason}");
        foreach (var (name, value) in settings.VenueOptions)
        {
            if (product.Options.FirstOrDefault(o => o.Name == name) is not { } option)
                wrong.Add($"{settings.Id}: {product.Id} has no option '{name}'; allowed are {string.Join(", ", product.Options.Select(o => o.Name))}.");
            else if (option.Check(value) is { } why)
                wrong.Add($"{settings.Id}: option '{name}' is '{value}'; it {why}.");
        }

        return wrong.ToImmutable();
    }

    /// <summary>Makes the gateway of a connector. It does not connect.</summary>
    /// <exception cref="ArgumentException">The settings are wrong; the text says how.</exception>
    /// <exception cref="InvalidOperationException">The product needs something that <paramref name="services"/> lacks.</exception>
    public IVenueGateway Create(ConnectorSettings settings, VenueCredentials? credentials, VenueServices services)
    {
        var wrong = Validate(settings);
        if (!wrong.IsEmpty) throw new ArgumentException(string.Join(" ", wrong), nameof(settings));
        var product = _products[settings.Venue];
        if (product.NeedsCredentials && credentials is null) throw new ArgumentException($"{settings.Id}: {product.Id} needs an API key; enter one.", nameof(credentials));
        return product.Factory(settings, credentials, services);
    }
}
