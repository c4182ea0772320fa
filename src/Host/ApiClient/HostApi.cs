using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.ApiClient;

/// <summary>The commands' line to the running host: its HTTP API, with the token of the data folder.</summary>
internal sealed class HostApi : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _dataFolder;

    private HostApi(HttpClient http, string dataFolder) => (_http, _dataFolder) = (http, dataFolder);

    /// <summary>A line to the host of a data folder, or why there can be none.</summary>
    public static (HostApi? Api, ApiFailure? Failure) Open(string dataFolder)
    {
        ApiEndpoint? endpoint;
        string token;
        try
        {
            endpoint = ApiEndpoint.Read(dataFolder);
            if (endpoint is null) return (null, NoHost(dataFolder));
            token = File.ReadAllText(Path.Combine(dataFolder, "api-token")).Trim();
        }
        catch (UnauthorizedAccessException)
        {
            return (null, new ApiFailure(ExitCodes.Failed, "unauthorised", $"The data folder {dataFolder} may not be read by this user: run the command as the user who runs the host."));
        }
        catch (IOException e)
        {
            return (null, new ApiFailure(ExitCodes.Failed, "unauthorised", $"The API token {Path.Combine(dataFolder, "api-token")} cannot be read: {e.Message}"));
        }

        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false };
        if (endpoint.CertificateSha256 is { } digest)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                // The running host wrote the digest of its own certificate into its private folder: trust that one and no other.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && string.Equals(Convert.ToHexString(SHA256.HashData(certificate.GetRawCertData())), digest, StringComparison.OrdinalIgnoreCase),
            };
        }

        var http = new HttpClient(handler) { BaseAddress = new Uri(endpoint.Url), Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (new HostApi(http, dataFolder), null);
    }

    public Task<ApiAnswer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync<T, object>(HttpMethod.Get, path, null, null, type, cancellation);

    public Task<ApiAnswer<T>> DeleteAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync<T, object>(HttpMethod.Delete, path, null, null, type, cancellation);

    public Task<ApiAnswer<T>> PostAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class => SendAsync<T, object>(HttpMethod.Post, path, null, null, type, cancellation);

    public async Task<ApiAnswer<T>> SendAsync<T, TBody>(
        HttpMethod method, string path, TBody? body, JsonTypeInfo<TBody>? bodyType, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
        where TBody : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null) request.Content = new StringContent(JsonSerializer.Serialize(body, bodyType!), Encoding.UTF8, "application/json");
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.IsSuccessStatusCode && JsonSerializer.Deserialize(text, type) is { } value) return new ApiAnswer<T>(value, null);
            return new ApiAnswer<T>(null, FailureOf(response.StatusCode, text));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException || e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
        {
            return new ApiAnswer<T>(null, NoHost(_dataFolder));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new ApiAnswer<T>(null, new ApiFailure(ExitCodes.NotReachable, "unreachable", $"The host at {_http.BaseAddress} broke off: {e.Message}"));
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ApiAnswer<T>(null, new ApiFailure(ExitCodes.NotReachable, "unreachable", $"The host at {_http.BaseAddress} did not answer within {Patience.TotalSeconds} s."));
        }
        catch (JsonException)
        {
            return new ApiAnswer<T>(null, new ApiFailure(ExitCodes.Failed, "protocol", $"What answers at {_http.BaseAddress} is no host of this version."));
        }
    }

    /// <summary>True when nothing listens where the data folder says: the host that wrote it is gone.</summary>
    public async Task<bool> IsGoneAsync(CancellationToken cancellation)
    {
        var probe = await GetAsync("/health/live", Portal.Api.PortalJson.Default.HealthDto, cancellation);
        return probe.Failure?.ExitCode == ExitCodes.NotReachable;
    }

    public void Dispose() => _http.Dispose();

    private static ApiFailure NoHost(string dataFolder) => new(
        ExitCodes.NotReachable,
        "unreachable",
        $"No host runs on the data folder {dataFolder}. Start one with 'csmulticonnector run --data {dataFolder}', or name the folder of the running one with --data.");

    private ApiFailure FailureOf(HttpStatusCode status, byte[] body)
    {
        string? code = null, detail = null;
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = problem.RootElement.TryGetProperty("code", out var c) ? c.GetString() : null;
                detail = problem.RootElement.TryGetProperty("detail", out var d) ? d.GetString() : null;

                // A probe answers in its own form.
                code ??= problem.RootElement.TryGetProperty("status", out var s) && s.ValueKind == JsonValueKind.String ? s.GetString() : null;
                detail ??= problem.RootElement.TryGetProperty("text", out var t) ? t.GetString() : null;
            }
        }
        catch (JsonException)
        {
            // Not ours, then: the status has to do.
        }

        if (status == HttpStatusCode.Unauthorized)
            return new ApiFailure(ExitCodes.Failed, "unauthorised", $"The host at {_http.BaseAddress} does not accept the token of {_dataFolder}: it runs on another data folder.");
        detail ??= $"The host answered {(int)status}.";
        return code switch
        {
            "not-found" or "invalid" => new ApiFailure(ExitCodes.BadInput, code, detail),
            _ => new ApiFailure(ExitCodes.Failed, code ?? "failed", detail),
        };
    }
}

/// <summary>Why there is no answer.</summary>
/// <param name="ExitCode">What the process returns.</param>
/// <param name="Code">For programs.</param>
/// <param name="Text">For a person.</param>
internal sealed record ApiFailure(int ExitCode, string Code, string Text);

/// <summary>An answer, or why there is none.</summary>
internal readonly record struct ApiAnswer<T>(T? Value, ApiFailure? Failure)
    where T : class;
