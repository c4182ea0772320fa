using CSMultiConnector.EndToEnd.Tests.Kill;
using CSMultiConnector.EndToEnd.Tests.World;

namespace CSMultiConnector.EndToEnd.Tests.Ea;

/// <summary>The panel on the chart: what it shows is what the host said, and its buttons work.</summary>
public sealed class ChartTests
{
    private static readonly Desk s_desk = new(5200001, "netting", 1001);

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_button_pauses_and_resumes_and_the_panel_shows_what_the_host_confirmed()
    {
        await using var world = await EaWorld.StartAsync(s_desk);
        await using var ea = await world.AttachedAsync(s_desk);
        await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
        await world.HoldsAsync(s_desk, ("BTCUSD", "net", 0.1m));
        await RowAsync(ea, "Running", "Pause", ChartPanel.Green);

        await ea.ClickAsync(s_desk.Connector);
        await RowAsync(ea, "Paused", "Resume", ChartPanel.Red);
        await world.Host.ConnectorAsync(s_desk.Connector, c => c.GetProperty("state").GetString() == "paused", "is paused");
        await ea.OpenAsync("BTCUSD", "buy", 0.2m, 1001);
        await world.Host.ConnectorAsync(
            s_desk.Connector, c => c.GetProperty("legs").EnumerateArray().Any(l => l.GetProperty("target").GetDecimal() == 0.3m), "sees what it may not follow");
        (await world.Venue.OrdersAsync(account: s_desk.Connector)).Count.ShouldBe(1);

        await ea.ClickAsync(s_desk.Connector);
        await RowAsync(ea, "Running", "Pause", ChartPanel.Green);
        await world.HoldsAsync(s_desk, ("BTCUSD", "net", 0.3m));

        // Somebody else pauses: the chart says so too.
        await world.Host.JsonAsync("pause", s_desk.Connector);
        await RowAsync(ea, "Paused", "Resume", ChartPanel.Red);
        await world.Host.JsonAsync("resume", s_desk.Connector);
        await RowAsync(ea, "Running", "Pause", ChartPanel.Green);

        // Without a host nothing is known, and there is nothing to press.
        await world.Host.KillAsync();
        await ea.ShowsAsync(p => p.Row(s_desk.Connector) is null && p.Line.StartsWith("Not connected", StringComparison.Ordinal), "no connector");
        await ea.RemoveAsync();
        (await ea.PanelAsync()).Objects.ShouldBeEmpty("it takes everything along");
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_critical_error_is_alerted_and_removes_the_Expert_Advisor_that_wants_it()
    {
        var stays = new Desk(5200002, "netting", 1001);
        var goes = new Desk(5200003, "netting", 1001);
        await using var world = await EaWorld.StartAsync(stays, goes);
        await using var staying = await world.AttachedAsync(stays);
        await using var going = await world.TerminalAsync(goes);
        await going.SetAsync(("StopOnCriticalError", true));
        await going.AttachAsync();
        await going.LiveAsync();
        await world.SynchronisedAsync(goes);
        await world.Venue.MisbehaveAsync(new { on = "submit", effect = "reject", @class = "account" });

        foreach (var ea in new[] { staying, going }) await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);

        await Eventually.GetAsync(() => Task.FromResult(going.Ends), e => e.Count > 0, "it removes itself");
        going.Ends.ShouldBe([0], "ExpertRemove");
        going.Alerts.ShouldContain(a => a.Contains("the venue refuses the account", StringComparison.Ordinal));
        going.LogText.ShouldContain("The host stopped the feed");
        (await going.PanelAsync()).Objects.ShouldBeEmpty();
        await staying.ShowsAsync(p => p.Row(stays.Connector)?.State.StartsWith("Paused", StringComparison.Ordinal) == true, "that nothing is traded");
        staying.Alerts.ShouldContain(a => a.Contains("the venue refuses the account", StringComparison.Ordinal));
        (await staying.IsOnChartAsync()).ShouldBeTrue();

        // A person mends it and resumes on the chart.
        await world.Venue.BehaveAsync();
        await staying.ClickAsync(stays.Connector);
        await world.HoldsAsync(stays, ("BTCUSD", "net", 0.1m));
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task Lines_of_the_host_and_its_own_go_where_the_inputs_say()
    {
        await using var world = await EaWorld.StartAsync(venue => [s_desk.Entry(venue), s_desk.Entry(venue, "planned", 1001).With("planFirst", true)]);
        await using var ea = await world.TerminalAsync(s_desk);
        await ea.OpenAsync("ETHUSD", "buy", 1m, 1001);
        await ea.AttachAsync();
        await ea.LiveAsync();
        await world.SynchronisedAsync(s_desk);

        await world.Host.JsonAsync("sync", "planned", "--whole-account");
        await ea.PrintsAsync("WARNING: host: planned: a plan of 1 order waits for your yes");
        ea.Alerts.ShouldBeEmpty("a warning is no error");
        ea.LogText.ShouldContain("WARNING host: planned: a plan of 1 order waits for your yes");

        // Information lines only to the file, and nothing at all to the Experts log.
        foreach (var (inputs, told) in new[]
        {
            (new (string, object)[] { ("InformationToExpertLog", false) }, true),
            ([("InformationToExpertLog", true), ("DuplicateToExpertLog", false), ("ShowAlertOnError", false)], false),
        })
        {
            await ea.SetAsync(inputs);
            var (prints, alerts, lines) = (ea.Printed.Count, ea.Alerts.Count, ea.LogText.Length);
            await ea.RestartAsync(5);
            await ea.LiveAsync();
            await world.Venue.MisbehaveAsync(new { on = "submit", effect = "reject", @class = "account", account = s_desk.Connector, times = 1 });
            await ea.OpenAsync("BTCUSD", "buy", 0.1m, 1001);
            await Eventually.GetAsync(() => Task.FromResult(ea.LogText[lines..]), t => t.Contains("ERROR host: ", StringComparison.Ordinal), "the error is logged");
            await RowAsync(ea, "Paused", "Resume", ChartPanel.Red);
            ea.LogText[lines..].ShouldContain("INFO CSMultiConnector 1.0.0 started");
            ea.Printed.Skip(prints).ShouldNotContain(l => l.StartsWith("INFO", StringComparison.Ordinal) && !l.Contains("ended: other inputs", StringComparison.Ordinal), "the goodbye still has the old inputs");
            ea.Printed.Skip(prints).Any(l => l.StartsWith("ERROR: host: ", StringComparison.Ordinal)).ShouldBe(told);
            ea.Alerts.Skip(alerts).Any().ShouldBe(told);
            await ea.ClickAsync(s_desk.Connector);
            await RowAsync(ea, "Running", "Pause", ChartPanel.Green);
        }
    }

    [MachineFact(Needs = Tools.Compiler)]
    public async Task A_log_that_is_full_is_put_aside_and_a_new_one_begun()
    {
        using var folder = new Folder();
        await using var ea = await ExpertAdvisor.StartAsync(folder["files"], s_desk.Login, s_desk.Margin);
        var (log, old) = (Path.Combine(ea.Files, "CSMultiConnector", $"{s_desk.Terminal}.log"), Path.Combine(ea.Files, "CSMultiConnector", $"{s_desk.Terminal}.1.log"));
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await File.WriteAllTextAsync(log, new string('x', 1024 * 1024 - 20));
        await ea.SetAsync(("ClientId", "ea"), ("ClientSecret", "of no use here"), ("HostPort", Service.FreePort()), ("MaxLogMbytes", 1));

        await ea.AttachAsync();
        await ea.PrintsAsync("no connection to");
        await ea.RemoveAsync();

        new FileInfo(old).Length.ShouldBeInRange(1024 * 1024, 1024 * 1024 + 4096);
        (await File.ReadAllTextAsync(old)).ShouldContain("INFO CSMultiConnector 1.0.0 started");
        (await File.ReadAllTextAsync(log)).ShouldContain("CSMultiConnector ended");
        ea.Ends.ShouldBe([1]);
    }

    private static Task<ChartPanel> RowAsync(ExpertAdvisor ea, string state, string button, int colour) => ea.ShowsAsync(
        p => p.Row(s_desk.Connector) is { } row && row.State.StartsWith(state, StringComparison.Ordinal) && row.Button == button && row.Colour == colour, $"{state} and {button}");
}
