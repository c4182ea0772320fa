using System.Globalization;
using System.Net;
using CSMultiConnector.Host.Commands;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Doctor;

/// <summary>Checks of a running host: who feeds it, what its connectors say.</summary>
internal static class RunningChecks
{
    public static IEnumerable<Finding> Of(StatusDto status, IReadOnlyList<ClientDto> clients)
    {
        if (!clients.Any(c => !c.Revoked)) yield return Finding.Error("feed clients", "No terminal can log in: there is no client.", "csmulticonnector client add NAME, then enter both lines in the Expert Advisor's inputs.");
        if (!status.Complete) yield return Finding.Error("host", "Not everybody answered in time: what follows is not all.", "Ask again; if it stays, the log in the data folder says why.");
        if (status is { Complete: true, Terminals.Count: 0 })
        {
            yield return Finding.Warning(
                "terminals", "No terminal has ever connected.",
                HowToConnect(status.Host.Feed));
        }

        foreach (var terminal in status.Terminals)
        {
            var check = $"terminal {terminal.Terminal}";
            if (!terminal.Connected) yield return Finding.Warning(check, "is not connected.", "Start the terminal, attach the Expert Advisor, and read its Experts log.");
            else if (!terminal.Synchronised) yield return Finding.Warning(check, "has not sent a complete snapshot yet: its legs hold.", "Wait until the terminal has synchronised with its trade server.");
            else yield return Finding.Fine(check, $"connected, {terminal.Deals} deals");
            foreach (var stream in terminal.Streams.Where(s => s.Knowledge == "unfed"))
            {
                yield return Finding.Warning(
                    check, $"magic {stream.Magic} is no longer listed by the Expert Advisor: its level stays and its legs hold.",
                    $"List it again, or csmulticonnector stream release {terminal.Terminal} {stream.Magic}");
            }

            foreach (var warning in terminal.Warnings) yield return Finding.Warning(check, warning, "");
        }

        if (status is { Complete: true, Connectors.Count: 0 }) yield return Finding.Error("connectors", "No connector is configured: nothing is traded.", "Write a connectors.json (connectors.example.json shows one) and start with --connectors FILE.");
        foreach (var finding in status.Connectors.SelectMany(Connector)) yield return finding;
    }

    // The two inputs are apart, and the list of allowed addresses takes the address alone.
    private static string HowToConnect(string feed)
    {
        if (!IPEndPoint.TryParse(feed, out var at)) return "Attach the Expert Advisor in MT5 (docs/mt5.md).";
        var address = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any) ? "this machine's name" : at.Address.ToString();
        return string.Create(
            CultureInfo.InvariantCulture, $"In MT5 allow {address} under Tools, Options, Expert Advisors; attach the Expert Advisor with host address {address} and port {at.Port} (docs/mt5.md).");
    }

    private static IEnumerable<Finding> Connector(ConnectorDto c)
    {
        var check = $"connector {c.Id}";
        yield return c.State switch
        {
            "running" => Finding.Fine(check, c.Converged ? "running, nothing is left to do" : "running"),
            "starting" => Finding.Warning(check, $"is starting. {c.Text}".Trim(), ""),
            "paused" => Finding.Warning(check, $"is paused: {c.Text}", $"csmulticonnector resume {c.Id}"),
            "reconnecting" => Finding.Warning(check, $"has no line to the venue: {c.Text}", "It tries again by itself; look at the network and at the venue's status page."),
            "stopped" => Finding.Warning(check, "is disabled.", "Set enabled to true in its settings."),
            _ => Finding.Error(check, $"is {c.State}: {c.Text}", $"Mend the cause, then csmulticonnector resume {c.Id}"),
        };
        foreach (var leg in c.Legs.Where(l => l.State == "faulted"))
            yield return Finding.Error($"leg {c.Id}/{leg.Leg}", leg.Text, $"csmulticonnector explain \"{c.Id}/{leg.Leg}\" tells what led to it; csmulticonnector resume {c.Id} ends it.");
        foreach (var u in c.Unmapped)
            yield return Finding.Error(check, $"{u.Symbol} has no instrument: {u.Reason}", $"csmulticonnector mapping set {c.Id} {u.Symbol} INSTRUMENT, or --exclude");
        if (c.Plan is { } plan) yield return Finding.Warning(check, $"a plan of {StatusText.Orders(plan.Orders.Count)} waits for a yes.", $"csmulticonnector plan {c.Id}; then csmulticonnector plan {c.Id} --approve {plan.Id}");
        foreach (var warning in c.Warnings) yield return Finding.Warning(check, warning, "");
    }
}
