using System.Collections.Immutable;
using System.Globalization;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>One connector of a file.</summary>
/// <param name="Settings">Its settings; the tag is empty, since a file has none.</param>
/// <param name="Credentials">Where its credentials come from.</param>
public sealed record ConnectorEntry(ConnectorSettings Settings, CredentialsSource Credentials);

/// <summary>Something wrong in a file.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.connectors[0].routes[1].multiplier</c>.</param>
/// <param name="Text">What was found and what is allowed; never a secret.</param>
/// <param name="Line">From 1; known for errors of syntax only.</param>
/// <param name="Column">From 1, in bytes; known for errors of syntax only.</param>
public sealed record FileProblem(string Path, string Text, long? Line = null, long? Column = null)
{
    /// <summary>Place and text.</summary>
    public override string ToString() => Line is null
        ? $"{Path}: {Text}"
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Text}");
}

/// <summary>What a file held, and everything that is wrong with it.</summary>
/// <param name="Connectors">The connectors; empty when there is a problem.</param>
/// <param name="Problems">All problems, in the file's order, at most <see cref="ConnectorFile.MaxProblems"/>.</param>
public sealed record ConnectorFileReading(ImmutableArray<ConnectorEntry> Connectors, ImmutableArray<FileProblem> Problems)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool Ok => Problems.IsEmpty;
}

/// <summary>What the reader cannot know by itself: which venues there are and what they take. Given by whoever knows the venues.</summary>
public sealed record ConnectorFileChecks
{
    /// <summary>The venue products; empty = any name is taken.</summary>
    public ImmutableArray<string> Venues { get; init; } = [];

    /// <summary>Says what is wrong with a connector's venue options: option name (empty where it is the account or the address) and text. Null = not checked.</summary>
    public Func<ConnectorSettings, IEnumerable<(string Option, string Text)>>? VenueOptions { get; init; }
}
