using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>Reads and writes <c>connectors.json</c>, the exchange format of connector settings.</summary>
public static class ConnectorFile
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>How many problems are told at most.</summary>
    public const int MaxProblems = 200;

    /// <summary>How many connectors a file may hold.</summary>
    public const int MaxConnectors = 1000;

    private const string StoredWord = "stored";
    private const string EnvironmentPrefix = "env:";
    private const string SchemaId = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    private static readonly ObjectShape<FileContent> FileShape = new(
        new FileContent("", []),
        [
            new Field<FileContent, string>(
                "$schema", "Where editors find the schema; not read.", new TextShape("a text", "^.{0,500}$"), f => f.Schema, (f, v) => f with { Schema = v }, omit: f => f.Schema.Length == 0),
            new Field<FileContent, ImmutableArray<ConnectorDraft>>(
                "connectors", "The connectors.", new ListShape<ConnectorDraft>(ConnectorFields.Draft, MaxConnectors), f => f.Connectors, (f, v) => f with { Connectors = v }, required: true),
        ],
        CheckConnectors);

    /// <summary>Reads a file, saying everything that is wrong with it. Comments and trailing commas are allowed.</summary>
    /// <param name="utf8">The file's bytes, UTF-8 with or without a mark.</param>
    /// <param name="checks">What is known of the venues.</param>
    public static ConnectorFileReading Read(ReadOnlyMemory<byte> utf8, ConnectorFileChecks? checks = null)
    {
        if (utf8.Length > MaxBytes) return Failed(new FileProblem("$", $"the file has more than {MaxBytes / 1024 / 1024} MiB."));
        if (utf8.Span.StartsWith<byte>([0xEF, 0xBB, 0xBF])) utf8 = utf8[3..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, Lenient);
        }
        catch (JsonException e)
        {
            return Failed(new FileProblem("$", $"this is not JSON: {Reason(e)}", e.LineNumber + 1, e.BytePositionInLine + 1));
        }

        using (document)
        {
            var problems = new ProblemList(MaxProblems);
            checks ??= new ConnectorFileChecks();
            if (FileShape.TryRead(document.RootElement, "$", problems, out var content)) CheckVenues(content, checks, problems);
            else CheckVenueNames(document.RootElement, checks, problems);
            return problems.Count == 0
                ? new ConnectorFileReading([.. content!.Connectors.Select(Entry)], [])
                : Failed([.. problems.Problems]);
        }
    }

    /// <summary>Writes a file. Without secrets, given credentials are written as <c>"credentialsFrom": "stored"</c>.</summary>
    /// <param name="connectors">The connectors, in the order wanted.</param>
    /// <param name="withSecrets">Write credentials in clear text: only when a person asked for it.</param>
    public static string Write(IEnumerable<ConnectorEntry> connectors, bool withSecrets = false) =>
        FileShape.Write(new FileContent("", [.. connectors.Select(entry => Draft(entry, withSecrets))])).ToJsonString(Readable) + "\n";

    /// <summary>The JSON schema of the file (draft 2020-12), made from the table of keys that the reader uses.</summary>
    public static string Schema()
    {
        var schema = new JsonObject { ["$schema"] = SchemaId, ["title"] = "CSMultiConnector connectors.json" };
        foreach (var (name, value) in FileShape.Schema()) schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }

    private static ConnectorFileReading Failed(params ImmutableArray<FileProblem> problems) => new([], problems);

    // The library's text ends with the place, which stands in the problem already.
    private static string Reason(JsonException e) => e.Message.Split(" LineNumber:", 2)[0];

    private static void CheckConnectors(FileContent content, string path, ProblemList problems)
    {
        var list = JsonPath.Member(path, "connectors");
        var entries = content.Connectors;
        for (var i = 0; i < entries.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (entries[i].Settings.Id == entries[j].Settings.Id)
                    problems.Add(JsonPath.Member(JsonPath.Item(list, i), "id"), $"\"{entries[i].Settings.Id}\" is the id of {JsonPath.Item(list, j)} already; ids are unique.");
                else if (ConnectorRules.Conflict(entries[j].Settings, Keys(entries[j]), entries[i].Settings, Keys(entries[i])) is { } conflict)
                    problems.Add(JsonPath.Item(list, i), conflict);
            }
        }
    }

    private static void CheckVenues(FileContent content, ConnectorFileChecks checks, ProblemList problems)
    {
        foreach (var (index, draft) in content.Connectors.Index())
        {
            var path = JsonPath.Item("$.connectors", index);
            if (!checks.Venues.IsDefaultOrEmpty && !checks.Venues.Contains(draft.Settings.Venue, StringComparer.Ordinal))
            {
                problems.Add(JsonPath.Member(path, "venue"), UnknownVenue(draft.Settings.Venue, checks));
                continue;
            }

            var options = JsonPath.Member(path, "venueOptions");
            foreach (var (option, text) in checks.VenueOptions?.Invoke(draft.Settings) ?? [])
                problems.Add(option.Length == 0 ? path : JsonPath.Member(options, option), text);
        }
    }

    // A file with other mistakes has no settings yet; its venues are named all the same, so that nobody has to correct it twice.
    private static void CheckVenueNames(JsonElement file, ConnectorFileChecks checks, ProblemList problems)
    {
        if (checks.Venues.IsDefaultOrEmpty || file.ValueKind != JsonValueKind.Object || !file.TryGetProperty("connectors", out var list) || list.ValueKind != JsonValueKind.Array) return;
        foreach (var (index, entry) in list.EnumerateArray().Index())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("venue", out var venue) || venue.ValueKind != JsonValueKind.String) continue;
            var path = JsonPath.Member(JsonPath.Item("$.connectors", index), "venue");
            if (!checks.Venues.Contains(venue.GetString()!, StringComparer.Ordinal) && problems.Problems.All(p => p.Path != path)) problems.Add(path, UnknownVenue(venue.GetString()!, checks));
        }
    }

    private static string UnknownVenue(string venue, ConnectorFileChecks checks) =>
        $"\"{venue}\" is not a venue{NearMiss.Hint(venue, checks.Venues)}; there are {string.Join(", ", checks.Venues)}.";

    private static string Keys(ConnectorDraft draft) => CredentialsIdentity.Of(Source(draft), draft.Settings.Id);

    private static ConnectorEntry Entry(ConnectorDraft draft) => new(draft.Settings, Source(draft));

    private static CredentialsSource Source(ConnectorDraft draft) => draft switch
    {
        { Credentials: { } given } => new CredentialsSource.Given(given),
        { From: StoredWord } => new CredentialsSource.Stored(),
        { From: { } from } => new CredentialsSource.FromEnvironment(from[EnvironmentPrefix.Length..]),
        _ => new CredentialsSource.NotGiven(),
    };

    private static ConnectorDraft Draft(ConnectorEntry entry, bool withSecrets) => entry.Credentials switch
    {
        CredentialsSource.Given given when withSecrets => new ConnectorDraft(entry.Settings, given.Credentials, From: null),
        CredentialsSource.Given or CredentialsSource.Stored => new ConnectorDraft(entry.Settings, Credentials: null, StoredWord),
        CredentialsSource.FromEnvironment environment => new ConnectorDraft(entry.Settings, Credentials: null, EnvironmentPrefix + environment.Variable),
        _ => new ConnectorDraft(entry.Settings, Credentials: null, From: null),
    };

    private sealed record FileContent(string Schema, ImmutableArray<ConnectorDraft> Connectors);
}
