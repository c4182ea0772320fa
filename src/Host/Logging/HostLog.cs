using CSMultiConnector.Host.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace CSMultiConnector.Host.Logging;

/// <summary>The log of the process: lines to standard error and to files that roll by size.</summary>
internal static class HostLog
{
    private const string ConsoleLine = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";
    private const string FileLine = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}";

    /// <summary>Opens the log.</summary>
    /// <param name="settings">Level and sizes.</param>
    /// <param name="folder">Where log files go; null = none.</param>
    /// <param name="console">Standard error, or null = nothing is said there.</param>
    /// <param name="guard">Removes secrets.</param>
    public static Logger Open(LogSettings settings, string? folder, TextWriter? console, SecretGuard guard)
    {
        var level = Enum.Parse<LogEventLevel>(settings.Level, ignoreCase: true);
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            // The framework tells of every request: interesting only when something is looked for.
            .MinimumLevel.Override("Microsoft", level < LogEventLevel.Information ? level : LogEventLevel.Warning)
            .MinimumLevel.Override("Akka", level < LogEventLevel.Information ? level : LogEventLevel.Warning)
            .MinimumLevel.Override("System", level < LogEventLevel.Information ? level : LogEventLevel.Warning)
            // Whoever starts the host tells why it did not start, in one line.
            .Filter.ByExcluding(e => e.MessageTemplate.Text == "Hosting failed to start")
            .Enrich.FromLogContext();
        if (console is not null) configuration.WriteTo.Sink(new WriterSink(console, new ScrubbingFormatter(ConsoleLine, guard)));
        if (folder is not null)
        {
            configuration.WriteTo.File(
                new ScrubbingFormatter(FileLine, guard),
                Path.Combine(folder, "host-.log"),
                rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: settings.FileMegabytes * 1024L * 1024L,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: settings.KeepFiles);
        }

        return configuration.CreateLogger();
    }

    // The console sink of the package writes to the process' own console only; tests have others.
    private sealed class WriterSink(TextWriter writer, ScrubbingFormatter formatter) : ILogEventSink
    {
        private readonly Lock _lock = new();

        public void Emit(LogEvent logEvent)
        {
            lock (_lock) formatter.Format(logEvent, writer);
        }
    }
}
