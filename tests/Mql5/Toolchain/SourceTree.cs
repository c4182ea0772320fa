using System.Text;

namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>One file of the EA.</summary>
/// <param name="Path">Below the folder mql5, with slashes: Include/CSMultiConnector/Lots.mqh.</param>
/// <param name="FullPath">Where it lies.</param>
/// <param name="Text">Its text, a byte order mark included; bytes that are no UTF-8 have become U+FFFD.</param>
public sealed record SourceFile(string Path, string FullPath, string Text)
{
    public bool IsMain => Path.EndsWith(".mq5", StringComparison.Ordinal);
}

/// <summary>A folder mql5 with Experts and Include below it, as in a terminal's data folder.</summary>
public sealed class SourceTree
{
    private SourceTree(IReadOnlyList<SourceFile> files) => Files = files;

    public IReadOnlyList<SourceFile> Files { get; }

    public static SourceTree Read(string folder)
    {
        var files = from part in new[] { "Include", "Experts" }
                    let top = Path.Combine(folder, part)
                    where Directory.Exists(top)
                    from file in Directory.EnumerateFiles(top, "*", SearchOption.AllDirectories)
                    where file.EndsWith(".mqh", StringComparison.Ordinal) || file.EndsWith(".mq5", StringComparison.Ordinal)
                    orderby file
                    select new SourceFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), file, Encoding.UTF8.GetString(File.ReadAllBytes(file)));
        return new SourceTree([.. files]);
    }

    /// <summary>A tree of made-up files, for tests.</summary>
    public static SourceTree Of(params (string Path, string Text)[] files) => new([.. files.Select(f => new SourceFile(f.Path, f.Path, f.Text))]);
}

/// <summary>A mistake in the EA's sources.</summary>
public sealed record Finding(string Path, int Line, string Rule, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Rule}: {Message}";
}
