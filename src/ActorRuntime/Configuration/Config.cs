using System.Globalization;

namespace Akka.Configuration;

/// <summary>Settings by dotted path. Immutable.</summary>
public class Config
{
    /// <summary>No settings.</summary>
    public static readonly Config Empty = new();

    private readonly ConfigNode _root;

    /// <summary>Makes settings without content.</summary>
    public Config()
        : this(new ConfigNode())
    {
    }

    /// <summary>Makes settings that look into <paramref name="fallback"/> for what <paramref name="source"/> lacks.</summary>
    public Config(Config source, Config fallback)
        : this(ConfigNode.Merge(fallback._root, source._root))
    {
    }

    internal Config(ConfigNode root) => _root = root;

    /// <summary>Whether there are no settings.</summary>
    public virtual bool IsEmpty => _root.Children.Count == 0;

    internal ConfigNode Node => _root;

    /// <summary>These settings and, for what they lack, those of another.</summary>
    public virtual Config WithFallback(Config fallback) => fallback is null || ReferenceEquals(fallback, this) ? this : new Config(this, fallback);

    /// <summary>Whether a path has a value.</summary>
    public virtual bool HasPath(string path) => _root.Find(path) is not null;

    /// <summary>The settings below a path; null when there are none.</summary>
    public virtual Config? GetConfig(string path) => _root.Find(path) is { } node ? new Config(node) : null;

    /// <summary>A text.</summary>
    public virtual string? GetString(string path, string? @default = null) => _root.Find(path)?.Value ?? @default;

    /// <summary><c>on</c>, <c>true</c> or <c>yes</c>; <c>off</c>, <c>false</c> or <c>no</c>.</summary>
    /// <exception cref="ConfigurationException">The value is neither.</exception>
    public virtual bool GetBoolean(string path, bool @default = false) => GetString(path)?.ToLowerInvariant() switch
    {
        null => @default,
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        var other => throw new ConfigurationException($"Unknown boolean format at [{path}]: {other}"),
    };

    /// <summary>A whole number.</summary>
    public virtual int GetInt(string path, int @default = 0) => Parse(path, @default, static t => int.Parse(t, CultureInfo.InvariantCulture));

    /// <summary>A whole number.</summary>
    public virtual long GetLong(string path, long @default = 0) => Parse(path, @default, static t => long.Parse(t, CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Parse(path, @default, static t => double.Parse(t, CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Parse(path, @default, static t => decimal.Parse(t, CultureInfo.InvariantCulture));

    /// <summary>A time such as <c>500ms</c>, <c>3s</c>, <c>2 minutes</c> or <c>infinite</c>; a bare number is milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Parse(path, @default ?? TimeSpan.Zero, text => Duration.Parse(text, allowInfinite));

    /// <summary>A list of texts; empty when the path has none.</summary>
    public virtual IList<string> GetStringList(string path) => _root.Find(path) switch
    {
        null => [],
        { Items: { } items } => [.. items],
        { Value: { } single } => [single],
        _ => [],
    };

    /// <summary>Reads settings from a text.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <inheritdoc/>
    public override string ToString() => _root.ToString();

    private T Parse<T>(string path, T @default, Func<string, T> parse)
    {
        if (GetString(path) is not { } text)
            return @default;
        try
        {
            return parse(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ConfigurationException($"The setting [{path}] has a value that cannot be read: {text}", e);
        }
    }
}

/// <summary>Makes settings.</summary>
public class ConfigurationFactory
{
    /// <summary>No settings.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>Reads settings from a text in HOCON: keys, dotted keys, nested blocks, lists, quoted and plain values, comments.</summary>
    /// <exception cref="ConfigurationException">The text is malformed.</exception>
    public static Config ParseString(string hocon) => new(new HoconReader(hocon).Read());
}

/// <summary>Helpers around <see cref="Config"/>.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there are no settings.</summary>
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;

    /// <summary>As <see cref="Config.WithFallback"/>, for settings that may be null.</summary>
    public static Config SafeWithFallback(this Config? config, Config fallback) => config is null ? fallback : config.WithFallback(fallback);
}

/// <summary>Settings that cannot be read.</summary>
public class ConfigurationException : Actor.AkkaException
{
    /// <summary>Makes an exception with a message.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
