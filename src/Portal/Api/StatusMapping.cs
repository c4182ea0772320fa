using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Portal.Api;

/// <summary>Turns the views of the control plane into what goes over the wire.</summary>
public static class StatusMapping
{
    /// <summary>The whole status.</summary>
    public static StatusDto ToDto(this HostStatus status, HostDto host) => new(
        status.At, host, status.Converged, status.Complete, [.. status.Terminals.Select(ToDto)], [.. status.Connectors.Select(ToDto)]);

    /// <summary>One terminal.</summary>
    public static TerminalDto ToDto(this TerminalStatus t) => new(
        t.Terminal.ToString(),
        t.Margin is { } margin ? Wire(margin) : null,
        t.Connected,
        t.Synchronised,
        t.Deals,
        [.. t.Streams.Select(s => new StreamDto(
            s.Magic.Value, s.Deals, s.LastDeal, Wire(s.Knowledge),
            [.. s.Levels.Where(l => !l.Value.IsFlat).Select(l => new LevelDto(l.Key.Value, l.Value.Long.Value, l.Value.Short.Value))]))],
        [.. t.Warnings]);

    /// <summary>One connector.</summary>
    public static ConnectorDto ToDto(this ConnectorStatus c) => new(
        c.Connector.Value,
        c.Name,
        c.Venue,
        c.Account,
        Wire(c.State),
        c.Text,
        c.Converged,
        c.Busy,
        c.Orders,
        c.LastSync,
        [.. c.Legs.OrderBy(l => l.Leg).Select(l => l.ToDto(c.Connector))],
        c.Plan?.ToDto(),
        [.. c.Unmapped.Select(u => new UnmappedDto(u.Key.Value, u.Value))],
        [.. c.Warnings]);

    /// <summary>One leg.</summary>
    public static LegDto ToDto(this LegView l, ConnectorId connector) => new(
        connector.Value,
        l.Leg.ToString(),
        l.Instrument?.Value,
        Wire(l.Leg.Side),
        l.Target?.Value,
        l.Goal?.Value,
        l.Actual.Value,
        l.ActualKnown,
        l.RoundingResidual,
        l.Untradable.Value,
        l.Uncopied.Value,
        l.Foreign.Value,
        l.Drift.Value,
        l.State,
        l.Text,
        Wire(l.Phase),
        l.OpenOrder?.Value,
        l.ScaleChange,
        Wire(l.LevelKnowledge),
        l.Orders,
        l.Converged);

    /// <summary>One plan.</summary>
    public static PlanDto ToDto(this PlanView p) => new(
        p.Id,
        p.Connector.Value,
        p.Why,
        Wire(p.Scope),
        p.MadeAt,
        [.. p.Orders.Select(o => new PlannedOrderDto(
            o.Leg.ToString(), o.Instrument?.Value, Wire(o.Side), o.Quantity.Value, o.Actual.Value, o.Goal?.Value, o.Reduces, o.Why, o.NotKnown))]);

    /// <summary>One mapping.</summary>
    public static MappingDto ToDto(this MappingView m) => new(m.Symbol.Value, m.Instrument?.Value, m.Scale, m.Source, m.Text);

    /// <summary>The name of an enum's value on the wire: as in the code, with a small first letter.</summary>
    public static string Wire<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }
}
