using System.Globalization;
using System.Text.RegularExpressions;
using CSMultiConnector.Domain.Instruments;

namespace CSMultiConnector.Venues.Paper;

/// <summary>The two products of the simulated venue.</summary>
public enum PaperProduct
{
    /// <summary>Assets are held; product id <c>paper-spot</c>.</summary>
    Spot,

    /// <summary>Positions are held; product id <c>paper-futures</c>.</summary>
    Futures,
}

/// <summary>One account of one product of a simulated venue.</summary>
/// <param name="Product">The product.</param>
/// <param name="Name">Matches <c>[A-Za-z0-9._-]{1,64}</c>.</param>
public readonly partial record struct PaperAccountKey(PaperProduct Product, string Name) : IComparable<PaperAccountKey>
{
    /// <summary>The account that is meant when none is named.</summary>
    public const string DefaultName = "main";

    /// <summary>The account of that name, or the default one when the name is empty.</summary>
    public static PaperAccountKey Of(PaperProduct product, string? name) => new(product, string.IsNullOrEmpty(name) ? DefaultName : name);

    /// <summary>True when the text may name an account.</summary>
    public static bool IsValidName(string? text) => text is not null && Pattern().IsMatch(text);

    /// <inheritdoc/>
    public int CompareTo(PaperAccountKey other) =>
        Product != other.Product ? Product.CompareTo(other.Product) : string.CompareOrdinal(Name, other.Name);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Product.Id()}/{Name}");

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Pattern();
}

/// <summary>Names of the products.</summary>
public static class PaperProductNames
{
    /// <summary>The id of the spot product.</summary>
    public const string Spot = "paper-spot";

    /// <summary>The id of the futures product.</summary>
    public const string Futures = "paper-futures";

    /// <summary>The product's id, as connector settings name it.</summary>
    public static string Id(this PaperProduct product) => product == PaperProduct.Spot ? Spot : Futures;

    /// <summary>The product's part of an HTTP path.</summary>
    public static string PathName(this PaperProduct product) => product == PaperProduct.Spot ? "spot" : "futures";

    /// <summary>What the product's accounts hold.</summary>
    public static ProductKind Kind(this PaperProduct product) => product == PaperProduct.Spot ? ProductKind.Spot : ProductKind.Derivative;
}
