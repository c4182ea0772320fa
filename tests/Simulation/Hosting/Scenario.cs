using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Simulation.Bugs;
using CSMultiConnector.Simulation.Kernel;
using CSMultiConnector.Simulation.Venue;

namespace CSMultiConnector.Simulation.Hosting;

/// <summary>Everything about a history that is not chance: drawn from its seed, or written down by a test.</summary>
internal sealed record Scenario
{
    public required ulong Seed { get; init; }

    public VenueTraits Venue { get; init; } = new();

    public int Symbols { get; init; } = 1;

    public int Streams { get; init; } = 1;

    public bool SyncAtStartup { get; init; }

    public bool KeepForeign { get; init; }

    public int OrderTimeoutSeconds { get; init; } = 20;

    public int ValiditySeconds { get; init; } = 5;

    public int MaxOrdersPerMinute { get; init; } = 30;

    /// <summary>In steps, per leg and per stream.</summary>
    public int HeldBefore { get; init; }

    public int LevelBefore { get; init; }

    /// <summary>How long things happen and go wrong before the faults stop.</summary>
    public TimeSpan Chaos { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest pause between two deals of the terminal, seconds; 0 = one deal after six seconds.</summary>
    public int DealPause { get; init; } = 20;

    public CrashPlan? Crashes { get; init; }

    /// <summary>Null: a swarm of faults.</summary>
    public bool Swarm { get; init; } = true;

    public PlantedBug Bug { get; init; }

    public LegLimits Limits => new(
        3, TimeSpan.FromSeconds(OrderTimeoutSeconds), TimeSpan.FromSeconds(ValiditySeconds), SyncAtStartup, new GuardRails { MaxOrdersPerMinute = MaxOrdersPerMinute });

    public static Scenario Draw(ulong seed, PlantedBug bug = PlantedBug.None)
    {
        var chance = new Prng(seed ^ 0xC5C5_0000_0000_0001UL);
        var venue = VenueTraits.Draw(chance);
        return new Scenario
        {
            Seed = seed,
            Venue = venue,
            Symbols = chance.Between(1, 2),
            Streams = chance.Between(1, 3),
            SyncAtStartup = chance.Chance(0.5),
            KeepForeign = chance.Chance(0.5),
            OrderTimeoutSeconds = chance.Pick(3, 10, 20),
            ValiditySeconds = chance.Pick(1, 2, 5),
            MaxOrdersPerMinute = chance.Pick(5, 30),
            HeldBefore = chance.Chance(0.5) ? chance.Between(-4, 6) : 0,
            LevelBefore = chance.Chance(0.5) ? chance.Between(-4, 6) : 0,
            Chaos = TimeSpan.FromSeconds(chance.Pick(60, 180, 420)),
            DealPause = chance.Pick(3, 15, 40),
            Bug = bug,
        };
    }
}
