namespace CSMultiConnector.Host.Configuration;

/// <summary>Mistakes in settings as one text for a person.</summary>
internal static class SettingsText
{
    public static string Of(IReadOnlyList<SettingsError> errors) =>
        string.Join(Environment.NewLine, errors.Select(e => e.ToString()).Prepend($"{errors.Count} mistake{(errors.Count == 1 ? "" : "s")} in the settings:"));
}
