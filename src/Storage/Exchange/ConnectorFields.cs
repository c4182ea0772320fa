using System.Collections.Immutable;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>The table of keys: the one place that says how a connector looks as JSON, in files, in the database and in the schema.</summary>
internal static class ConnectorFields
{
    private const int MaxRoutes = 100;
    private const int MaxMagics = 1000;
    private const int MaxMappings = 1000;
    private const int MaxInstruments = 1000;
    private const int MaxOptions = 100;
    private const int MaxOrdersPerMinute = 6000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly BoolShape Flag = new();
    private static readonly PositiveShape Positive = new();
    private static readonly TextShape SymbolText = new("a symbol of 1 to 64 characters", "^.{1,64}$");
    private static readonly TextShape CurrencyText = new("an asset's code of at most 32 letters and digits, or an empty text", "^[A-Za-z0-9._]{0,32}$");

    private static readonly MappedShape<string, InstrumentId> Instrument = new(SymbolText, text => new InstrumentId(text), id => id.Value);

    private static readonly ConnectorSettings Start = new() { Id = default, Name = "", Tag = "", Venue = "" };

    /// <summary>One stream selection.</summary>
    private static readonly ObjectShape<Route> RouteShape = new(
        new Route("", []),
        [
            new Field<Route, string>(
                "terminal",
                "The terminal as login@server, or * for every terminal.",
                new TextShape("login@server or *", "^(\\*|[1-9][0-9]{0,18}@.{1,128})$", RouteTerminal),
                r => r.Terminal,
                (r, v) => r with { Terminal = v },
                required: true),
            new Field<Route, ImmutableArray<long>>(
                "magics",
                "The magics of the copied Expert Advisors (0 = by hand); empty = every magic of the terminal.",
                new ListShape<long>(new IntegerShape(0, long.MaxValue), MaxMagics),
                r => r.Magics,
                (r, v) => r with { Magics = v }),
            new Field<Route, decimal>(
                "multiplier",
                "How strongly the stream is copied; above zero, 1 = as it is.",
                Positive,
                r => r.Multiplier,
                (r, v) => r with { Multiplier = v }),
        ]);

    private static readonly ObjectShape<MappingOverride> MappingShape = new(
        new MappingOverride(default, Instrument: null),
        [
            new Field<MappingOverride, SymbolName>(
                "symbol",
                "The MT5 symbol, suffix and case included.",
                new MappedShape<string, SymbolName>(SymbolText, text => new SymbolName(text), name => name.Value),
                m => m.Symbol,
                (m, v) => m with { Symbol = v },
                required: true),
            new Field<MappingOverride, InstrumentId?>(
                "instrument",
                "The venue's symbol; null = this symbol is not traded here.",
                new NullableShape<InstrumentId>(Instrument),
                m => m.Instrument,
                (m, v) => m with { Instrument = v },
                required: true),
            new Field<MappingOverride, decimal>(
                "scale",
                "MT5 base units that one base unit of the instrument stands for (1000 for 1000PEPE); above zero.",
                Positive,
                m => m.Scale,
                (m, v) => m with { Scale = v }),
        ]);

    private static readonly ObjectShape<GuardRails> GuardRailsShape = new(
        new GuardRails(),
        [
            new Field<GuardRails, decimal?>(
                "maxOrderNotional",
                "Largest notional of one increasing order, in quote currency; null = no limit.",
                new NullableShape<decimal>(Positive),
                g => g.MaxOrderNotional,
                (g, v) => g with { MaxOrderNotional = v }),
            new Field<GuardRails, decimal?>(
                "maxPositionNotional",
                "Largest notional of a leg's position, in quote currency; null = no limit.",
                new NullableShape<decimal>(Positive),
                g => g.MaxPositionNotional,
                (g, v) => g with { MaxPositionNotional = v }),
            Number<GuardRails>(
                "maxOrdersPerMinute",
                "Increasing orders a minute and leg.",
                1,
                MaxOrdersPerMinute,
                g => g.MaxOrdersPerMinute,
                (g, v) => g with { MaxOrdersPerMinute = v }),
            new Field<GuardRails, ImmutableArray<InstrumentId>>(
                "allowedInstruments",
                "Instruments that may be traded; empty = all.",
                new ListShape<InstrumentId>(Instrument, MaxInstruments),
                g => g.AllowedInstruments,
                (g, v) => g with { AllowedInstruments = v }),
            new Field<GuardRails, bool>("closeOnly", "Only orders that reduce.", Flag, g => g.CloseOnly, (g, v) => g with { CloseOnly = v }),
        ]);

    private static readonly ObjectShape<ConnectorCredentials> CredentialsShape = new(
        new ConnectorCredentials(ImmutableSortedDictionary.Create<string, SecretText>(StringComparer.Ordinal)),
        [.. ConnectorCredentials.Names.Select(CredentialField)],
        ConnectorRules.CheckCredentials);

