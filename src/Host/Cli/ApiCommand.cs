using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Cli;

/// <summary>A command that asks the running host something.</summary>
internal sealed class ApiCommand : Command
{
    private readonly CommandEnvironment _environment;
    private readonly Option<string?> _data = SharedOptions.Data();
    private readonly Option<string?> _config = SharedOptions.Config();
    private readonly Option<bool> _json = SharedOptions.Json();

    public ApiCommand(string name, string description, CommandEnvironment environment)
        : base(name, description)
    {
        _environment = environment;
        Add(_data);
        Add(_config);
        Add(_json);
    }

    /// <summary>What is asked once the line to the host is there.</summary>
    public ApiCommand Calls(Func<ApiCall, CancellationToken, Task<int>> call) => CallsWithFallback(call, null);

    /// <summary>The same; when no host runs, <paramref name="offline"/> works on the data folder itself.</summary>
    public ApiCommand CallsWithFallback(
        Func<ApiCall, CancellationToken, Task<int>> call, Func<OfflineCall, CancellationToken, Task<int>>? offline)
    {
        SetAction(async (parsed, cancellation) =>
        {
            var answer = new Answer(_environment, parsed.GetValue(_json));
            var loaded = SettingsLoader.Load(_environment, parsed.GetValue(_config), parsed.GetValue(_data));
            if (loaded.Settings is not { } settings) return answer.Fail(ExitCodes.BadInput, "invalid", SettingsText.Of(loaded.Errors));
            var (api, failure) = HostApi.Open(settings.DataFolder);
            if (api is null)
            {
                return offline is not null && failure!.ExitCode == ExitCodes.NotReachable
                    ? await offline(new OfflineCall(parsed, settings, answer, _environment), cancellation)
                    : answer.Fail(failure!.ExitCode, failure.Code, failure.Text);
            }

            using (api)
            {
                if (offline is not null && await api.IsGoneAsync(cancellation))
                    return await offline(new OfflineCall(parsed, settings, answer, _environment), cancellation);
                return await call(new ApiCall(parsed, api, answer, _environment), cancellation);
            }
        });
        return this;
    }
}

/// <summary>One question to the running host.</summary>
internal sealed record ApiCall(ParseResult Parsed, HostApi Api, Answer Answer, CommandEnvironment Environment)
{
    /// <summary>Gives the answer, or tells the failure.</summary>
    public int Finish<T>(ApiAnswer<T> got, JsonTypeInfo<T> type, Action<TextWriter, T> human, int exitCode = ExitCodes.Ok)
        where T : class => got.Failure is { } failure
        ? Answer.Fail(failure.ExitCode, failure.Code, failure.Text)
        : Answer.Give(got.Value!, type, human, exitCode);

    /// <summary>The answer to a plain command.</summary>
    public int Finish(ApiAnswer<CommandDto> got) => Finish(got, PortalJson.Default.CommandDto, static (o, c) => o.WriteLine(c.Text));
}

/// <summary>The same question when no host runs.</summary>
internal sealed record OfflineCall(ParseResult Parsed, HostSettings Settings, Answer Answer, CommandEnvironment Environment);
