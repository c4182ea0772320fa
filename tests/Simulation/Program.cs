using System.Diagnostics;
using System.Globalization;
using CSMultiConnector.Simulation;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;

// --seeds N [--from S] [--repeat]: many histories, in parallel, each run twice when asked;  --seed S [--trace] [--bug Name]: one history, to read along;
// --hash: the hash of all traces alone;  --bugs: where each planted bug is caught first.
var seeds = Option("--seeds") is { } n ? ulong.Parse(n, CultureInfo.InvariantCulture) : 1000UL;
var from = Option("--from") is { } f ? ulong.Parse(f, CultureInfo.InvariantCulture) : 1UL;
var bug = Option("--bug") is { } b ? Enum.Parse<PlantedBug>(b) : PlantedBug.None;

if (Option("--seed") is { } one)
{
    var outcome = Runner.Run(ulong.Parse(one, CultureInfo.InvariantCulture), bug, args.Contains("--trace") ? Console.Out : null);
    Console.WriteLine($"seed {outcome.Seed}: {outcome.Steps} steps, trace {outcome.Hash:x16}, {outcome.Failure ?? "all rules held"}");
    return outcome.Failure is null ? 0 : 1;
}

if (args.Contains("--bugs"))
{
    foreach (var planted in Enum.GetValues<PlantedBug>().Where(p => p != PlantedBug.None))
    {
        var caught = Enumerable.Range(1, 1000).Select(s => Runner.Run((ulong)s, planted)).FirstOrDefault(o => o.Failure is not null);
        Console.WriteLine($"{planted,-34} seed {caught?.Seed,4}  {caught?.Failure?.Split(Environment.NewLine)[0] ?? "NOT CAUGHT"}");
    }

    return 0;
}

var watch = Stopwatch.StartNew();
var faults = new int[Enum.GetValues<Fault>().Length];
var crashes = new int[CrashPlan.Boundaries];
var failed = new List<Outcome>();
var merge = new Lock();
var all = 0UL;
var repeat = args.Contains("--repeat");
Parallel.For((long)from, (long)(from + seeds), seed =>
{
    var outcome = repeat ? Runner.RunTwice((ulong)seed, bug) : Runner.Run((ulong)seed, bug);
    lock (merge)
    {
        all ^= outcome.Hash;
        for (var i = 0; i < faults.Length; i++) faults[i] += outcome.Faults[i];
        for (var i = 0; i < crashes.Length; i++) crashes[i] += outcome.Crashes[i];
        if (outcome.Failure is not null) failed.Add(outcome);
    }
});

if (args.Contains("--hash"))
{
    Console.WriteLine($"{all:x16}");
    return failed.Count == 0 ? 0 : 1;
}

var seconds = watch.Elapsed.TotalSeconds;
Console.WriteLine("faults that struck:");
for (var i = 0; i < faults.Length; i++) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(Fault)i,-24}{faults[i],10}"));
Console.WriteLine("crashes at:");
for (var i = 0; i < crashes.Length; i++) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(Boundary)i,-24}{crashes[i],10}"));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fault sites struck: {faults.Count(c => c > 0)} of {faults.Length}; crash boundaries: {crashes.Count(c => c > 0)} of {crashes.Length}"));
foreach (var outcome in failed.OrderBy(o => o.Seed).Take(20)) Console.WriteLine($"FAILED  --seed {outcome.Seed} --trace : {outcome.Failure}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seeds} seeds in {seconds:0.0} s ({seeds / seconds:0} seeds/s), {failed.Count} failed, all traces {all:x16}"));
return failed.Count == 0 ? 0 : 1;

string? Option(string name) => Array.IndexOf(args, name) is var i && i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
