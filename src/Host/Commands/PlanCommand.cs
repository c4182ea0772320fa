using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>plan</c>: orders that wait for a yes.</summary>
internal static class PlanCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var command = new ApiCommand("plan", "Show the orders that wait for a yes, with reasons.", environment).Calls(async (call, cancellation) =>
            call.Finish(
                await call.Api.GetAsync("/api/v1/plans", PortalJson.Default.IReadOnlyListPlanDto, cancellation),
                PortalJson.Default.IReadOnlyListPlanDto,
                Write));
        command.Add(Decide("approve", "Say yes to exactly the orders of a plan.", environment));
        command.Add(Decide("reject", "Drop a plan; the legs stay as they are.", environment));
        return command;
    }

    private static ApiCommand Decide(string verb, string description, CommandEnvironment environment)
    {
        var connector = SharedOptions.Connector();
        var plan = new Argument<string>("plan") { Description = "The plan's id: it stands for exactly the orders that were shown." };
        return new ApiCommand(verb, description, environment) { connector, plan }.Calls(async (call, cancellation) =>
        {
            var path = $"/api/v1/connectors/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(connector))}/plans/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(plan))}/{verb}";
            return call.Finish(await call.Api.PostAsync(path, PortalJson.Default.CommandDto, cancellation));
        });
    }

    private static void Write(TextWriter o, IReadOnlyList<PlanDto> plans)
    {
        if (plans.Count == 0) o.WriteLine("No plan waits.");
        foreach (var p in plans)
        {
            o.WriteLine($"Plan {p.Id} of {p.Connector}, made {StatusText.When(p.MadeAt)}: {p.Why}");
            var table = new TextTable("leg", "order", "actual", "goal", "why");
            foreach (var order in p.Orders)
            {
                var what = order.NotKnown is { } unknown ? $"not known: {unknown}"
                    : order.Quantity == 0m ? "nothing"
                    : $"{order.Side} {StatusText.Number(order.Quantity)} {order.Instrument}{(order.Reduces ? " (reduces)" : "")}";
                table.Add(order.Leg, what, StatusText.Number(order.Actual), StatusText.Number(order.Goal), order.Why);
            }

            table.Write(o, "  ");
            o.WriteLine($"  Yes: csmulticonnector plan approve {p.Connector} {p.Id}");
        }
    }
}
