using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CSMultiConnector.Host.Cli;

/// <summary>
/// Says what came out. With <c>--json</c> standard output carries exactly one line of JSON, whatever happens; a failure is also told
/// to people on standard error.
/// </summary>
internal sealed class Answer(CommandEnvironment environment, bool json)
{
    public bool Json => json;

    public TextWriter Out => environment.Out;

    public TextWriter Error => environment.Error;

    /// <summary>The result: as JSON, or written for a person by <paramref name="human"/>.</summary>
    public int Give<T>(T value, JsonTypeInfo<T> type, Action<TextWriter, T> human, int exitCode = ExitCodes.Ok)
    {
        if (json) Line(value, type);
        else human(environment.Out, value);
        return exitCode;
    }

    /// <summary>It did not work.</summary>
    public int Fail(int exitCode, string code, string text)
    {
        if (json) Line(new FailureDto(false, code, text), HostJson.Default.FailureDto);
        environment.Error.WriteLine(text);
        return exitCode;
    }

    private void Line<T>(T value, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        // For a terminal or a pipe, not for a page: no need to escape what HTML would need.
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(writer, value, type);
        environment.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}

/// <summary>A failure, for programs.</summary>
/// <param name="Ok">Always false.</param>
/// <param name="Code">What kind.</param>
/// <param name="Text">For a person.</param>
internal sealed record FailureDto(bool Ok, string Code, string Text);
