using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace CSMultiConnector.Venues.Http;

/// <summary>
/// Writes the headers of requests and answers to the log, for a person who wants to see what goes over the line. An address is written without its
/// query, since signatures stand there, and of a header that may hold a secret only its name.
/// </summary>
/// <param name="log">Where to.</param>
/// <param name="name">Whose line it is.</param>
/// <param name="secretHeaders">Headers whose value is never written.</param>
internal sealed class HeaderLog(ILogger log, string name, params string[] secretHeaders)
{
    private const string Mask = "***";

    private readonly HashSet<string> _secret = new([.. secretHeaders, "Authorization", "Cookie", "Set-Cookie", "Proxy-Authorization"], StringComparer.OrdinalIgnoreCase);

    internal void Request(HttpRequestMessage request, HttpRequestHeaders always)
    {
        if (log.IsEnabled(LogLevel.Information))
            log.LogInformation("{Name}: > {Method} {Path}{Headers}", name, request.Method, Path(request), Text([always, request.Headers, request.Content?.Headers]));
    }

    internal void Response(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            log.LogInformation(
                "{Name}: < {Status} {Method} {Path}{Headers}", name, (int)response.StatusCode, request.Method, Path(request), Text([response.Headers, response.Content.Headers]));
        }
    }

    private static string Path(HttpRequestMessage request) => request.RequestUri?.GetLeftPart(UriPartial.Path) ?? string.Empty;

    private string Text(ReadOnlySpan<HttpHeaders?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            foreach (var (header, values) in part ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
                text.Append(" | ").Append(header).Append(": ").Append(_secret.Contains(header) ? Mask : string.Join(", ", values));
        }

        return text.ToString();
    }
}
