namespace CSMultiConnector.Simulation.Checking;

/// <summary>A rule was broken: the history that led there is a finding.</summary>
internal sealed class RuleBroken : Exception
{
    public RuleBroken(string rule)
        : base(rule)
    {
    }
}

/// <summary>What the checker needs to know of a leg, in contracts.</summary>
internal sealed record LegFacts(
    string Leg, bool Spot, string Side, decimal Step, decimal Minimum, decimal? Maximum, bool Crosses, bool ClosesBelowMinimum,
    TimeSpan Quiet, TimeSpan Visibility, TimeSpan Memory, TimeSpan ClockSpan, int MaxOrdersPerMinute);

/// <summary>A source's level as it was told; knowledge by its name.</summary>
internal sealed record ToldLevel(string Source, decimal Long, decimal Short, string Knowledge, long Session, long Seq);

/// <summary>An intent as it was journaled; quantities are signed, and it was decided at that true time.</summary>
internal sealed record IntentFacts(
    string Id, decimal Quantity, bool ReduceOnly, bool Increasing, DateTimeOffset DecidedAt, DateTimeOffset TrueAt, DateTimeOffset NotAfter, decimal Actual, decimal Goal);

/// <summary>What truly became of an order.</summary>
internal sealed class TrueOrder
{
    public int OnItsWay { get; set; }

    public bool Left { get; set; }

    public bool Accepted { get; set; }

    public bool Open { get; set; }

    public decimal Filled { get; set; }

    public decimal Fee { get; set; }

    /// <summary>The venue takes it until then (true time).</summary>
    public DateTimeOffset TakenUntil { get; set; }

    /// <summary>It may still fill.</summary>
    public bool Alive(DateTimeOffset now) => Open || (OnItsWay > 0 && now <= TakenUntil);

    public override string ToString() => $"on its way {OnItsWay}, accepted {Accepted}, open {Open}, filled {Filled}";
}
