using System.CommandLine;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>plan</c>: orders that wait for a yes.</summary>
internal static class PlanCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var connector = new Argument<string?>("connector") { Description = "The connector's id; none = all.", Arity = ArgumentArity.ZeroOrOne };
        var approve = new Option<string?>("--approve") { Description = "Say yes to exactly the orders that were shown under this id.", HelpName = "ID" };
        var reject = new Option<string?>("--reject") { Description = "Drop the plan with this id; the legs stay as they are.", HelpName = "ID" };
        var command = new ApiCommand("plan", "Show the orders that wait for a yes, with reasons; say yes or no.", environment) { connector, approve, reject };
        command.Validators.Add(result =>
        {
            var (yes, no) = (result.GetValue(approve), result.GetValue(reject));
            if (yes is not null && no is not null) result.AddError("Either --approve or --reject.");
            if ((yes ?? no) is not null && result.GetValue(connector) is null) result.AddError("Name the connector whose plan it is: plan CONNECTOR --approve ID.");
        });
        return command.Calls((call, cancellation) => (call.Parsed.GetValue(approve), call.Parsed.GetValue(reject)) switch
        {
            ({ } yes, _) => DecideAsync(call, call.Parsed.GetValue(connector)!, yes, "approve", cancellation),
            (_, { } no) => DecideAsync(call, call.Parsed.GetValue(connector)!, no, "reject", cancellation),
            _ => ShowAsync(call, call.Parsed.GetValue(connector), cancellation),
        });
    }

    private static async Task<int> ShowAsync(ApiCall call, string? connector, CancellationToken cancellation)
    {
        var got = await call.Api.GetAsync("/api/v1/plans", PortalJson.Default.IReadOnlyListPlanDto, cancellation);
        if (connector is not null && got.Value is { } plans) got = new([.. plans.Where(p => p.Connector == connector)], null);
        return call.Finish(got, PortalJson.Default.IReadOnlyListPlanDto, Write);
    }

    private static async Task<int> DecideAsync(ApiCall call, string connector, string plan, string verb, CancellationToken cancellation) =>
        call.Finish(await call.Api.PostAsync(
            ConnectorPath.Of(connector, $"plans/{Uri.EscapeDataString(plan)}/{verb}"), PortalJson.Default.CommandDto, cancellation));

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
            o.WriteLine($"  Yes: csmulticonnector plan {p.Connector} --approve {p.Id}");
        }
    }
}
