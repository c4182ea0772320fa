using System.Globalization;
using CSMultiConnector.Portal.Api;
using static CSMultiConnector.Host.Commands.StatusText;

namespace CSMultiConnector.Host.Commands;

/// <summary>An explanation for a person: from the deals to the fills, as a calculation that can be followed.</summary>
internal static class ExplanationText
{
    public static void Write(TextWriter o, ExplanationDto e)
    {
        o.WriteLine($"Leg {e.Leg} of {e.Connector}");
        if (e.Now is { } now)
        {
            o.WriteLine($"Now: target {Number(now.Target)}, goal {Number(now.Goal)}, actual {(now.ActualKnown ? Number(now.Actual) : "not known")}"
                + $", rounding residual {Number(now.RoundingResidual)}, untradable {Number(now.Untradable)}: {now.State}{(now.Text.Length > 0 ? $" ({now.Text})" : "")}");
        }

        if (e.Lease is { } lease) o.WriteLine(Lease(lease));
        if (e.Orders.Count == 0) o.WriteLine("No order has been decided yet.");
        foreach (var order in e.Orders) WriteOrder(o, order);
        if (e.Events.Count == 0) return;
        o.WriteLine("\nWhat else happened:");
        foreach (var x in e.Events) o.WriteLine($"  {When(x.At)}  {(x.Text.StartsWith(x.Kind, StringComparison.Ordinal) ? "" : $"{x.Kind}: ")}{x.Text}");
    }

    private static void WriteOrder(TextWriter o, ExplainedOrderDto order)
    {
        o.WriteLine($"\nOrder {order.Number}, {When(order.DecidedAt)}: {order.Side} {Number(order.Quantity)} {order.Instrument}{(order.ReduceOnly ? " (reduce-only)" : "")}, id {order.ClientOrderId}");
        var r = order.Reason;
        foreach (var c in r.Contributions)
        {
            var deals = c.Deals.Count == 0 ? "" : $"; deals {string.Join(", ", c.Deals.Select(d => d.ToString(CultureInfo.InvariantCulture)))}";
            var lots = (c.Long, c.Short) switch
            {
                (_, 0m) => Number(c.Long),
                (0m, _) => Number(-c.Short),
                _ => $"({Number(c.Long)} long, {Number(c.Short)} short)",
            };
            var magic = c.Magic == 0 ? "by hand" : $"magic {c.Magic.ToString(CultureInfo.InvariantCulture)}";
            o.WriteLine($"  {c.Terminal} {magic} {c.Symbol}: {lots} lots x {Number(c.BaseUnitsPerLot)} base units / {Number(r.ContractSize)} a contract = {Number(c.Contracts)}"
                + $"{(c.Knowledge == "known" ? "" : $" ({c.Knowledge})")}{deals}");
        }

        o.WriteLine($"  target {Number(r.TargetExact)} exact, {Number(r.Target)} in whole steps, residual {Number(r.RoundingResidual)}");
        if (r.Uncopied != 0m || r.Foreign != 0m || r.Drift != 0m)
            o.WriteLine($"  goal = {Number(r.Target)} - {Number(r.Uncopied)} uncopied + {Number(r.Foreign)} foreign + {Number(r.Drift)} drift = {Number(r.Goal)}");
        o.WriteLine($"  goal {Number(r.Goal)}, held {Number(r.Actual)}");
        foreach (var step in order.Steps) o.WriteLine($"  {When(step.At)}  {step.Text}");
        o.WriteLine($"  filled {Number(order.Filled)}{(order.AveragePrice is { } price ? $" at {Number(price)}" : "")}: {order.End ?? "in flight"}");
    }
}