    /// <summary>Settings as the database keeps them.</summary>
    public static ObjectShape<ConnectorSettings> Settings { get; } = new(Start, SettingsFields<ConnectorSettings>(s => s, (_, s) => s), ConnectorRules.CheckSettings);

    /// <summary>Credentials as the database and an environment variable keep them.</summary>
    public static Shape<ConnectorCredentials> Credentials => CredentialsShape;

    /// <summary>A connector of a file.</summary>
    public static ObjectShape<ConnectorDraft> Draft { get; } = new(
        new ConnectorDraft(Start, Credentials: null, From: null),
        [
            .. SettingsFields<ConnectorDraft>(d => d.Settings, (d, s) => d with { Settings = s }),
            new Field<ConnectorDraft, ConnectorCredentials>(
                "credentials",
                "The venue's keys. A file without them keeps those that are stored.",
                CredentialsShape,
                d => d.Credentials!,
                (d, v) => d with { Credentials = v },
                omit: d => d.Credentials is null),
            new Field<ConnectorDraft, string>(
                "credentialsFrom",
                "\"stored\" = as stored, encrypted, by the host; \"env:NAME\" = an environment variable with the JSON object that credentials would be.",
                new TextShape("\"stored\" or \"env:NAME\"", "^(stored|env:[A-Za-z_][A-Za-z0-9_]{0,127})$", quoted: false),
                d => d.From!,
                (d, v) => d with { From = v },
                omit: d => d.From is null),
        ],
        (draft, path, problems) =>
        {
            ConnectorRules.CheckSettings(draft.Settings, path, problems);
            if (draft is { Credentials: not null, From: not null })
                problems.Add(JsonPath.Member(path, "credentialsFrom"), "credentials are given as well; keep one of the two.");
        });

    private static Field<T>[] SettingsFields<T>(Func<T, ConnectorSettings> get, Func<T, ConnectorSettings, T> set)
    {
        Field<T> Of<TValue>(Field<ConnectorSettings, TValue> field) => field.Within(get, set);
        return
        [
            Of(new Field<ConnectorSettings, ConnectorId>(
                "id",
                "The connector's id: lower-case letters, digits and '-', at most 32 characters. Stable, never reused.",
                new MappedShape<string, ConnectorId>(
                    new TextShape("lower-case letters, digits and '-', at most 32 characters, not beginning with '-'", "^[a-z0-9][a-z0-9-]{0,31}$"),
                    text => new ConnectorId(text),
                    id => id.Value),
                s => s.Id,
                (s, v) => s with { Id = v },
                required: true)),
            Of(RequiredText("name", "The name shown to people.", "a text of 1 to 100 characters", "^.{1,100}$", s => s.Name, (s, v) => s with { Name = v })),
            Of(RequiredText("venue", "The venue product, for example paper-futures.", "a venue product's name", "^[a-z0-9][a-z0-9-]{0,63}$", s => s.Venue, (s, v) => s with { Venue = v })),
            Of(new Field<ConnectorSettings, string>(
                "account",
                "The account at the venue; empty = the default one of the credentials.",
                new TextShape("a text of at most 128 characters", "^.{0,128}$", Placeholders.Refusal),
                s => s.Account,
                (s, v) => s with { Account = v })),
            Of(new Field<ConnectorSettings, string>(
                "apiUrl",
                "Where the venue's API is: an address, or the name of one of the venue's networks (live, testnet, demo); empty = live.",
                new TextShape("an absolute address such as https://host:port, the name of a network, or an empty text", "^(|[a-z][a-z0-9-]{0,31}|(https?|wss?|tcp)://.{1,500})$", ConnectorRules.CheckUrl),
                s => s.ApiUrl,
                (s, v) => s with { ApiUrl = v })),
            Of(Bool("enabled", "Whether it is started with the host.", s => s.Enabled, (s, v) => s with { Enabled = v })),
            Of(new Field<ConnectorSettings, ImmutableArray<Route>>(
                "routes", "Which streams feed it; empty = nothing.", new ListShape<Route>(RouteShape, MaxRoutes), s => s.Routes, (s, v) => s with { Routes = v })),
            Of(new Field<ConnectorSettings, ImmutableArray<MappingOverride>>(
                "mapping",
                "Overrides of the symbol mapping.",
                new ListShape<MappingOverride>(MappingShape, MaxMappings),
                s => s.Mapping,
                (s, v) => s with { Mapping = v })),
            Of(new Field<ConnectorSettings, string>(
                "quoteCurrency",
                "Takes the place of the MT5 profit currency when an instrument is looked for; empty = no replacement, left out = as the venue product has it.",
                CurrencyText,
                s => s.QuoteCurrency!,
                (s, v) => s with { QuoteCurrency = v },
                omit: s => s.QuoteCurrency is null)),
            Of(new Field<ConnectorSettings, string>(
                "profitCurrency",
                "The MT5 profit currency that quoteCurrency replaces; empty = no replacement, left out = as the venue product has it.",
                CurrencyText,
                s => s.ProfitCurrency!,
                (s, v) => s with { ProfitCurrency = v },
                omit: s => s.ProfitCurrency is null)),
            Of(Bool("syncAtStartup", "At start every leg in scope is driven to what MT5 holds.", s => s.SyncAtStartup, (s, v) => s with { SyncAtStartup = v })),
            Of(new Field<ConnectorSettings, SyncScope>(
                "syncScope",
                "Which legs a sync concerns: those that a routed stream ever held, or the whole account (what MT5 does not hold is closed).",
                new ChoiceShape<SyncScope>(("streamLegs", SyncScope.StreamLegs), ("wholeAccount", SyncScope.WholeAccount)),
                s => s.SyncScope,
                (s, v) => s with { SyncScope = v })),
            Of(Bool("keepForeignHoldings", "A sync leaves alone what was at the venue before the connector.", s => s.KeepForeignHoldings, (s, v) => s with { KeepForeignHoldings = v })),
            Of(Bool("allowNetting", "A venue in one-way mode may be fed by a hedging terminal (long less short).", s => s.AllowNetting, (s, v) => s with { AllowNetting = v })),
            Of(Bool("planFirst", "Show the first orders and those of a sync, and wait for a yes.", s => s.PlanFirst, (s, v) => s with { PlanFirst = v })),
            Of(Number<ConnectorSettings>(
                "maxOrderResubmitTries", "How many new orders may follow a refused or unfilled one.", 0, 100, s => s.MaxOrderResubmitTries, (s, v) => s with { MaxOrderResubmitTries = v })),
            Of(Duration("orderTimeout", "Not filled within this time: cancelled.", new DurationShape(Second, Hour), s => s.OrderTimeout, (s, v) => s with { OrderTimeout = v })),
            Of(Duration(
                "orderValidity",
                "How long an order may wait before it leaves, and at the venue where it has an expiry.",
                new DurationShape(Second, TimeSpan.FromMinutes(1)),
                s => s.OrderValidity,
                (s, v) => s with { OrderValidity = v })),
            Of(Duration("reconnectionInterval", "Longest pause between attempts to connect.", new DurationShape(Second, Hour), s => s.ReconnectionInterval, (s, v) => s with { ReconnectionInterval = v })),
            Of(Duration(
                "positionSyncPeriod",
                "Pause between syncs; 0 = never.",
                new DurationShape(Second, TimeSpan.FromDays(7), orZero: true),
                s => s.PositionSyncPeriod,
                (s, v) => s with { PositionSyncPeriod = v })),
            Of(new Field<ConnectorSettings, GuardRails>(
                "guardRails", "Limits that stop increasing orders, never reducing ones.", GuardRailsShape, s => s.GuardRails, (s, v) => s with { GuardRails = v })),
            Of(new Field<ConnectorSettings, ImmutableSortedDictionary<string, string>>(
                "venueOptions",
                "Settings of the venue by name.",
                new MapShape(new TextShape("a text of at most 256 characters", "^.{0,256}$", Placeholders.Refusal), MaxOptions),
                s => s.VenueOptions,
                (s, v) => s with { VenueOptions = v })),
        ];
    }

