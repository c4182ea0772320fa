namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>A change of one place in a source: <paramref name="Old"/> stands there once.</summary>
public sealed record PlantedChange(string File, IReadOnlyList<string> Old, IReadOnlyList<string> New);

/// <summary>One mistake that the property test has to catch. Its number, from 1, switches it on.</summary>
public sealed record PlantedBug(int Number, string Name, string What, IReadOnlyList<PlantedChange> Changes);

/// <summary>Reads Model/planted.txt and makes a copy of the EA's sources that has every bug in it, each behind its number.</summary>
public static class PlantedBugs
{
    /// <summary>The bugs of a file.</summary>
    /// <exception cref="FormatException">A line that is none of the file's kinds.</exception>
    public static IReadOnlyList<PlantedBug> Read(string path)
    {
        var bugs = new List<PlantedBug>();
        var changes = new List<PlantedChange>();
        foreach (var line in System.IO.File.ReadLines(path).SkipWhile(l => !l.StartsWith("bug ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("bug ", StringComparison.Ordinal))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                changes = [];
                bugs.Add(new PlantedBug(bugs.Count + 1, line[4..colon], line[(colon + 1)..].Trim(), changes));
            }
            else if (line.StartsWith("file ", StringComparison.Ordinal)) changes.Add(new PlantedChange(line[5..].Trim(), new List<string>(), new List<string>()));
            else if (line.StartsWith("- ", StringComparison.Ordinal)) ((List<string>)changes[^1].Old).Add(line[2..].Trim());
            else if (line.StartsWith("+ ", StringComparison.Ordinal)) ((List<string>)changes[^1].New).Add(line[2..].Trim());
            else if (line.Trim().Length > 0) throw new FormatException($"planted.txt: {line}");
        }

        return bugs;
    }

    /// <summary>Writes the copy; null when every place was found, else which was not.</summary>
    public static string? Plant(IEnumerable<PlantedBug> bugs, string sources, string copy)
    {
        var texts = Directory.EnumerateFiles(sources, "*.mq?", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(sources, f).Replace('\\', '/'), f => System.IO.File.ReadAllText(f).Split('\n').ToList());
        foreach (var bug in bugs)
            foreach (var change in bug.Changes)
                if (!texts.TryGetValue(change.File, out var lines) || !Apply(lines, bug, change))
                    return $"Planted bug {bug.Name}: this does not stand once in {change.File}: {string.Join(" / ", change.Old)}";

        foreach (var (file, lines) in texts)
        {
            // The build tells by this property that it is one with bugs in it.
            if (file.EndsWith(".mq5", StringComparison.Ordinal)) lines.Insert(0, "#property planted \"yes\"");
            var path = Path.Combine(copy, file);
            var text = string.Join('\n', lines);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!System.IO.File.Exists(path) || System.IO.File.ReadAllText(path) != text) System.IO.File.WriteAllText(path, text);
        }

        return null;
    }

    private static bool Apply(List<string> lines, PlantedBug bug, PlantedChange change)
    {
        var places = Enumerable.Range(0, Math.Max(0, lines.Count - change.Old.Count + 1))
            .Where(i => change.Old.Select((text, k) => lines[i + k].Contains(text, StringComparison.Ordinal)).All(found => found)).ToList();
        if (places.Count != 1) return false;
        var at = places[0];
        // A variable of the terminal: the sources need no name that the EA does not have.
        var text = string.Join('\n', change.New).Replace("PLANTED", $"(GlobalVariableGet(\"planted\")=={bug.Number}.0)", StringComparison.Ordinal);
        if (change.Old.Count == 1) lines[at] = lines[at].Replace(change.Old[0], text, StringComparison.Ordinal);
        else
        {
            lines.RemoveRange(at, change.Old.Count);
            lines.Insert(at, text);
        }

        return true;
    }
}
