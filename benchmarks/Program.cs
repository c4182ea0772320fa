using System.CommandLine;
using CSMultiConnector.Benchmarks.Copier;
using CSMultiConnector.Benchmarks.DealToOrder;
using CSMultiConnector.Benchmarks.Engine;
using CSMultiConnector.Benchmarks.Footprint;
using CSMultiConnector.Benchmarks.Measuring;
using CSMultiConnector.Benchmarks.Restart;
using CSMultiConnector.Benchmarks.World;

namespace CSMultiConnector.Benchmarks;

internal static class Program
{
    private static readonly Option<bool> s_json = new("--json") { Description = "One JSON line instead of a table.", Recursive = true };
    private static readonly Option<string?> s_host = new("--host")
    {
        Description = "The host's program. Default: the one built with the benchmarks.", HelpName = "FILE", Recursive = true,
    };

    private static readonly Option<string?> s_disk = new("--disk")
    {
        Description = "Folder for data; its disk is the one measured. Default: the folder for temporary files.", HelpName = "DIR", Recursive = true,
    };

    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Measures and prints; asserts nothing. See docs/benchmarks.md.") { s_json, s_host, s_disk };
        foreach (var command in DealToOrderCommands.All()) root.Add(command);
        root.Add(CopierCommand.Build());
        foreach (var command in EngineCommands.All()) root.Add(command);
        root.Add(RestartCommand.Build());
        foreach (var command in FootprintCommands.All()) root.Add(command);
        return await root.Parse(args).InvokeAsync();
    }

    /// <summary>A command that fills a report and prints it.</summary>
    internal static Command Measure(string name, string description, Func<ParseResult, Report, Task> run, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(s_host) is { } host) Child.Program = Path.GetFullPath(host);
            if (parsed.GetValue(s_disk) is { } disk) Folder.Root = Path.GetFullPath(disk);
            var report = new Report();
            await run(parsed, report);
            report.Write(Console.Out, parsed.GetValue(s_json));
            return 0;
        });
        return command;
    }

    internal static Option<int> Number(string name, string description, int otherwise) =>
        new(name) { Description = $"{description} Default: {otherwise}.", HelpName = "N", DefaultValueFactory = _ => otherwise };
}
