using System.Diagnostics;
using System.Text.Json;

namespace CSMultiConnector.Repository.Tests;

/// <summary>One property chooses the engine, and nothing else differs.</summary>
public sealed class EngineSwitchTests
{
    [Theory]
    [InlineData("src/Actors/CSMultiConnector.Actors.csproj", "Akka.Persistence.Sql.Hosting")]
    [InlineData("tests/Actors/CSMultiConnector.Actors.Tests.csproj", "Akka.TestKit.Xunit2")]
    public void With_AkkaPackages_the_genuine_packages_are_referenced_and_ours_are_not(string project, string package)
    {
        var (own, genuine) = (References(project, akkaPackages: false), References(project, akkaPackages: true));

        own.ShouldContain(r => r.Contains("ActorRuntime", StringComparison.Ordinal));
        own.ShouldNotContain(r => r.StartsWith("Akka.", StringComparison.Ordinal));
        genuine.ShouldContain(package);
        genuine.ShouldNotContain(r => r.Contains("ActorRuntime", StringComparison.Ordinal));
        own.Where(r => !r.Contains("ActorRuntime", StringComparison.Ordinal)).ShouldBe(genuine.Where(r => !r.StartsWith("Akka.", StringComparison.Ordinal)));
    }

    private static string[] References(string project, bool akkaPackages)
    {
        using var msbuild = Process.Start(new ProcessStartInfo(
            "dotnet", ["msbuild", Path.Combine(Tree.Root, project), $"-p:AkkaPackages={(akkaPackages ? "true" : "false")}", "-getItem:PackageReference", "-getItem:ProjectReference"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var output = msbuild.StandardOutput.ReadToEnd();
        msbuild.WaitForExit();
        msbuild.ExitCode.ShouldBe(0, output);
        using var json = JsonDocument.Parse(output);
        return [.. json.RootElement.GetProperty("Items").EnumerateObject()
            .SelectMany(kind => kind.Value.EnumerateArray())
            .Select(item => item.GetProperty("Identity").GetString()!.Replace('\\', '/').Replace(Tree.Root.Replace('\\', '/') + "/", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }
}
