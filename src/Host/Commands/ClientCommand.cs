using System.CommandLine;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>client</c>: the credentials that terminals log in with. Works with the running host, or on the data folder when none runs.</summary>
internal static class ClientCommand
{
    public static Command Build(CommandEnvironment environment) => new("client", "Manage the credentials that terminals log in with.")
    {
        Add(environment),
        List(environment),
        Revoke(environment),
    };

    private static Argument<string> Name()
    {
        var name = new Argument<string>("client") { Description = "The client's id, as it stands in the inputs of the Expert Advisor." };
        name.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ClientName.IsValid(result.Tokens[0].Value)) result.AddError($"\"{result.Tokens[0].Value}\": {ClientName.Allowed}");
        });
        return name;
    }

    private static ApiCommand Add(CommandEnvironment environment)
    {
        var client = Name();
        var stdin = new Option<bool>("--secret-stdin") { Description = "Read the secret from standard input (one line) instead of having one made." };
        return new ApiCommand("add", "Make a client and show its secret, this once.", environment) { client, stdin }.CallsWithFallback(
            async (call, cancellation) =>
            {
                var (secret, problem) = await SecretAsync(environment, call.Parsed.GetValue(stdin), cancellation);
                if (problem is not null) return call.Answer.Fail(ExitCodes.BadInput, "invalid", problem);
                return call.Finish(
                    await call.Api.SendAsync(
                        HttpMethod.Post,
                        "/api/v1/clients",
                        new AddClientRequest(call.Parsed.GetRequiredValue(client), secret),
                        PortalJson.Default.AddClientRequest,
                        PortalJson.Default.AddedClientDto,
                        cancellation),
                    PortalJson.Default.AddedClientDto,
                    Write);
            },
            async (call, cancellation) =>
            {
                var (secret, problem) = await SecretAsync(environment, call.Parsed.GetValue(stdin), cancellation);
                if (problem is not null) return call.Answer.Fail(ExitCodes.BadInput, "invalid", problem);
                return await OfflineClients.UseAsync(
                    call,
                    async clients =>
                    {
                        var (result, added) = await clients.AddAsync(call.Parsed.GetRequiredValue(client), secret, cancellation);
                        return added is null ? Refuse(call, result) : call.Answer.Give(added, PortalJson.Default.AddedClientDto, Write);
                    },
                    cancellation);
            });
    }

    private static ApiCommand List(CommandEnvironment environment) =>
        new ApiCommand("list", "Show the clients, without their secrets.", environment).CallsWithFallback(
            async (call, cancellation) => call.Finish(
                await call.Api.GetAsync("/api/v1/clients", PortalJson.Default.IReadOnlyListClientDto, cancellation), PortalJson.Default.IReadOnlyListClientDto, Write),
            (call, cancellation) => OfflineClients.UseAsync(
                call,
                async clients => call.Answer.Give(await clients.ListAsync(cancellation), PortalJson.Default.IReadOnlyListClientDto, Write),
                cancellation));

    private static ApiCommand Revoke(CommandEnvironment environment)
    {
        var client = Name();
        return new ApiCommand("revoke", "End a client for ever: it can no longer log in.", environment) { client }.CallsWithFallback(
            async (call, cancellation) => call.Finish(await call.Api.DeleteAsync(
                $"/api/v1/clients/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(client))}", PortalJson.Default.CommandDto, cancellation)),
            (call, cancellation) => OfflineClients.UseAsync(
                call,
                async clients =>
                {
                    var result = await clients.RevokeAsync(call.Parsed.GetRequiredValue(client), cancellation);
                    return result.Ok
                        ? call.Answer.Give(new CommandDto(true, result.Text, result.Code), PortalJson.Default.CommandDto, static (o, c) => o.WriteLine(c.Text))
                        : Refuse(call, result);
                },
                cancellation));
    }

    private static int Refuse(OfflineCall call, CommandResult result) =>
        call.Answer.Fail(result.Code is "not-found" or "invalid" ? ExitCodes.BadInput : ExitCodes.Failed, result.Code, result.Text);

    // Not as an argument: those are seen by everybody on the machine and stay in the shell's history.
    private static async Task<(string? Secret, string? Problem)> SecretAsync(CommandEnvironment environment, bool stdin, CancellationToken cancellation)
    {
        if (!stdin) return (null, null);
        var line = await environment.In.ReadLineAsync(cancellation);
        return string.IsNullOrEmpty(line) ? (null, "--secret-stdin: standard input holds no secret.") : (line, null);
    }

    private static void Write(TextWriter o, AddedClientDto added)
    {
        o.WriteLine($"Client {added.Client}");
        o.WriteLine($"Secret {added.Secret}");
        o.WriteLine("Enter both in the inputs of the Expert Advisor. The secret is not shown again.");
    }

    private static void Write(TextWriter o, IReadOnlyList<ClientDto> clients)
    {
        var table = new TextTable("client", "made", "state");
        foreach (var c in clients) table.Add(c.Client, StatusText.When(c.CreatedAt), c.Revoked ? "revoked" : "may log in");
        if (table.IsEmpty) o.WriteLine("No client yet: csmulticonnector client add NAME");
        else table.Write(o);
    }
}
