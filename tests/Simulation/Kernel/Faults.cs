namespace CSMultiConnector.Simulation.Kernel;

/// <summary>Where the world may go wrong. Each seed draws which of these it knows, and how often they strike.</summary>
internal enum Fault
{
    RequestDelayed,
    RequestDropped,
    RequestDuplicated,
    RequestSplit,
    ConnectionReset,
    ResponseDropped,
    ResponseDelayed,
    ResponseSplit,
    ServerErrorBefore,
    ServerErrorAfter,
    RateLimited,
    Maintenance,
    TransientRefusal,
    FundsShort,
    ModeSwitched,
    Delisted,
    Closed,
    MaximumLowered,
    WaitsLocally,
    SlowFill,
    PartialFill,
    RestExpires,
    Rests,
    LateVisibility,
    StaleReading,
    ReadingFails,
    StaleLookup,
    LookupIncomplete,
    CancelRefused,
    CancelSlow,
    StreamDropped,
    StreamDuplicated,
    StreamDelayed,
    StreamStalled,
    LineLost,
    ForeignTrade,
    Liquidation,
    SecondHost,
    ClockWanders,
    ClockJumpsAtRestart,
    HostCrash,
    VenueCrash,
    WriteLost,
    WriteTorn,
    WriteSlow,
    DiskFull,
    DiskFullButStored,
    RecoveryFromSnapshot,
    FeedLost,
    FeedDelayed,
    FeedDuplicated,
    LevelsReordered,
    LevelsDuplicated,
    HalfLoaded,
    Unlisted,
    Pause,
    SyncByHand,
    TerminalCrash,
    ClockJumps,
    StoppedBeforeCheck,
    StoppedAfterCheck,
}

/// <summary>
/// Decides whether a fault strikes, and counts that it did. Each fault has chance of its own, so that a new one (at the end of the list) does not change
/// what the others do with a seed.
/// </summary>
internal sealed class FaultDice
{
    private static readonly int s_faults = Enum.GetValues<Fault>().Length;

    private readonly double[] _rates = new double[s_faults];
    private readonly Prng[] _chances = new Prng[s_faults];

    /// <summary>How often each fault struck.</summary>
    public int[] Struck { get; } = new int[s_faults];

    /// <summary>False once the chaos is over: nothing strikes any more.</summary>
    public bool On { get; set; } = true;

    /// <summary>A world where nothing goes wrong by itself.</summary>
    public static FaultDice None() => new();

    /// <summary>Swarm: each fault is in this history or not, at a rate of its own.</summary>
    public static FaultDice Swarm(ulong seed)
    {
        var dice = new FaultDice();
        for (var i = 0; i < s_faults; i++)
        {
            var chance = dice._chances[i] = new Prng(seed ^ ((ulong)(i + 1) << 40)).Fork();
            if (chance.Chance(0.35)) dice._rates[i] = chance.Pick(0.02, 0.1, 0.3) * Scale((Fault)i);
        }

        return dice;
    }

    public bool Strikes(Fault fault)
    {
        if (!On || _rates[(int)fault] == 0.0 || !_chances[(int)fault].Chance(_rates[(int)fault])) return false;
        Struck[(int)fault]++;
        return true;
    }

    // A crash is asked for at every effect boundary: at the common rates no history would get anywhere.
    private static double Scale(Fault fault) => fault switch
    {
        Fault.HostCrash or Fault.VenueCrash or Fault.TerminalCrash => 0.1,
        Fault.DiskFull or Fault.ModeSwitched or Fault.Delisted => 0.3,
        Fault.RecoveryFromSnapshot => 10.0,
        Fault.LateVisibility or Fault.ClockJumpsAtRestart or Fault.WriteLost or Fault.WriteTorn or Fault.DiskFullButStored => 2.0,
        _ => 1.0,
    };
}
