using System.Diagnostics;

namespace CSMultiConnector.Mql5.Tests.Install;

/// <summary>
/// install.ps1 as far as it can be looked at without PowerShell, which no package source of this build serves: a grammar of the language reads it
/// (npm packages, on Node), and what Windows PowerShell 5.1 does not know is not in it. What it does was checked by reading alone.
/// </summary>
public sealed class PowerShellScriptTests : IDisposable
{
    private static readonly string s_script = Path.Combine(MadeUpHome.Repository, "mql5/install/install.ps1");
    private static readonly Lazy<string> s_grammar = new(InstallGrammar);

    private readonly string _folder = Directory.CreateTempSubdirectory("csmc-powershell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_grammar_reads_every_line() => Read(File.ReadAllText(s_script)).ShouldBe((0, ""));

    [Theory]
    [InlineData("    exit 1\n}", "    exit 1\n")]
    [InlineData("foreach ($mark in @(", "foreach ($mark of @(")]
    [InlineData("if ($Uninstall) {", "if ($Uninstall {")]
    [InlineData("finally { Remove-Item", "finally Remove-Item")]
    public void The_grammar_sees_what_is_broken(string good, string broken)
    {
        var script = File.ReadAllText(s_script);
        script.ShouldContain(good);
        var (code, said) = Read(script.Replace(good, broken, StringComparison.Ordinal));
        code.ShouldBe(1, said);
        said.ShouldContain("script.ps1:");
    }

    [Fact]
    public void It_keeps_to_what_Windows_PowerShell_5_knows()
    {
        var script = File.ReadAllText(s_script);
        script.ShouldAllBe(c => c == '\n' || (c >= ' ' && c <= '~'), "without a byte order mark 5.1 takes other characters for those of the machine's code page");
        foreach (var newer in new[] { " ?? ", " && ", " || ", "?.", " ? ", "-Parallel", "clean {", "$IsWindows", "utf8NoBOM", "-AsHashtable" }) script.ShouldNotContain(newer);
    }

    [Theory]
    [InlineData("--data-folder", "$DataFolder")]
    [InlineData("--list", "$List")]
    [InlineData("--dry-run", "$DryRun")]
    [InlineData("--uninstall", "$Uninstall")]
    public void Both_scripts_take_the_same_options(string bash, string powershell)
    {
        File.ReadAllText(Path.Combine(MadeUpHome.Repository, "mql5/install/install.sh")).ShouldContain(bash + ")");
        var parameters = File.ReadAllText(s_script);
        parameters[parameters.IndexOf("\nparam(", StringComparison.Ordinal)..parameters.IndexOf("\n)\n", StringComparison.Ordinal)].ShouldContain("]" + powershell);
    }

    private (int Code, string Said) Read(string script)
    {
        var file = Path.Combine(_folder, "script.ps1");
        File.WriteAllText(file, script);
        return Run(s_grammar.Value, "node", "check.mjs", file);
    }

    // Once for all tests and runs; the folder is not the repository's own, so that nothing made lies among the sources.
    private static string InstallGrammar()
    {
        var source = Path.Combine(MadeUpHome.Repository, "tests/Mql5/Install/powershell");
        var folder = Path.Combine(MadeUpHome.Repository, "artifacts/own/mql5/powershell");
        Directory.CreateDirectory(folder);
        var before = Path.Combine(folder, "package-lock.json");
        var whole = File.Exists(before) && File.Exists(Path.Combine(folder, "installed"))
            && string.Equals(File.ReadAllText(before), File.ReadAllText(Path.Combine(source, "package-lock.json")), StringComparison.Ordinal);
        if (!whole) File.Delete(Path.Combine(folder, "installed"));
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (whole) return folder;
        var (code, said) = Run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        code.ShouldBe(0, $"npm ci: {said}");
        File.WriteAllText(Path.Combine(folder, "installed"), "");
        return folder;
    }

    private static (int Code, string Said) Run(string folder, string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + error.GetAwaiter().GetResult());
    }
}
