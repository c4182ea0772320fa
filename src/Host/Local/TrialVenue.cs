using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Local;

/// <summary>An account for trials at a real venue, in the place of Paper: <c>demo</c> and <c>replay</c> copy to it. Never where real money is.</summary>
/// <param name="Product">The venue product.</param>
/// <param name="ApiUrl">A network for tests by name, or an address of this machine.</param>
/// <param name="CredentialsFrom">The environment variable that holds the credentials.</param>
internal sealed record TrialVenue(VenueProduct Product, string ApiUrl, string CredentialsFrom)
{
    /// <summary>Spot holds no side below zero, and no account of it is in hedge mode.</summary>
    public bool IsSpot => Product.Capabilities.Rules.Kind == ProductKind.Spot;

    /// <summary>The connector on this venue.</summary>
    public ConnectorEntry Entry(ConnectorSettings settings) => new(
        settings with { Venue = Product.Id, ApiUrl = ApiUrl, VenueOptions = ImmutableSortedDictionary<string, string>.Empty },
        new CredentialsSource.FromEnvironment(CredentialsFrom));

    /// <summary>Why the key is not in its variable, or null; nothing of what stands there is repeated.</summary>
    public string? LacksKey(IReadOnlyDictionary<string, string> variables)
    {
        var reason = "it is not set.";
        if (variables.TryGetValue(CredentialsFrom, out var text) && CredentialsText.TryParse(text, out _, out reason)) return null;
        return $"The key for {Product.Id} is to come from the environment variable {CredentialsFrom}: {reason} Set it to a JSON object such as {{\"apiKey\":\"…\",\"secret\":\"…\"}}, or name another variable with --credentials-from.";
    }

    /// <summary>Why this is no place for trials, or null.</summary>
    public static string? Refuse(VenueProduct? product, string venue, string? apiUrl, IEnumerable<VenueProduct> all)
    {
        var real = all.Where(p => p.NeedsCredentials).Select(p => p.Id);
        if (product is not { NeedsCredentials: true }) return $"--venue {venue}: there is no such venue for trials; there are {string.Join(", ", real)}. Without --venue it is Paper.";
        if (string.IsNullOrEmpty(apiUrl) || ApiAddress.Normalised(apiUrl).Length == 0)
            return $"--venue {venue} needs --api-url: a network for tests by its name (such as testnet), or an address of this machine. Trials never run where real money is.";
        if (apiUrl.Contains("://", StringComparison.Ordinal) && !(Uri.TryCreate(apiUrl, UriKind.Absolute, out var address) && address.IsLoopback))
            return $"--api-url {apiUrl}: trials run at an address of this machine, or on a network for tests by its name; never where real money is.";
        return product.Check(new ConnectorSettings { Id = new ConnectorId("trial"), Name = "Trial", Tag = "", Venue = product.Id, ApiUrl = apiUrl }) is { } wrong ? $"--api-url: {wrong}" : null;
    }
}

/// <summary>The options by which a command names such an account.</summary>
internal sealed class TrialVenueOptions
{
    private const string DefaultVariable = "CSMC_TRIAL_CREDENTIALS";

    private readonly VenueCatalog _venues = VenueCatalog.CreateDefault();
    private readonly Option<string?> _venue = new("--venue") { Description = "Copy to an account for trials at this venue product instead of Paper.", HelpName = "PRODUCT" };
    private readonly Option<string?> _apiUrl = new("--api-url") { Description = "With --venue: a network for tests by its name, or an address of this machine.", HelpName = "URL" };
    private readonly Option<string> _credentials = new("--credentials-from")
    {
        Description = "With --venue: the environment variable that holds the key, as the JSON object that 'credentials' of connectors.json would be.",
        HelpName = "VARIABLE",
        DefaultValueFactory = _ => DefaultVariable,
    };

    public void AddTo(Command command)
    {
        command.Add(_venue);
        command.Add(_apiUrl);
        command.Add(_credentials);
        command.Validators.Add(result =>
        {
            var (venue, apiUrl) = (result.GetValue(_venue), result.GetValue(_apiUrl));
            if (venue is null && apiUrl is not null) result.AddError("--api-url belongs to --venue: which venue product is there?");
            if (venue is not null && TrialVenue.Refuse(_venues.Find(venue), venue, apiUrl, _venues.Products) is { } why) result.AddError(why);
        });
    }

    /// <summary>Another venue than Paper is named.</summary>
    public bool IsNamedIn(CommandResult result) => result.GetValue(_venue) is not null;

    /// <summary>What was named; null = Paper.</summary>
    public TrialVenue? Read(ParseResult parsed) =>
        parsed.GetValue(_venue) is { } venue ? new TrialVenue(_venues.Find(venue)!, parsed.GetValue(_apiUrl)!, parsed.GetValue(_credentials)!) : null;
}
