using System.CommandLine;
using System.Net;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Venues.Paper;
using CSMultiConnector.Venues.Paper.Http;
using CSMultiConnector.Venues.Paper.Storage;

namespace CSMultiConnector.Host.Commands;

/// <summary><c>paper</c>: the built-in venue as a process of its own, over HTTP.</summary>
internal static class PaperCommand
{
    private const string KeyVariable = "CSMC_PAPER_KEY";

    public static Command Build(CommandEnvironment environment)
    {
        var port = SharedOptions.Number("--port", "Port to listen on, 0 to 65535; 0 = one that is free.", 5590, 0, 65535);
        var data = new Option<string?>("--data") { Description = "Keep accounts, orders and fills in this folder. Default: in memory, gone at the end.", HelpName = "DIR" };
        var json = SharedOptions.Json();
        var command = new Command(
            "paper", $"Run the Paper venue as a process of its own, on the loopback address. With {KeyVariable} set, requests must carry it as X-Paper-Key.") { port, data, json };
        command.SetAction((parsed, cancellation) =>
            RunAsync(environment, new Answer(environment, parsed.GetValue(json)), parsed.GetValue(port), parsed.GetValue(data), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandEnvironment environment, Answer answer, int port, string? data, CancellationToken cancellation)
    {
        DataFolder? folder = null;
        if (data is not null)
        {
            var opened = DataFolder.Open(Path.GetFullPath(data, environment.WorkingFolder), environment.Time);
            if (!opened.Ok) return answer.Fail(ExitCodes.Failed, "unavailable", opened.Problem.Text);
            folder = opened.Value;
        }

        using (folder)
        {
            try
            {
                await using var exchange = PaperExchange.Open(new PaperExchangeOptions { DataFile = folder?.PaperPath, Time = environment.Time });
                var options = new PaperHttpServerOptions
                {
                    Address = IPAddress.Loopback,
                    Port = port,
                    ApiKey = environment.Variables.TryGetValue(KeyVariable, out var key) && key.Length > 0 ? key : null,
                };
                await using var server = await PaperHttpServer.StartAsync(exchange, options, cancellation);
                answer.Give(
                    new PaperListening(server.Address.ToString(), Environment.ProcessId, folder?.PaperPath),
                    HostJson.Default.PaperListening,
                    static (o, l) => o.WriteLine($"Paper venue listens on {l.Url} ({(l.File is { } file ? $"data in {file}" : "in memory")})"));
                environment.Out.Flush();
                await Ended.OfAsync(cancellation);
                return ExitCodes.Ok;
            }
            catch (IOException e)
            {
                return answer.Fail(ExitCodes.Failed, "unavailable", $"Paper cannot listen on port {port}: {e.Message}");
            }
            catch (PaperStorageException e)
            {
                return answer.Fail(ExitCodes.Failed, "unavailable", e.Message);
            }
        }
    }
}

/// <summary>Where Paper listens.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Pid">Its process.</param>
/// <param name="File">Its data file; null = in memory.</param>
internal sealed record PaperListening(string Url, int Pid, string? File);
