using System.CommandLine;
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
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) environment.Error.WriteLine(error.Message);
            if (Nearest(parsed) is { } nearest) environment.Error.WriteLine($"Did you mean '{nearest}'?");
            environment.Error.WriteLine($"See: {Path(parsed)} --help");
            return ExitCodes.BadInput;
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
            return ExitCodes.Interrupted;
        }
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? r = parsed.CommandResult; r is System.CommandLine.Parsing.CommandResult c; r = r.Parent)
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
