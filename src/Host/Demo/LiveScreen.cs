using CSMultiConnector.Actors.Control;
using CSMultiConnector.Host.Commands;
using CSMultiConnector.Portal.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CSMultiConnector.Host.Demo;

/// <summary>A table that follows the legs, on a terminal.</summary>
internal sealed class LiveScreen(LiveDisplayContext live) : IDemoScreen
{
    public void Show(HostStatus status) => live.UpdateTarget(Picture(status));

    /// <summary>Streams on top, legs below.</summary>
    public static IRenderable Picture(HostStatus status)
    {
        var streams = new Table { Title = new TableTitle($"MT5: {status.Terminals.Sum(t => t.Deals)} deals"), Border = TableBorder.Rounded };
        streams.AddColumns("stream", "deals", "holds");
        foreach (var s in status.Terminals.SelectMany(t => t.Streams))
        {
            var holds = string.Join("  ", s.Levels.Where(l => !l.Value.IsFlat).Select(l => $"{l.Key} {l.Value.Net}"));
            streams.AddRow(Markup.Escape(s.Magic == Domain.Identity.Magic.ByHand ? "by hand" : $"EA {s.Magic}"), $"{s.Deals}", Markup.Escape(holds));
        }

        var legs = new Table { Title = new TableTitle($"Paper: {status.Connectors.Sum(c => c.Orders)} orders"), Border = TableBorder.Rounded };
        legs.AddColumns("connector", "leg", "target", "actual", "residual", "untradable", "state");
        foreach (var l in status.Connectors.SelectMany(c => c.ToDto().Legs))
        {
            var colour = l.Converged ? "green" : l.State == "faulted" ? "red" : "yellow";
            legs.AddRow(
                Markup.Escape(l.Connector), Markup.Escape(l.Leg), StatusText.Number(l.Target), StatusText.Number(l.Actual), StatusText.Number(l.RoundingResidual),
                StatusText.Number(l.Untradable), $"[{colour}]{Markup.Escape(l.Converged ? "in line" : l.State)}[/]");
        }

        return new Rows(streams, legs);
    }
}
