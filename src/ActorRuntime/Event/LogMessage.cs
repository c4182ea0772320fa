using System.Globalization;
using System.Text;

namespace Akka.Event;

/// <summary>Fills the places of a template.</summary>
public interface ILogMessageFormatter
{
    /// <summary>Fills the places of a template.</summary>
    string Format(string format, params object?[] args);

    /// <summary>Fills the places of a template.</summary>
    string Format(string format, IEnumerable<object?> args);
}

/// <summary>Fills numbered places, <c>{0}</c>, by number and named ones, <c>{Account}</c>, from left to right. Invariant culture.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only value.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc/>
    public string Format(string format, params object?[] args) =>
        string.Format(CultureInfo.InvariantCulture, Numbered(format), args);

    /// <inheritdoc/>
    public string Format(string format, IEnumerable<object?> args) => Format(format, args as object?[] ?? args.ToArray());

    /// <summary>Gives the named places of a template numbers in the order of their first use.</summary>
    private static string Numbered(string template)
    {
        var open = template.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return template;
        var text = new StringBuilder(template.Length);
        var names = new List<string>();
        for (var i = 0; i < template.Length; i++)
        {
            text.Append(template[i]);
            if (template[i] != '{')
                continue;
            if (i + 1 < template.Length && template[i + 1] == '{')
            {
                text.Append(template[++i]);
                continue;
            }
            var end = template.AsSpan(i + 1).IndexOfAny(",:}");
            var name = end < 0 ? string.Empty : template.Substring(i + 1, end).TrimStart('@', '$');
            if (name.Length == 0 || char.IsAsciiDigit(name[0]))
                continue;
            var number = names.IndexOf(name);
            if (number < 0)
            {
                number = names.Count;
                names.Add(name);
            }
            text.Append(number.ToString(CultureInfo.InvariantCulture));
            i += end;
        }
        return text.ToString();
    }
}

/// <summary>A template with its values, formatted only when a logger prints it.</summary>
public abstract class LogMessage
{
    /// <summary>The formatter.</summary>
    protected readonly ILogMessageFormatter Formatter;

    /// <summary>Makes a message of a template.</summary>
#pragma warning disable MA0017 // Public as in the API that this stands for.
    public LogMessage(ILogMessageFormatter formatter, string format)
#pragma warning restore MA0017
    {
        Formatter = formatter;
        Format = format;
    }

    /// <summary>The template.</summary>
    public string Format { get; }

    /// <summary>The template and its values, unformatted.</summary>
    public abstract string Unformatted();

    /// <summary>The values.</summary>
    public abstract IEnumerable<object?> Parameters();
}

/// <summary>A template with an array of values.</summary>
internal sealed class TemplateLogMessage(ILogMessageFormatter formatter, string format, object?[] args) : LogMessage(formatter, format)
{
    public override string Unformatted() => $"{Format} [{string.Join(", ", args)}]";

    public override IEnumerable<object?> Parameters() => args;

    /// <summary>A malformed template must not break the actor that logs: the text then says so.</summary>
    public override string ToString()
    {
        try
        {
            return Formatter.Format(Format, args);
        }
        catch (FormatException)
        {
            return $"Received a malformed log template: {Unformatted()}";
        }
    }
}
