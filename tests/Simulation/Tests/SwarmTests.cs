using System.Diagnostics;
using System.Globalization;
using CSMultiConnector.Simulation.Checking;
using CSMultiConnector.Simulation.Hosting;
using CSMultiConnector.Simulation.Kernel;

namespace CSMultiConnector.Simulation.Tests;

public sealed class SwarmTests
{
    private const ulong Seeds = 500;

    [Fact]
    public void Five_hundred_histories_break_no_rule_and_converge_and_each_run_twice_is_the_same()
    {
        var faults = new int[Enum.GetValues<Fault>().Length];
        var crashes = new int[CrashPlan.Boundaries];
        var merge = new Lock();
        Parallel.For(1L, (long)Seeds + 1, seed =>
        {
            var outcome = Runner.RunTwice((ulong)seed);
            outcome.Failure.ShouldBeNull($"--seed {seed} --trace");
            lock (merge)
            {
                for (var i = 0; i < faults.Length; i++) faults[i] += outcome.Faults[i];
                for (var i = 0; i < crashes.Length; i++) crashes[i] += outcome.Crashes[i];
            }
        });

        // A fault that never strikes proves nothing.
        Enum.GetValues<Fault>().Where(f => faults[(int)f] == 0).ShouldBeEmpty();
        Enum.GetValues<Boundary>().Where(b => crashes[(int)b] == 0).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_process_tells_the_same_histories()
    {
        // Strings hash differently in each process: no history may depend on it.
        const ulong few = 40;
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(Runner).Assembly.Location, "--seeds", few.ToString(CultureInfo.InvariantCulture), "--hash" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        }).ShouldNotBeNull();
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var ours = 0UL;
        for (var seed = 1UL; seed <= few; seed++) ours ^= Runner.Run(seed).Hash;
        told.Trim().ShouldBe($"{ours:x16}");
    }

    [Fact]
    public void Different_seeds_are_different_histories() =>
        Enumerable.Range(1, 50).Select(s => Runner.Run((ulong)s).Hash).Distinct().Count().ShouldBe(50);

    [Fact]
    public void Seeds_that_once_broke_a_rule_break_none_any_more()
    {
        var seeds = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "regressions.txt"))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(w => w.Length > 0 && !w[0].StartsWith('#'))
            .Select(w => ulong.Parse(w[0], CultureInfo.InvariantCulture))
            .ToList();
        seeds.ShouldNotBeEmpty();
        foreach (var seed in seeds) Runner.Run(seed).Failure.ShouldBeNull($"--seed {seed} --trace");
    }

    [Fact]
    public void The_checker_knows_no_type_of_the_product()
    {
        const System.Reflection.BindingFlags all = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static
            | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly;
        var types = typeof(Checker).Assembly.GetTypes().Where(t => t.Namespace == typeof(Checker).Namespace).ToList();
        types.Count.ShouldBeGreaterThan(4);
        var used = types.SelectMany(t => t.GetMethods(all).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)
                .Concat(m.GetMethodBody()?.LocalVariables.Select(l => l.LocalType) ?? []))
            .Concat(t.GetFields(all).Select(f => f.FieldType)));
        used.SelectMany(t => t.GetGenericArguments().Append(t)).Select(t => t.Assembly.GetName().Name).Distinct()
            .ShouldNotContain(a => a!.StartsWith("CSMultiConnector", StringComparison.Ordinal) && !a.Contains("Simulation", StringComparison.Ordinal));
    }

    [Fact]
    public void A_history_can_be_read_along()
    {
        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        var read = Runner.Run(7, reader: lines);
        lines.ToString().ShouldContain("order leaves");
        read.Hash.ShouldBe(Runner.Run(7).Hash, "reading along changes nothing");
    }
}
