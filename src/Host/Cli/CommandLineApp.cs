using System.CommandLine;
using System.CommandLine.Parsing;
using CSMultiConnector.Host.Commands;
using CSMultiConnector.Storage.Exchange;

namespace CSMultiConnector.Host.Cli;

/// <summary>The command line: one file a command, this one puts them together and turns wrong input into exit code 2 with a hint.</summary>
internal static class CommandLineApp
{
    public static RootCommand Build(CommandEnvironment environment) => new("Keeps accounts at trading venues in line with what Expert Advisors hold in MetaTrader 5.")
    {
        DemoCommand.Build(environment),
        ReplayCommand.Build(environment),
        PaperCommand.Build(environment),
        RunCommand.Build(environment),
        StatusCommand.Build(environment),
        PlanCommand.Build(environment),
        PauseCommand.Build(environment),
        ResumeCommand.Build(environment),
        SyncCommand.Build(environment),
        MappingCommand.Build(environment),
        ExplainCommand.Build(environment),
        StreamCommand.Build(environment),
        ClientCommand.Build(environment),
        DoctorCommand.Build(environment),
        HealthCommand.Build(environment),
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandEnvironment environment, CancellationToken cancellation)
    {
        var parsed = Build(environment).Parse(args.Count == 0 ? ["--help"] : args);
        var answer = new Answer(environment, json: args.Contains("--json"));
        if (parsed.Errors.Count > 0)
        {
            return answer.Fail(ExitCodes.BadInput, "invalid", string.Join('\n', Mistakes(parsed)));
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = environment.Out,
                    Error = environment.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return answer.Fail(ExitCodes.Interrupted, "interrupted", "Ended by a signal before it was done.");
        }
    }

    private static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0)
            foreach (var error in parsed.Errors) yield return error.Message;
        else if (parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) is { } stranger) yield return $"{Path(parsed)} has no command '{stranger}'.";
        else yield return $"Which one? {Path(parsed)} has {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";
        if (Nearest(parsed) is { } nearest) yield return $"Did you mean '{nearest}'?";
        yield return $"See: {Path(parsed)} --help";
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? r = parsed.CommandResult; r is CommandResult c; r = r.Parent)
            names.Insert(0, c.Command is RootCommand ? "csmulticonnector" : c.Command.Name);
        return string.Join(' ', names);
    }

    private static string? Nearest(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.FirstOrDefault() is not { Length: > 1 } token) return null;
        var command = parsed.CommandResult.Command;
        var names = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name));
        return NearMiss.Of(token, names);
    }
}
