using System.Globalization;
using System.Net;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Lease;
using Npgsql;

namespace CSMultiConnector.Host.Configuration;

/// <summary>Turns found values into settings and collects every mistake, not only the first.</summary>
internal sealed class SettingsReader
{
    private static readonly string[] Known =
    [
        "Data:Folder",
        "Feed:Address", "Feed:Port", "Feed:Certificate:Path", "Feed:Certificate:KeyPath", "Feed:Certificate:Password",
        "Api:Address", "Api:Port", "Api:Certificate:Path", "Api:Certificate:KeyPath", "Api:Certificate:Password",
        "Connectors:File",
        "Storage:ConnectionString",
        "Lease:Duration",
        "Log:Level", "Log:FileMegabytes", "Log:KeepFiles",
        "History:Days",
        "Stop:Timeout",
    ];

    private static readonly string[] Levels = ["verbose", "debug", "information", "warning", "error"];

    private readonly IReadOnlyDictionary<string, SettingsValue> _values;
    private readonly List<SettingsError> _errors;

    private SettingsReader(IReadOnlyDictionary<string, SettingsValue> values, List<SettingsError> errors) => (_values, _errors) = (values, errors);

    public static SettingsResult Read(IReadOnlyDictionary<string, SettingsValue> values, List<SettingsError> errors)
    {
        var reader = new SettingsReader(values, errors);
        reader.RefuseUnknown();
        var settings = reader.Build();
        return new SettingsResult(errors.Count == 0 ? settings : null, errors);
    }

    /// <summary>The folder when nobody names one: the user's own, so that a first try needs no rights.</summary>
    public static string DefaultDataFolder() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "csmulticonnector");

    private HostSettings Build() => new()
    {
        DataFolder = PathOf("Data:Folder") ?? DefaultDataFolder(),
        Feed = ListenerOf("Feed", 5555),
        Api = ListenerOf("Api", 5580),
        ConnectorsFile = FileOf("Connectors:File"),
        Postgres = ConnectionString("Storage:ConnectionString"),
        LeaseDuration = Duration("Lease:Duration", LeaseOptions.Shortest, LeaseOptions.Longest, new LeaseOptions().Duration),
        Log = new LogSettings
        {
            Level = OneOf("Log:Level", Levels, "information"),
            FileMegabytes = Number("Log:FileMegabytes", 1, 1024, 20),
            KeepFiles = Number("Log:KeepFiles", 1, 1000, 20),
        },
        HistoryDays = Number("History:Days", 0, 36_500, 0),
        StopTimeout = Duration("Stop:Timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(15)),
    };

    private void RefuseUnknown()
    {
        foreach (var value in _values.Values.Where(v => !Known.Contains(v.Key, StringComparer.OrdinalIgnoreCase)))
        {
            var hint = NearMiss.Of(value.Key, Known) is { } near ? $" Did you mean {near}?" : $" Known: {string.Join(", ", Known)}.";
            _errors.Add(new SettingsError(value.Key, $"({value.Origin}) is not a setting.{hint}"));
        }
    }

    private Listener ListenerOf(string section, int port)
    {
        var address = IPAddress.Loopback;
        if (Text($"{section}:Address") is { } value && !IPAddress.TryParse(value.Text, out address!))
        {
            Wrong(value, "an IP address such as 127.0.0.1 or 0.0.0.0");
            address = IPAddress.Loopback;
        }

        var listener = new Listener(address, Number($"{section}:Port", 0, 65535, port), CertificateOf(section));
        if (!IPAddress.IsLoopback(address) && listener.Certificate is null)
        {
            _errors.Add(new SettingsError(
                $"{section}:Address",
                $"{address} is reached from other machines, and without TLS anybody there could read along: name a certificate in {section}:Certificate:Path, or stay on 127.0.0.1."));
        }

        return listener;
    }

    private CertificateSettings? CertificateOf(string section)
    {
        var path = FileOf($"{section}:Certificate:Path");
        var key = FileOf($"{section}:Certificate:KeyPath");
        var password = Text($"{section}:Certificate:Password")?.Text;
        if (path is not null) return new CertificateSettings(path, key, password);
        if ((key ?? password) is not null && Text($"{section}:Certificate:Path") is null)
            _errors.Add(new SettingsError($"{section}:Certificate:Path", "is missing: a key or a password alone is no certificate."));
        return null;
    }

    private SettingsValue? Text(string key) => _values.TryGetValue(key, out var value) && value.Text.Length > 0 ? value : null;

    private string? PathOf(string key) => Text(key) is { } value ? Path.GetFullPath(value.Text, value.Folder) : null;

    private string? FileOf(string key)
    {
        var path = PathOf(key);
        if (path is not null && !File.Exists(path)) _errors.Add(new SettingsError(key, $"there is no file {path}."));
        return path;
    }

    private string? ConnectionString(string key)
    {
        if (Text(key) is not { } value) return null;
        try
        {
            var parts = new NpgsqlConnectionStringBuilder(value.Text);
            if (parts.Host is { Length: > 0 } && parts.Database is { Length: > 0 })
            {
                if (parts.Password is { Length: > 0 } password && IsWeak(password))
                    _errors.Add(new SettingsError(key, $"({value.Origin}) holds a password that anybody would guess: set another one in PostgreSQL and here."));
                return value.Text;
            }
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Said below; the library's text may quote the password.
        }

        _errors.Add(new SettingsError(key, $"({value.Origin}) is no PostgreSQL connection string; expected Host=…;Database=…;Username=…;Password=…, or nothing for SQLite."));
        return null;
    }

    private static bool IsWeak(string password) =>
        password.Length < 8 || new[] { "postgres", "password", "changeme", "csmulticonnector", "12345678" }.Any(w => password.Contains(w, StringComparison.OrdinalIgnoreCase) && password.Length < w.Length + 4);

    private int Number(string key, int least, int most, int fallback)
    {
        if (Text(key) is not { } value) return fallback;
        if (int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Wrong(value, $"a whole number from {least} to {most}");
        return fallback;
    }

    private TimeSpan Duration(string key, TimeSpan least, TimeSpan most, TimeSpan fallback)
    {
        if (Text(key) is not { } value) return fallback;
        if (DurationText.TryParse(value.Text, out var duration) && duration >= least && duration <= most) return duration;
        Wrong(value, $"{DurationText.Allowed}; from {least.TotalSeconds}s to {most.TotalSeconds}s");
        return fallback;
    }

    private string OneOf(string key, string[] allowed, string fallback)
    {
        if (Text(key) is not { } value) return fallback;
        if (allowed.FirstOrDefault(a => string.Equals(a, value.Text, StringComparison.OrdinalIgnoreCase)) is { } known) return known;
        Wrong(value, $"one of {string.Join(", ", allowed)}");
        return fallback;
    }

    private void Wrong(SettingsValue value, string allowed)
    {
        // What stands under a password's name is never repeated.
        var found = value.Key.EndsWith("Password", StringComparison.OrdinalIgnoreCase) ? "***" : $"\"{value.Text}\"";
        _errors.Add(new SettingsError(value.Key, $"({value.Origin}) is {found}; expected {allowed}."));
    }
}
