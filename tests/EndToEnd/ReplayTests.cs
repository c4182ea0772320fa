using System.Text.Json;

namespace CSMultiConnector.EndToEnd.Tests;

/// <summary>Recorded history onto Paper, as a user calls it; also killed in the middle.</summary>
public sealed class ReplayTests
{
    private static readonly string[] s_shared =
        ["terminal-report-hedge.xlsx", "history-deals-get-hedge.csv", "tester-report-hedge.html", "tester-report-netting-ptbr.html"];

    // What tests/data/mt5-history holds at its end, worked out by hand.
    private static readonly Dictionary<string, string> s_own = new(StringComparer.Ordinal)
    {
        ["terminal-hedging.xlsx"] = "EURUSD #0: long 0.1, short 0",
        ["terminal-hedging.html"] = "EURUSD #0: long 0.1, short 0",
        ["tester-hedging.html"] = "XAUUSD #77: long 0, short 0.2",
        ["tester-netting-german.html"] = "WIN #9: long 0, short 2",
        ["deals-hedging.csv"] = "EURUSD #501: long 0.1, short 0; EURUSD #502: long 0, short 0.1",
    };

    public static TheoryData<string> Histories
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var file in Directory.GetFiles(Folder.OwnHistory).Where(f => !f.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal)) data.Add(Path.GetFileName(file));
            if (Folder.SharedHistory is not null)
                foreach (var file in s_shared) data.Add(file);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task A_history_ends_with_the_positions_that_it_says(string file)
    {
        var ended = await Program.RunAsync("replay", PathOf(file), "--speed", "max", "--json");

        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("converged").GetBoolean().ShouldBeTrue(ended.ToString());
        Positions(ended.Json).ShouldBe(Expected(file), ended.ToString());
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Stopped_half_way_and_called_again_it_ends_the_same(string file)
    {
        using var folder = new Folder();
        var first = await Program.RunAsync("replay", PathOf(file), "--speed", "max", "--stop-after", "3", "--data", folder["data"], "--json");
        first.ExitCode.ShouldBeOneOf(0, 4);
        first.Json.GetProperty("deals").GetInt64().ShouldBe(3);

        var second = await Program.RunAsync("replay", PathOf(file), "--speed", "max", "--data", folder["data"], "--json");
        second.ExitCode.ShouldBe(0, second.ToString());
        second.Json.GetProperty("converged").GetBoolean().ShouldBeTrue(second.ToString());
        Positions(second.Json).ShouldBe(Expected(file), second.ToString());
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task Killed_at_any_moment_and_called_again_it_ends_the_same(string file)
    {
        using var folder = new Folder();
        var random = new Random(file.Length * 7919);
        for (var kill = 0; kill < 3; kill++)
        {
            await using var program = Program.Start("replay", PathOf(file), "--speed", "max", "--data", folder["data"], "--json");

            // Where the kill hits is left to chance on purpose; every place must be right.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 2500)), TimeProvider.System);
            if (program.HasExited) break;
            await program.KillAsync();
        }

        var ended = await Program.RunAsync("replay", PathOf(file), "--speed", "max", "--data", folder["data"], "--json");
        ended.ExitCode.ShouldBe(0, ended.ToString());
        ended.Json.GetProperty("converged").GetBoolean().ShouldBeTrue(ended.ToString());
        Positions(ended.Json).ShouldBe(Expected(file), ended.ToString());
        var whole = await Program.RunAsync("replay", PathOf(file), "--speed", "max", "--json");
        ended.Json.GetProperty("deals").GetInt64().ShouldBe(whole.Json.GetProperty("deals").GetInt64(), "each deal is recorded once");
    }

    [Fact]
    public async Task A_file_that_is_no_history_gets_a_clear_error_and_exit_code_2()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["notes.csv"], "hello,world\n1,2\n");
        var ended = await Program.RunAsync("replay", folder["notes.csv"], "--json");
        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Errors.ShouldContain("notes.csv");
    }

    [Fact]
    public async Task A_damaged_history_names_the_row_and_ends_with_exit_code_2()
    {
        using var folder = new Folder();
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder.OwnHistory, "deals-hedging.csv"));
        var cells = lines[2].Split(',');
        cells[Array.IndexOf(lines[0].Split(','), "volume")] = "zero point one";
        lines[2] = string.Join(',', cells);
        await File.WriteAllLinesAsync(folder["damaged.csv"], lines);
        var ended = await Program.RunAsync("replay", folder["damaged.csv"], "--json");
        ended.ExitCode.ShouldBe(2, ended.ToString());
        ended.Errors.ShouldContain("3");
        ended.Errors.ShouldContain("zero point one");
    }

    [Fact]
    public async Task A_folder_in_use_names_who_uses_it()
    {
        using var folder = new Folder();
        await using var holder = Program.Start("replay", PathOf("deals-hedging.csv"), "--speed", "1", "--data", folder["data"]);
        while (!File.Exists(Path.Combine(folder["data"], "lock.owner")) && !holder.HasExited) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        var ended = await Program.RunAsync("replay", PathOf("deals-hedging.csv"), "--data", folder["data"], "--json");
        ended.ExitCode.ShouldNotBe(0, ended.ToString());
        ended.Errors.ShouldContain("csmulticonnector");
    }

    private static string PathOf(string file) =>
        File.Exists(Path.Combine(Folder.OwnHistory, file)) ? Path.Combine(Folder.OwnHistory, file) : Path.Combine(Folder.SharedHistory!, file);

    private static string Positions(JsonElement summary) => string.Join("; ", summary.GetProperty("positions").EnumerateArray()
        .Select(p => $"{p.GetProperty("symbol").GetString()} #{p.GetProperty("magic").GetInt64()}: long {p.GetProperty("long").GetDecimal():0.####}, short {p.GetProperty("short").GetDecimal():0.####}")
        .Order(StringComparer.Ordinal));

    private static string Expected(string file)
    {
        if (s_own.TryGetValue(file, out var own)) return own;
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.SharedHistory!, "expected.json")));
        var entry = expected.RootElement.GetProperty("files").GetProperty(file);

        // A report that names positions from before its window really held them; reports carry no magic but the tester's input.
        var key = entry.TryGetProperty("final_net_per_symbol_with_opening_positions", out var with) ? with
            : entry.TryGetProperty("final_net_per_magic_symbol_of_opening_deal", out var perMagic) ? perMagic
            : entry.GetProperty("final_net_per_symbol");
        return string.Join("; ", key.EnumerateObject()
            .Select(p => (Name: p.Name.Split('|'), Net: decimal.Parse(p.Value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)))
            .Where(p => p.Net != 0m)
            .Select(p => $"{p.Name[^1]} #{(p.Name.Length > 1 ? p.Name[0] : "0")}: long {Math.Max(0m, p.Net):0.####}, short {Math.Max(0m, -p.Net):0.####}")
            .Order(StringComparer.Ordinal));
    }
}
