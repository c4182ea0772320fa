using System.CommandLine;
using System.Globalization;
using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Feeds.Replay;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Local;
using CSMultiConnector.Host.Replay;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>replay</c>: a recorded MT5 history onto Paper, or onto an account for trials.</summary>
internal static class ReplayCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var file = new Argument<string>("file") { Description = "A trade history report (XLSX, HTML), a Strategy Tester report (HTML), or a CSV of Python's history_deals_get." };
        // The library cannot carry "no number" for max, so the option's value is the text, checked here.
        var speed = new Option<string>("--speed") { Description = "max = as fast as possible, or N times real time.", HelpName = "max|N", DefaultValueFactory = _ => "max" };
        speed.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !TryReadSpeed(result.Tokens[0].Value, out _))
                result.AddError($"--speed {result.Tokens[0].Value}: expected max, or a number above zero and at most 1000000.");
        });
        var stopAfter = SharedOptions.NumberOrNone("--stop-after", "Play at most N deals in this call.", 0);
        var data = new Option<string?>("--data") { Description = "Keep everything in this folder: the next call goes on where this one ended, however it ended.", HelpName = "DIR" };
        var contractSize = new Option<Dictionary<string, decimal>>("--contract-size")
        {
            Description = "Base units that a lot of a symbol stands for in MT5 (Paper's contracts are 1); may be repeated. Default: 1.",
            HelpName = "SYMBOL=N",
            DefaultValueFactory = _ => [],
            CustomParser = ParseSizes,
            Arity = ArgumentArity.OneOrMore,
        };
        var map = new Option<MappingOverride[]>("--map")
        {
            Description = "With --venue: trade a symbol as this instrument, where a base unit of it stands for SCALE of MT5's (default 1); may be repeated.",
            HelpName = "SYMBOL=INSTRUMENT[*SCALE]",
            DefaultValueFactory = _ => [],
            CustomParser = ParseMapping,
            Arity = ArgumentArity.OneOrMore,
        };
        var netting = new Option<bool>("--allow-netting") { Description = "With --venue: copy long less short of a hedging account to an account that keeps one position an instrument (spot: what is above zero of it)." };
        var trial = new TrialVenueOptions();
        var settle = SharedOptions.Duration("--settle", "How long to wait at the end until everything has converged.", TimeSpan.FromSeconds(60));
        var json = SharedOptions.Json();
        var command = new Command("replay", "Play a recorded MT5 history through a real feed session onto the Paper venue.") { file, speed, stopAfter, data, contractSize, map, netting, settle, json };
        trial.AddTo(command);
        command.Validators.Add(result =>
        {
            if (trial.IsNamedIn(result)) return;
            if (result.GetResult(map) is { Implicit: false }) result.AddError("--map belongs to --venue: on Paper every symbol is its own instrument.");
            if (result.GetResult(netting) is { Implicit: false }) result.AddError("--allow-netting belongs to --venue: on Paper the account has the mode of the history.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ReplayOptions(
                Path.GetFullPath(parsed.GetRequiredValue(file), environment.WorkingFolder),
                TryReadSpeed(parsed.GetValue(speed), out var times) ? times : null,
                parsed.GetValue(stopAfter),
                parsed.GetValue(data) is { } folder ? Path.GetFullPath(folder, environment.WorkingFolder) : null,
                parsed.GetValue(contractSize) ?? [],
                parsed.GetValue(settle),
                trial.Read(parsed),
                parsed.GetValue(netting)) { Mapping = [.. parsed.GetValue(map) ?? []] };
            return RunAsync(environment, new Answer(environment, parsed.GetValue(json)), options, cancellation);
        });
        return command;
    }

    private static bool TryReadSpeed(string? text, out decimal? times)
    {
        times = null;
        if (text is null or "max") return true;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) || n is <= 0m or > 1_000_000m) return false;
        times = n;
        return true;
    }

    private static async Task<int> RunAsync(CommandEnvironment environment, Answer answer, ReplayOptions options, CancellationToken cancellation)
    {
        var read = HistoryReader.Read(options.File, cancellation: cancellation);
        if (read is HistoryReadResult.Failed { Failure: var failure }) return answer.Fail(ExitCodes.BadInput, "invalid", failure.Message);
        var history = ((HistoryReadResult.Success)read).History;
        if (options.ContractSizes.Keys.FirstOrDefault(s => !history.Symbols.Any(known => known.Value == s)) is { } stranger)
            return answer.Fail(ExitCodes.BadInput, "invalid", $"--contract-size {stranger}: the history has no such symbol; it has {string.Join(", ", history.Symbols)}.");
        if (options.Mapping.FirstOrDefault(m => !history.Symbols.Contains(m.Symbol)) is { } unknown)
            return answer.Fail(ExitCodes.BadInput, "invalid", $"--map {unknown.Symbol}: the history has no such symbol; it has {string.Join(", ", history.Symbols)}.");
        if (options.Trial?.LacksKey(environment.Variables) is { } lack) return answer.Fail(ExitCodes.BadInput, "invalid", lack);
        using var folder = ScratchFolder.For(options.DataFolder);
        var (summary, problem, exitCode) = await new ReplayRunner(history, options, environment.Time, environment.Error).RunAsync(folder.Path, cancellation);
        if (summary is not { Converged: true } && exitCode != ExitCodes.BadInput) folder.KeepFor(environment.Error);
        if (summary is null) return answer.Fail(exitCode, exitCode == ExitCodes.BadInput ? "invalid" : "unavailable", problem);
        return answer.Give(summary, HostJson.Default.ReplaySummary, ReplayText.Write, summary.Converged ? ExitCodes.Ok : ExitCodes.NotConverged);
    }

    private static MappingOverride[]? ParseMapping(System.CommandLine.Parsing.ArgumentResult result)
    {
        var mapping = new List<MappingOverride>();
        foreach (var text in result.Tokens.Select(t => t.Value))
        {
            var (equals, star) = (text.LastIndexOf('='), text.LastIndexOf('*'));
            var scale = 1m;
            var scaled = star > equals;
            if (equals > 0 && (scaled ? star : text.Length) - equals > 1
                && (!scaled || (decimal.TryParse(text.AsSpan(star + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out scale) && scale is > 0m and <= 1_000_000_000m)))
            {
                mapping.Add(new MappingOverride(new SymbolName(text[..equals]), new InstrumentId(scaled ? text[(equals + 1)..star] : text[(equals + 1)..]), scale));
                continue;
            }

            result.AddError($"--map {text}: expected SYMBOL=INSTRUMENT or SYMBOL=INSTRUMENT*SCALE with SCALE above zero, for example EURUSD=BTCUSDT or PEPEUSD=1000PEPEUSDT*1000.");
            return null;
        }

        return [.. mapping];
    }

    private static Dictionary<string, decimal>? ParseSizes(System.CommandLine.Parsing.ArgumentResult result)
    {
        var sizes = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var text in result.Tokens.Select(t => t.Value))
        {
            var equals = text.LastIndexOf('=');
            if (equals > 0
                && decimal.TryParse(text.AsSpan(equals + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size)
                && size is > 0m and <= 1_000_000_000m)
            {
                sizes[text[..equals]] = size;
                continue;
            }

            result.AddError($"--contract-size {text}: expected SYMBOL=N with N above zero, for example EURUSD=100000.");
            return null;
        }

        return sizes;
    }
}
