using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CSMultiConnector.Host.Cli;

/// <summary>Options that several commands have. Each call makes a new one: an option belongs to its command.</summary>
internal static class SharedOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "The data folder. Default: Data:Folder of the settings, else the user's own (~/.local/share/csmulticonnector).",
        HelpName = "DIR",
    };

    public static Option<string?> Config() => new("--config")
    {
        Description = "The settings file. Default: appsettings.json in the current folder, else the one beside the program.",
        HelpName = "FILE",
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one line of JSON for programs; everything else goes to standard error.",
    };

    public static Option<Duration> Duration(string name, string description, TimeSpan fallback) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => new Duration(fallback),
        CustomParser = result =>
        {
            if (DurationText.TryParse(result.Tokens[0].Value, out var duration)) return new Duration(duration);
            result.AddError($"{name} {result.Tokens[0].Value}: expected {DurationText.Allowed}; 0 to {DurationText.Of(DurationText.Longest)}.");
            return default;
        },
    };

    /// <summary>A whole number; the library's own message would name a type of .NET.</summary>
    public static Option<int> Number(string name, string description, int fallback, int least = int.MinValue, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = result => ReadNumber(name, result, least, most),
    };

    /// <summary>A whole number that may be left out.</summary>
    public static Option<int?> NumberOrNone(string name, string description, int least) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ReadNumber(name, result, least, int.MaxValue),
    };

    public static Argument<string> Connector() => new("connector")
    {
        Description = "The connector's id, as 'status' shows it.",
    };

    private static int ReadNumber(string name, ArgumentResult result, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most) return n;
        var range = (least, most) switch
        {
            (int.MinValue, _) => "",
            (_, int.MaxValue) => $", {least} or above",
            _ => $" from {least} to {most}",
        };
        result.AddError($"{name} {text}: expected a whole number{range}.");
        return default;
    }
}

/// <summary>A length of time that the help prints as people write it.</summary>
internal readonly record struct Duration(TimeSpan Time)
{
    public static implicit operator TimeSpan(Duration duration) => duration.Time;

    public override string ToString() => DurationText.Of(Time);
}
