using System.Diagnostics;
using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>The property test is tested: each bug of Model/planted.txt, switched on in an EA that has them all, is caught, and only it.</summary>
public sealed class PlantedBugTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static readonly Lazy<Task<string>> s_program = new(() => Task.Run(MakeAsync));

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (var bug in PlantedBugs.Read(BuildPlaces.Default().PlantedList)) names.Add(bug.Name);
        return names;
    }

    [CppTheory]
    [MemberData(nameof(Names))]
    public async Task Is_caught(string name)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var start = new ProcessStartInfo(await s_program.Value, $"--gtest_filter=PlantedBugs/*/{name}") { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        string text;
        try
        {
            text = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        process.ExitCode.ShouldBe(0, text);
        text.ShouldContain("caught by seed");
    }

    [Fact]
    public void A_place_that_is_not_there_once_is_told()
    {
        using var folder = new TemporaryFolder();
        var sources = Path.Combine(folder.Path, "from");
        Directory.CreateDirectory(sources);
        File.WriteAllText(Path.Combine(sources, "A.mqh"), "int a=1;\nint b=1;\nint c=2;\n");
        string? Plant(string old) => PlantedBugs.Plant([new PlantedBug(1, "bug", "", [new PlantedChange("A.mqh", [old], ["PLANTED"])])], sources, Path.Combine(folder.Path, "to"));

        Plant("=1;").ShouldNotBeNull().ShouldContain("A.mqh");
        Plant("=3;").ShouldNotBeNull();
        Plant("c=2").ShouldBeNull();
        File.ReadAllText(Path.Combine(folder.Path, "to", "A.mqh")).ShouldBe("int a=1;\nint b=1;\nint (GlobalVariableGet(\"planted\")==1.0);\n");
    }

    private static async Task<string> MakeAsync()
    {
        var places = BuildPlaces.Default();
        return await new Build(places).RunAsync(BuildParts.Planted) is { } problems ? throw new InvalidOperationException(problems) : places.Planted;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("csmc-planted-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
