using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>
/// A test that needs a right or a tool of the machine. Root can have both, so there it always runs, and fails with the package's name when a tool is
/// missing; without root it is not discovered where its need is not met.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CSMultiConnector.EndToEnd.Tests.Kill.MachineFactDiscoverer", "CSMultiConnector.EndToEnd.Tests")]
public sealed class MachineFactAttribute : FactAttribute
{
    /// <summary><see cref="Tools.Root"/>, or a Debian package of <see cref="Tools"/>.</summary>
    public required string Needs { get; init; }
}

/// <summary>Finds such a test, or nothing.</summary>
public sealed class MachineFactDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var needs = factAttribute.GetNamedArgument<string>(nameof(MachineFactAttribute.Needs));
        var met = Environment.IsPrivilegedProcess || (needs != Tools.Root && Tools.Find(needs) is not null);
        return met ? new FactDiscoverer(sink).Discover(discoveryOptions, testMethod, factAttribute) : [];
    }
}

/// <summary>What the machine has to have.</summary>
internal static class Tools
{
    public const string Root = "root";
    public const string Strace = "strace";
    public const string FakeTime = "libfaketime";
    public const string Compiler = "g++ libssl-dev libgtest-dev";

    /// <summary>The tool's file, or a failure that names its package.</summary>
    public static string Require(string package) =>
        Find(package) ?? throw new InvalidOperationException($"{package} is not installed: apt-get install {package} (test.sh does it when run as root).");

    /// <summary>The tool's file; null when it is not installed.</summary>
    public static string? Find(string package) => package switch
    {
        Strace => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, Strace)).FirstOrDefault(File.Exists),
        FakeTime => Directory.GetDirectories("/usr/lib").Select(f => Path.Combine(f, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists),
        Compiler => Mql5.Toolchain.Compiler.Missing().Count == 0 ? Mql5.Toolchain.Compiler.Path : null,
        _ => throw new ArgumentOutOfRangeException(nameof(package), package, "no tool"),
    };

    /// <summary>Runs a command that has to work.</summary>
    public static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {said}");
    }
}