    private static Field<ConnectorSettings, string> RequiredText(
        string name,
        string description,
        string allowed,
        string pattern,
        Func<ConnectorSettings, string> get,
        Func<ConnectorSettings, string, ConnectorSettings> set) => new(name, description, new TextShape(allowed, pattern), get, set, required: true);

    private static Field<ConnectorSettings, bool> Bool(
        string name, string description, Func<ConnectorSettings, bool> get, Func<ConnectorSettings, bool, ConnectorSettings> set) =>
        new(name, description, Flag, get, set);

    private static Field<ConnectorSettings, TimeSpan> Duration(
        string name, string description, DurationShape shape, Func<ConnectorSettings, TimeSpan> get, Func<ConnectorSettings, TimeSpan, ConnectorSettings> set) =>
        new(name, $"{description} Seconds as a number, or \"30s\", \"5m\", \"1h\", \"00:00:30\".", shape, get, set);

    private static Field<T, int> Number<T>(string name, string description, int min, int max, Func<T, int> get, Func<T, int, T> set) =>
        new(name, description, new MappedShape<long, int>(new IntegerShape(min, max), v => (int)v, v => v), get, set);

    private static Field<ConnectorCredentials> CredentialField(string name) =>
        new Field<ConnectorCredentials, SecretText>(
            name,
            name == ConnectorCredentials.ApiKey ? "The key's public part." : "As the venue gave it.",
            new SecretShape(),
            c => c[name]!,
            (c, v) => new ConnectorCredentials(c.Values.SetItem(name, v)),
            omit: c => c[name] is null);

    private static string? RouteTerminal(string text) =>
        text == "*" || TerminalId.TryParse(text, out _) ? null : $"\"{text}\" is not login@server: the login is a whole number up to 2^63−1.";
}

/// <summary>A connector of a file as its keys say it.</summary>
internal sealed record ConnectorDraft(ConnectorSettings Settings, ConnectorCredentials? Credentials, string? From);
