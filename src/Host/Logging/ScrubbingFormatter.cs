using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace CSMultiConnector.Host.Logging;

/// <summary>Writes a log line through the guard: whatever was logged, message, property or exception, is seen by it.</summary>
internal sealed class ScrubbingFormatter(string template, SecretGuard guard) : ITextFormatter
{
    private readonly MessageTemplateTextFormatter _inner = new(template, CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _inner.Format(logEvent, line);
        output.Write(guard.Scrub(line.ToString()));
    }
}
