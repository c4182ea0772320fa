using System.Globalization;
using System.Security.Cryptography;

namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>What is left to chance, and how a person takes it back.</summary>
internal static class Chance
{
    public const string SeedVariable = "CSMC_KILL_SEED";
    public const string KillsVariable = "CSMC_KILLS";

    public const int KillsInTheSuite = 100;

    /// <summary>The seed of this run: the variable's, or a new one.</summary>
    public static int Seed() => Number(SeedVariable) ?? RandomNumberGenerator.GetInt32(1, 1_000_000_000);

    /// <summary>How often the host is killed.</summary>
    public static int Kills() => Number(KillsVariable) ?? KillsInTheSuite;

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;
}

/// <summary>Tests that stop, starve and kill processes: not beside each other.</summary>
[CollectionDefinition(nameof(OneAfterTheOther))]
public sealed class OneAfterTheOther;
