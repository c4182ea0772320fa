using System.Text.RegularExpressions;

namespace CSMultiConnector.ActorRuntime.Tests.ApiSurface;

/// <summary>Reads lists of a public API: a line a type, then indented a line a member.</summary>
internal static partial class ReferenceApi
{
    /// <summary>The folder with the full lists, where the project stands beside it; else null.</summary>
    public static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "reference", "akka-api");
            if (Directory.Exists(candidate))
                return candidate;
        }
        return null;
    }

    /// <summary>The lines in the form of <see cref="ApiLister"/>.</summary>
    public static HashSet<string> Read(string folder)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.txt"))
        {
            var type = string.Empty;
            foreach (var line in File.ReadLines(file))
            {
                if (!line.StartsWith("  ", StringComparison.Ordinal))
                {
                    var head = line.Split(" : ")[0].Trim();
                    lines.Add(head);
                    type = TypeKind().Replace(head, string.Empty);
                    continue;
                }
                foreach (var member in Members(line.Trim()))
                    lines.Add($"{type} :: {member}");
            }
        }
        return lines;
    }

    private static IEnumerable<string> Members(string line)
    {
        line = line.Replace(" [obsolete]", string.Empty, StringComparison.Ordinal);
        if (line.Contains('(', StringComparison.Ordinal) || line.Contains(" : ", StringComparison.Ordinal))
            return [Accessors().Replace(line, string.Empty)];
        return line.Split(", ");
    }

    [GeneratedRegex("^(abstract class|sealed class|static class|class|interface|struct|enum|delegate) ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeKind();

    [GeneratedRegex(@" \{[ a-z]*\}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Accessors();
}
