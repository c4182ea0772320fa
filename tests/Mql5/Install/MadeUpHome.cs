using System.Diagnostics;
using System.Text;

namespace CSMultiConnector.Mql5.Tests.Install;

/// <summary>A home folder with made-up terminals in it, and the install script run there.</summary>
internal sealed class MadeUpHome : IDisposable
{
    public const string Name = "CSMultiConnector";

    public string Folder { get; } = Directory.CreateTempSubdirectory("csmc-install-").FullName;

    public static string Repository { get; } = FindRepository();

    /// <summary>What an installation has to hold below MQL5, in order.</summary>
    public static string[] Sources { get; } =
    [
        .. new[] { $"Experts/{Name}", $"Include/{Name}" }
            .SelectMany(part => Directory.GetFiles(Path.Combine(Repository, "mql5", part)).Select(f => $"{part}/{Path.GetFileName(f)}"))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A terminal whose data lie apart from its program, as the installer makes it.</summary>
    public string Roaming(string prefix, string user = "me", string id = "D0E8209F77C8CF37AD8BF550E51FF075", string program = "MetaTrader 5", bool bom = true)
    {
        Program(prefix, program);
        var folder = At(prefix, "drive_c/users", user, "AppData/Roaming/MetaQuotes/Terminal", id);
        Directory.CreateDirectory(Path.Combine(folder, "MQL5", "Experts"));
        var origin = $@"C:\Program Files\{program}";
        File.WriteAllText(Path.Combine(folder, "origin.txt"), origin, bom ? Encoding.Unicode : new UTF8Encoding(false));
        return folder;
    }

    /// <summary>A terminal that keeps its data in its program folder.</summary>
    public string Program(string prefix, string program = "MetaTrader 5")
    {
        var folder = At(prefix, "drive_c/Program Files", program);
        Directory.CreateDirectory(Path.Combine(folder, "MQL5", "Include"));
        File.WriteAllText(Path.Combine(folder, "terminal64.exe"), "");
        return folder;
    }

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    public static string Put(string folder, string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Every file below a folder with what it holds.</summary>
    public static SortedDictionary<string, string> Contents(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllText, StringComparer.Ordinal),
        StringComparer.Ordinal);

    public (int Code, string Out, string Error) Run(params string[] arguments) => RunWith([], arguments);

    public (int Code, string Out, string Error) RunWith(Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository, "mql5/install/install.sh"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Folder,
        };
        foreach (var gone in new[] { "WINEPREFIX", "SUDO_USER" }) start.Environment.Remove(gone);
        start.Environment["HOME"] = Folder;
        foreach (var (key, value) in variables) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this test's folders.");
    }
}
