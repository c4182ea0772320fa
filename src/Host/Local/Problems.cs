using CSMultiConnector.Actors.Control;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Local;

/// <summary>What keeps a host from having converged, in words.</summary>
internal static class Problems
{
    public static IReadOnlyList<string> Of(HostStatus status)
    {
        var problems = new List<string>();
        if (status.Converged) return problems;
        if (!status.Complete) problems.Add("Not everybody answered in time.");
        foreach (var c in status.Connectors.Where(c => c.State != ConnectorState.Stopped && !c.Converged))
        {
            if (c.State != ConnectorState.Running) problems.Add($"{c.Connector} is {StatusMapping.Wire(c.State)}: {c.Text}");
            if (c.Plan is not null) problems.Add($"{c.Connector}: a plan waits for a yes.");
            problems.AddRange(c.Unmapped.Select(u => $"{c.Connector}: {u.Key} has no instrument: {u.Value}"));
            problems.AddRange(c.Legs.Where(l => !l.Converged).Select(l => $"{c.Connector} {l.Leg} is {l.State}: {l.Text}"));
            if (c.Busy) problems.Add($"{c.Connector} is busy.");
        }

        return problems;
    }
}
