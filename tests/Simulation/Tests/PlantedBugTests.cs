using CSMultiConnector.Simulation.Bugs;

namespace CSMultiConnector.Simulation.Tests;

/// <summary>The tester is tested: each mistake that is put in on purpose is found.</summary>
public sealed class PlantedBugTests
{
    private const ulong Seeds = 1000;

    public static TheoryData<string> Bugs => [.. Enum.GetNames<PlantedBug>().Where(n => n != nameof(PlantedBug.None))];

    [Fact]
    public void There_are_at_least_twenty() => Bugs.Count.ShouldBeGreaterThanOrEqualTo(20);

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Each_is_caught_by_a_rule_within_a_thousand_seeds(string name)
    {
        var bug = Enum.Parse<PlantedBug>(name);
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            if (!Runner.Run(seed, bug).RuleBroken) continue;
            Runner.Run(seed).Failure.ShouldBeNull($"seed {seed} breaks a rule without the bug too");
            return;
        }

        Assert.Fail($"{name} was not caught within {Seeds} seeds");
    }
}
