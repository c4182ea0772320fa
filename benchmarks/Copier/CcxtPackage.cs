using System.Diagnostics;
using System.Security.Cryptography;

namespace CSMultiConnector.Benchmarks.Copier;

/// <summary>ccxt as published, installed from the lock file of the proof (tests/Simulators/ccxt) into the folder that the proof uses as well.</summary>
/// <param name="Folder">Where node_modules is.</param>
/// <param name="Script">The copier.</param>
/// <param name="Node">The program that runs it; 20 or later.</param>
internal sealed record CcxtPackage(string Folder, string Script, string Node)
{
    public static async Task<CcxtPackage> InstallAsync()
    {
        var root = Root();
        var from = Path.Combine(root, "tests", "Simulators", "ccxt");
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(from, "package-lock.json"))));
        var folder = Path.Combine(root, "artifacts", "ccxt-" + hash[..12]);
        var mark = Path.Combine(folder, "whole");
        if (!File.Exists(mark))
        {
            Directory.CreateDirectory(folder);
            foreach (var name in new[] { "package.json", "package-lock.json" }) File.Copy(Path.Combine(from, name), Path.Combine(folder, name), overwrite: true);
            using var npm = Process.Start(
                new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"]) { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0) throw new InvalidOperationException("npm ci failed.");
            await File.WriteAllTextAsync(mark, "");
        }

        return new CcxtPackage(folder, Path.Combine(root, "benchmarks", "Copier", "copier.mjs"), "node");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CSMultiConnector.sln"))) return folder.FullName;
        throw new InvalidOperationException("The benchmarks run from the source tree: CSMultiConnector.sln is above none of their folders.");
    }
}
