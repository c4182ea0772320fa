using System.Globalization;
using System.Text;

namespace Akka.Configuration;

/// <summary>A node of the tree of settings: a value, a list, or named children.</summary>
internal sealed class ConfigNode
{
    public Dictionary<string, ConfigNode> Children { get; } = new(StringComparer.Ordinal);

    public string? Value { get; init; }

    public IReadOnlyList<string>? Items { get; init; }

    public ConfigNode? Find(string path)
    {
        var node = this;
        foreach (var name in SplitPath(path))
        {
            if (!node.Children.TryGetValue(name, out node))
                return null;
        }
        return node;
    }

    public void Set(string path, ConfigNode value)
    {
        var names = SplitPath(path);
        var node = this;
        foreach (var name in names.SkipLast(1))
        {
            if (!node.Children.TryGetValue(name, out var child) || child.Value is not null)
                node.Children[name] = child = new ConfigNode();
            node = child;
        }
        var last = names[^1];
        node.Children[last] = node.Children.TryGetValue(last, out var before) ? Merge(before, value) : value;
    }

    /// <summary>A new tree with the values of both; where both have one, <paramref name="over"/> counts.</summary>
    public static ConfigNode Merge(ConfigNode under, ConfigNode over)
    {
        if (over.Value is not null || over.Items is not null || under.Value is not null || under.Items is not null)
            return over;
        var merged = new ConfigNode();
        foreach (var (name, child) in under.Children)
            merged.Children[name] = child;
        foreach (var (name, child) in over.Children)
            merged.Children[name] = merged.Children.TryGetValue(name, out var before) ? Merge(before, child) : child;
        return merged;
    }

    public override string ToString()
    {
        if (Items is not null)
            return "[" + string.Join(", ", Items.Select(Quote)) + "]";
        if (Value is not null)
            return Quote(Value);
        var text = new StringBuilder("{ ");
        foreach (var (name, child) in Children)
            text.Append(Quote(name)).Append(child.Children.Count > 0 ? " " : " = ").Append(child).Append('\n');
        return text.Append('}').ToString();
    }

    private static string Quote(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    /// <summary>Splits at dots outside quotes.</summary>
    private static List<string> SplitPath(string path)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == '.' && !quoted)
            {
                names.Add(name.ToString().Trim());
                name.Clear();
            }
            else
            {
                name.Append(c);
            }
        }
        names.Add(name.ToString().Trim());
        return names;
    }
}

/// <summary>Reads the times of the configuration.</summary>
internal static class Duration
{
    public static TimeSpan Parse(string text, bool allowInfinite)
    {
        text = text.Trim();
        if (allowInfinite && text is "infinite" or "Infinite" or "-1")
            return Timeout.InfiniteTimeSpan;
        var digits = text.Length;
        while (digits > 0 && char.IsAsciiLetter(text[digits - 1]))
            digits--;
        var number = double.Parse(text.AsSpan(0, digits).Trim(), CultureInfo.InvariantCulture);
        return text[digits..] switch
        {
            "d" or "day" or "days" => TimeSpan.FromDays(number),
            "h" or "hour" or "hours" => TimeSpan.FromHours(number),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(number),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(number),
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(number),
            var unit => throw new FormatException($"Unknown unit of time: {unit}"),
        };
    }
}
