using System.Text.Json;
using System.Text.Json.Serialization;

namespace CSMultiConnector.Host.ApiClient;

/// <summary>How the commands find the running host: a file in the data folder, written when the API listens.</summary>
/// <param name="Url">The API's address.</param>
/// <param name="Pid">The host's process id.</param>
/// <param name="CertificateSha256">Hex digest of the API's certificate, which is trusted exactly; null without TLS.</param>
internal sealed record ApiEndpoint(string Url, int Pid, string? CertificateSha256)
{
    private const string FileName = "api-endpoint";

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    /// <summary>Where the host listens; null when none has written it down.</summary>
    /// <exception cref="UnauthorizedAccessException">This user may not look.</exception>
    public static ApiEndpoint? Read(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(PathIn(dataFolder)), ApiEndpointJson.Default.ApiEndpoint);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, ApiEndpointJson.Default.ApiEndpoint);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApiEndpoint))]
internal sealed partial class ApiEndpointJson : JsonSerializerContext;
