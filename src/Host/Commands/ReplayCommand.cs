using System.CommandLine;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.Commands;

internal static class ReplayCommand
{
    public static Command Build(CommandEnvironment environment) => new("replay", "replay");
}
