using System.CommandLine;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.Commands;

internal static class DemoCommand
{
    public static Command Build(CommandEnvironment environment) => new("demo", "demo");
}
