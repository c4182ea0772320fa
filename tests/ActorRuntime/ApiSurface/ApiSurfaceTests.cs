using Akka.Actor;
using Akka.TestKit;

namespace CSMultiConnector.ActorRuntime.Tests.ApiSurface;

/// <summary>The engine offers nothing that Akka.NET does not, and what it offers is written down in <c>api.txt</c>.</summary>
/// <remarks>
/// To write the file anew after the surface has grown, run the tests with <c>CSMC_WRITE_API=1</c> where the full lists stand beside
/// the project. With the genuine packages the same file says what they must offer.
/// </remarks>
public sealed class ApiSurfaceTests
{
    private static readonly Type[] OneOfEachAssembly =
    [
        typeof(ActorSystem), typeof(TestKitBase), typeof(Akka.TestKit.Xunit2.TestKit), typeof(Akka.Persistence.Recovery), typeof(Akka.Hosting.ActorRegistry),
        typeof(Akka.DependencyInjection.DependencyResolver), typeof(Akka.Persistence.Hosting.PersistenceMode),
        typeof(Akka.Persistence.Sql.Hosting.DatabaseMapping), typeof(Akka.Persistence.Sql.Config.TagMode),
    ];

    private static readonly Lazy<string[]> Actual = new(() => OneOfEachAssembly
        .Select(type => type.Assembly)
        .Distinct()
        .SelectMany(ApiLister.List)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .ToArray());

    private static bool IsGenuine => typeof(ActorSystem).Assembly.GetName().Name == "Akka";

    [Fact]
    public void Nothing_is_offered_that_the_full_lists_do_not_have()
    {
        // Without the lists beside the project, the file of the project stands for the part of them that counts.
        var listed = ReferenceApi.Folder() is { } folder ? ReferenceApi.Read(folder) : [.. Known()];
        listed.Count.ShouldBeGreaterThan(500);
        if (!IsGenuine)
            Actual.Value.Where(line => !listed.Contains(line) && !IsOfUnlistedAssembly(line)).ShouldBeEmpty();
    }

    [Fact]
    public void The_written_surface_is_the_actual_one()
    {
        if (Environment.GetEnvironmentVariable("CSMC_WRITE_API") == "1" && ReferenceApi.Folder() is not null)
            File.WriteAllLines(SourceFile(), Actual.Value);
        var known = Known();
        known.ShouldNotBeEmpty();
        known.Except(Actual.Value, StringComparer.Ordinal).ShouldBeEmpty();
        if (!IsGenuine)
            Actual.Value.Except(known, StringComparer.Ordinal).ShouldBeEmpty();
    }

    // The lists name this enumeration in a signature but do not list the assembly that it is in.
    private static bool IsOfUnlistedAssembly(string line) => line.Contains("Akka.Persistence.Sql.Config.TagMode", StringComparison.Ordinal);

    private static string[] Known() => File.ReadAllLines(SourceFile());

    private static string SourceFile()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "ActorRuntime", "ApiSurface", "api.txt");
            if (File.Exists(candidate))
                return candidate;
        }
        throw new FileNotFoundException("tests/ActorRuntime/ApiSurface/api.txt is missing above " + AppContext.BaseDirectory);
    }
}
