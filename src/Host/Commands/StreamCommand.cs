using System.CommandLine;
using System.Globalization;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>stream release</c>: a stream that its Expert Advisor no longer lists counts as flat.</summary>
internal static class StreamCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        var terminal = new Argument<string>("terminal") { Description = "The terminal, login@server." };
        var magic = new Argument<long>("magic")
        {
            Description = "The magic that is no longer listed.",
            CustomParser = result =>
            {
                if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return n;
                result.AddError($"{result.Tokens[0].Value} is no magic: expected a whole number, 0 or above.");
                return default;
            },
        };
        terminal.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !TerminalId.TryParse(result.Tokens[0].Value, out _))
                result.AddError($"{result.Tokens[0].Value} is no terminal: expected login@server, for example 5012345@MetaQuotes-Demo.");
        });
        var release = new ApiCommand("release", "Count a stream that its Expert Advisor no longer lists as flat.", environment) { terminal, magic }
            .Calls(async (call, cancellation) => call.Finish(await call.Api.SendAsync(
                HttpMethod.Post,
                "/api/v1/streams/release",
                new ReleaseStreamRequest(call.Parsed.GetRequiredValue(terminal), call.Parsed.GetValue(magic)),
                PortalJson.Default.ReleaseStreamRequest,
                PortalJson.Default.CommandDto,
                cancellation)));
        return new Command("stream", "Care for streams of a terminal.") { release };
    }
}
