using System.Text.Json;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host.Configuration;

/// <summary>
/// Reads the settings: the file (<c>--config</c>, else appsettings.json in the working folder, else the one beside the program), over it
/// variables <c>CSMC_Section__Name</c>, over them what the command line says. Names do not depend on case; unknown ones are errors.
/// </summary>
internal static class SettingsLoader
{
    public const string VariablePrefix = "CSMC_";
    private const string FileName = "appsettings.json";
    private const long MaxFileBytes = 1024 * 1024;

    public static SettingsResult Load(CommandEnvironment environment, string? configFile, string? dataFolder, string? connectorsFile = null)
    {
        var errors = new List<SettingsError>();
        var values = new Dictionary<string, SettingsValue>(StringComparer.OrdinalIgnoreCase);
        if (Find(environment, configFile, errors) is { } path) ReadFile(path, values, errors);
        foreach (var (name, text) in environment.Variables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            // A single word (CSMC_MASTER_KEY) is no setting: it has its own reader.
            if (!name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase) || !name.Contains("__", StringComparison.Ordinal)) continue;
            var key = name[VariablePrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            values[key] = new SettingsValue(key, text, $"variable {name}", environment.WorkingFolder);
        }

        if (dataFolder is not null) values["Data:Folder"] = new SettingsValue("Data:Folder", dataFolder, "--data", environment.WorkingFolder);
        if (connectorsFile is not null)
            values["Connectors:File"] = new SettingsValue("Connectors:File", connectorsFile, "--connectors", environment.WorkingFolder);
        return SettingsReader.Read(values, errors);
    }

    private static string? Find(CommandEnvironment environment, string? configFile, List<SettingsError> errors)
    {
        if (configFile is not null)
        {
            var named = Path.GetFullPath(configFile, environment.WorkingFolder);
            if (File.Exists(named)) return named;
            errors.Add(new SettingsError("--config", $"there is no file {named}."));
            return null;
        }

        return new[] { environment.WorkingFolder, AppContext.BaseDirectory }.Select(f => Path.Combine(f, FileName)).FirstOrDefault(File.Exists);
    }

    private static void ReadFile(string path, Dictionary<string, SettingsValue> values, List<SettingsError> errors)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                errors.Add(new SettingsError(path, "is larger than 1 MiB: that is no settings file."));
                return;
            }

            using var document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Flatten(document.RootElement, "", path, values, errors);
        }
        catch (JsonException e)
        {
            errors.Add(new SettingsError(path, $"is no JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new SettingsError(path, $"cannot be read: {e.Message}"));
        }
    }

    private static void Flatten(JsonElement element, string prefix, string path, Dictionary<string, SettingsValue> values, List<SettingsError> errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new SettingsError(prefix.Length == 0 ? path : prefix, "expected an object { … }."));
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            var key = prefix.Length == 0 ? property.Name : $"{prefix}:{property.Name}";
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(property.Value, key, path, values, errors);
                    break;
                case JsonValueKind.Array:
                    errors.Add(new SettingsError(key, $"in {path}: a list is not expected here."));
                    break;
                case JsonValueKind.Null:
                    break;
                default:
                    values[key] = new SettingsValue(key, property.Value.ToString(), path, Path.GetDirectoryName(path)!);
                    break;
            }
        }
    }
}

/// <summary>A setting as it was found.</summary>
/// <param name="Key">Its name as written.</param>
/// <param name="Text">Its value.</param>
/// <param name="Origin">The file, variable or option.</param>
/// <param name="Folder">Where its relative paths start.</param>
internal sealed record SettingsValue(string Key, string Text, string Origin, string Folder);
