using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Portal.Api;

/// <summary>Finds the leg that a person means: <c>BTCUSDT:Net</c>, <c>BTCUSDT</c>, or <c>connector/BTCUSDT:Net</c>.</summary>
internal static class LegFinder
{
    /// <summary>The leg, its view when the host knows it, or why it is not clear which is meant.</summary>
    public readonly record struct Found(ConnectorId Connector, LegId Leg, LegView? View, CommandResult? Problem);

    public static Found Find(HostStatus status, string? connector, string text)
    {
        var connectors = status.Connectors.AsEnumerable();
        if (connector is null)
        {
            // "connector/leg", unless the slash belongs to the instrument.
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && status.Connectors.Any(c => string.Equals(c.Connector.Value, text[..slash], StringComparison.Ordinal)))
                (connector, text) = (text[..slash], text[(slash + 1)..]);
        }

        if (connector is not null)
        {
            connectors = connectors.Where(c => string.Equals(c.Connector.Value, connector, StringComparison.Ordinal));
            if (!connectors.Any()) return Refused(CommandResult.NotFound($"There is no connector {connector}. Known: {Names(status.Connectors.Select(c => c.Connector.Value))}."));
        }

        var whole = LegId.TryParse(text, out var wanted);
        var hits = connectors
            .SelectMany(c => c.Legs.Select(l => (c.Connector, View: l)))
            .Where(x => whole ? x.View.Leg == wanted : Names(x.View, text))
            .ToList();
        if (hits.Count == 1) return new Found(hits[0].Connector, hits[0].View.Leg, hits[0].View, null);
        if (hits.Count > 1)
            return Refused(CommandResult.Conflict($"{text} is not one leg: {Names(hits.Select(h => $"{h.Connector}/{h.View.Leg}"))}. Name one of them."));
        if (whole && connector is not null) return new Found(new ConnectorId(connector), wanted, null, null);
        return Refused(CommandResult.NotFound(
            $"No connector has a leg {text}. Known: {Names(connectors.SelectMany(c => c.Legs.Select(l => $"{c.Connector}/{l.Leg}")))}."));
    }

    private static bool Names(LegView view, string text) =>
        string.Equals(view.Leg.Holding, text, StringComparison.Ordinal) || string.Equals(view.Instrument?.Value, text, StringComparison.Ordinal);

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(20)) is { Length: > 0 } text ? text : "none";

    private static Found Refused(CommandResult problem) => new(default, default, null, problem);
}
