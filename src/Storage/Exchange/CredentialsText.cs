using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>Credentials as an environment variable holds them: the JSON object that <c>credentials</c> would be.</summary>
public static class CredentialsText
{
    /// <summary>Reads them; the reason of a failure repeats nothing of the text.</summary>
    /// <param name="text">The JSON object.</param>
    /// <param name="credentials">What it holds.</param>
    /// <param name="reason">Why it could not be read.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ConnectorCredentials? credentials, out string reason)
    {
        credentials = null;
        reason = "";
        try
        {
            using var json = JsonDocument.Parse(text);
            var problems = new ProblemList(ConnectorFile.MaxProblems);
            if (ConnectorFields.Credentials.TryRead(json.RootElement, "$", problems, out credentials)) return true;
            reason = string.Join(" ", problems.Problems);
        }
        catch (JsonException)
        {
            // The library's text may quote the input.
            reason = "it is not JSON.";
        }

        return false;
    }
}
