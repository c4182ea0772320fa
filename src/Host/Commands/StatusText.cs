using System.Globalization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary>The status for a person.</summary>
internal static class StatusText
{
    public static void Write(TextWriter o, StatusDto status)
    {
        var feed = status.Host.Feed.Length > 0 ? $"terminals connect to {status.Host.Feed}" : "no terminal is taken in";
        o.WriteLine($"Host {status.Host.Version}, process {status.Host.Pid}, up since {When(status.Host.StartedAt)}, {feed}");
        o.WriteLine($"Data folder {status.Host.DataFolder}");
        if (status.Host.Lease is { } lease) o.WriteLine(Lease(lease));
        if (status.Host.Lease is { State: LeaseDto.Standby }) return;
        o.WriteLine(status.Converged ? "Converged: nothing is left to do." : "Not converged: something is left to do.");
        WriteTerminals(o, status);
        foreach (var connector in status.Connectors) WriteConnector(o, connector);
        if (!status.Complete) o.WriteLine("\nNot everybody answered in time: terminals or connectors are missing here. Ask again; if it stays, the log says why.");
        else if (status.Connectors.Count == 0) o.WriteLine("\nNo connector is configured.");
    }

    /// <summary>Who has the right to trade, in one line.</summary>
    public static string Lease(LeaseDto lease)
    {
        var facts = lease switch
        {
            { Epoch: { } epoch, Until: { } until } => string.Create(CultureInfo.InvariantCulture, $" (epoch {epoch}, until {When(until)})"),
            { State: "held" } => " (the lock of the data folder)",
            _ => "",
        };
        return lease.State == LeaseDto.Standby ? $"Standing by: {lease.Text}{facts}" : $"Right to trade: {lease.State} by {lease.Owner}{facts}{(lease.Text.Length > 0 ? $": {lease.Text}" : "")}";
    }

    public static string Number(decimal? value) => value is { } v ? AmountText.Of(v) : "?";

    public static string When(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Orders(long count) => count == 1 ? "1 order" : string.Create(CultureInfo.InvariantCulture, $"{count} orders");

    /// <summary>The legs as columns; also the summary of demo and replay.</summary>
    public static void WriteLegs(TextWriter o, IReadOnlyList<LegDto> legs, string indent, bool nameConnector = false)
    {
        string[] connector = nameConnector ? ["connector"] : [];
        var table = new TextTable([.. connector, "leg", "instrument", "target", "goal", "actual", "residual", "untradable", "state", ""]);
        foreach (var l in legs)
        {
            connector = nameConnector ? [l.Connector] : [];
            table.Add([
                .. connector, l.Leg, l.Instrument ?? "?", Number(l.Target), Number(l.Goal), l.ActualKnown ? Number(l.Actual) : "?",
                Number(l.RoundingResidual), Number(l.Untradable), l.State, Notes(l)]);
        }

        if (!table.IsEmpty) table.Write(o, indent);
    }

    private static void WriteTerminals(TextWriter o, StatusDto status)
    {
        if (status is { Complete: true, Terminals.Count: 0 }) o.WriteLine("\nNo terminal has connected yet.");
        foreach (var t in status.Terminals)
        {
            var line = t switch { { Connected: false } => "not connected", { Synchronised: false } => "connected, waiting for its first snapshot", _ => "connected" };
            o.WriteLine($"\nTerminal {t.Terminal} ({t.Margin ?? "unknown"}): {line}, {t.Deals} deals");
            foreach (var s in t.Streams)
            {
                var levels = string.Join("; ", s.Levels.Select(l => $"{l.Symbol} {Level(l)}"));
                o.WriteLine($"  {Stream(s.Magic)}: {(levels.Length == 0 ? "flat" : levels)}{(s.Knowledge == "known" ? "" : $" ({s.Knowledge})")}");
            }

            Warn(o, t.Warnings);
        }
    }

    private static void WriteConnector(TextWriter o, ConnectorDto c)
    {
        var account = c.Account.Length > 0 ? $", account {c.Account}" : "";
        o.WriteLine($"\nConnector {c.Id} \"{c.Name}\" ({c.Venue}{account}): {c.State}{(c.Text.Length > 0 && c.Text != c.State ? $" - {c.Text}" : "")}, {Orders(c.Orders)}");
        WriteLegs(o, c.Legs, "  ");
        foreach (var u in c.Unmapped) o.WriteLine($"  {u.Symbol} has no instrument: {u.Reason}");
        if (c.Plan is { } plan) o.WriteLine($"  A plan of {Orders(plan.Orders.Count)} waits for a yes: csmulticonnector plan {c.Id} --approve {plan.Id}");
        Warn(o, c.Warnings);
    }

    private static string Notes(LegDto l)
    {
        var notes = new List<string>();
        if (l.Text.Length > 0) notes.Add(l.Text);
        if (l.Uncopied != 0m) notes.Add($"{Number(l.Uncopied)} not copied");
        if (l.Foreign != 0m) notes.Add($"{Number(l.Foreign)} foreign");
        if (l.Drift != 0m) notes.Add($"{Number(l.Drift)} drift");
        if (l.ScaleChange is { } change) notes.Add(change);
        return string.Join("; ", notes);
    }

    private static string Level(LevelDto l) => (l.Long, l.Short) switch
    {
        (_, 0m) => Number(l.Long),
        (0m, _) => Number(-l.Short),
        _ => $"{Number(l.Long)} long, {Number(l.Short)} short",
    };

    private static string Stream(long magic) => magic switch { 0 => "by hand", -1 => "of no stream", _ => magic.ToString(CultureInfo.InvariantCulture) };

    private static void Warn(TextWriter o, IReadOnlyList<string> warnings)
    {
        foreach (var w in warnings) o.WriteLine($"  ! {w}");
    }
}
