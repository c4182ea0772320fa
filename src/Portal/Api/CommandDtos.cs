namespace CSMultiConnector.Portal.Api;

/// <summary>A command was carried out or accepted.</summary>
/// <param name="Ok">Always true; refusals are problem+json.</param>
/// <param name="Text">What happened, for a person.</param>
/// <param name="Code">For programs.</param>
public sealed record CommandDto(bool Ok, string Text, string Code);

/// <summary>Asks for a pause.</summary>
/// <param name="Why">The reason that is shown and journaled.</param>
public sealed record PauseRequest(string? Why);

/// <summary>Asks for a sync.</summary>
/// <param name="Scope">streamLegs (default) or wholeAccount.</param>
public sealed record SyncRequest(string? Scope);

/// <summary>How a symbol is mapped.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Instrument">The venue's symbol; null = none.</param>
/// <param name="Scale">MT5 base units per base unit of the instrument.</param>
/// <param name="Source">override, exact, listed, excluded, none.</param>
/// <param name="Text">How it was found, or why there is none.</param>
public sealed record MappingDto(string Symbol, string? Instrument, decimal Scale, string Source, string Text);

/// <summary>Maps a symbol by hand.</summary>
/// <param name="Symbol">The MT5 symbol.</param>
/// <param name="Instrument">The venue's symbol; null = the symbol is not traded here.</param>
/// <param name="Scale">MT5 base units per base unit of the instrument, above zero; absent = 1.</param>
public sealed record SetMappingRequest(string? Symbol, string? Instrument, decimal? Scale);

/// <summary>Forgets what was resolved.</summary>
/// <param name="Symbol">One symbol; null = all.</param>
public sealed record ResetMappingRequest(string? Symbol);

/// <summary>Counts a stream that is no longer fed as flat.</summary>
/// <param name="Terminal"><c>login@server</c>.</param>
/// <param name="Magic">The stream's magic.</param>
public sealed record ReleaseStreamRequest(string? Terminal, long? Magic);

/// <summary>A client that terminals log in with.</summary>
/// <param name="Client">Its id.</param>
/// <param name="Organization">Whose it is.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="Revoked">It may no longer log in.</param>
public sealed record ClientDto(string Client, string Organization, DateTimeOffset CreatedAt, bool Revoked);

/// <summary>Makes a client.</summary>
/// <param name="Client">Its id, <c>[A-Za-z0-9_-]{1,64}</c>.</param>
/// <param name="Secret">Its secret; null = one is made.</param>
public sealed record AddClientRequest(string? Client, string? Secret);

/// <summary>A client was made. The secret is shown this once.</summary>
/// <param name="Client">Its id.</param>
/// <param name="Secret">The secret for the terminal's inputs.</param>
public sealed record AddedClientDto(string Client, string Secret);

/// <summary>A probe of the process.</summary>
/// <param name="Status">ok, or unavailable.</param>
/// <param name="Text">Why not.</param>
public sealed record HealthDto(string Status, string Text);
