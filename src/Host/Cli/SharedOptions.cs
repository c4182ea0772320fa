using System.CommandLine;

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

    public static Option<TimeSpan> Duration(string name, string description, TimeSpan fallback)
    {
        return new Option<TimeSpan>(name)
        {
            Description = description,
            HelpName = "TIME",
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                if (DurationText.TryParse(result.Tokens[0].Value, out var duration)) return duration;
                result.AddError($"{name} {result.Tokens[0].Value}: expected {DurationText.Allowed}.");
                return default;
            },
        };
    }

    public static Argument<string> Connector() => new("connector")
    {
        Description = "The connector's id, as 'status' shows it.",
    };
}
