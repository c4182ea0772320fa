namespace CSMultiConnector.Simulation.Checking;

/// <summary>The checker's own books of one leg: what is true at the venue, what the journal says, what the leg was told.</summary>
internal sealed class LegBook(LegFacts facts)
{
    private readonly Dictionary<string, TrueOrder> _orders = [];
    private readonly List<(DateTimeOffset At, decimal Others)> _others = [];

    public LegFacts Facts { get; } = facts;

    // ---- true ----

    public decimal Position { get; private set; }

    /// <summary>What our fills moved, fees taken off.</summary>
    public decimal Ours { get; private set; }

    public IEnumerable<KeyValuePair<string, TrueOrder>> Orders => _orders;

    // ---- journaled ----

    public bool HasBaseline { get; set; }

    public decimal Foreign { get; set; }

    public decimal Uncopied { get; set; }

    public decimal Copied { get; set; }

    public decimal Drift { get; set; }

    public IntentFacts? Open { get; set; }

    public string? Fault { get; set; }

    public Dictionary<string, IntentFacts> Intents { get; } = [];

    public Dictionary<string, (decimal Filled, decimal Fee)> Fills { get; } = [];

    /// <summary>Increasing orders: when truly, what the clock was off then, in which run of the leg.</summary>
    public List<(DateTimeOffset At, TimeSpan Skew, int Run)> Increases { get; } = [];

    /// <summary>A fill that only a settlement by readings explains: the next journaled event must be it.</summary>
    public string? FillWithoutEvidence { get; set; }

    public int OrdersSinceCause { get; set; }

    // ---- told ----

    public Dictionary<string, ToldLevel> Levels { get; } = [];

    public bool GateOpen { get; set; }

    public int ReadingsSinceDoubt { get; set; }

    public DateTimeOffset DoubtedAt { get; private set; }

    public bool PersonLooked { get; set; }

    public HashSet<string> ClosedReports { get; } = [];

    public HashSet<string> Refused { get; } = [];

    public HashSet<string> Denied { get; } = [];

    public Dictionary<string, DateTimeOffset> NotFound { get; } = [];

    /// <summary>When the running incarnation began.</summary>
    public DateTimeOffset Since { get; set; }

    public int Run { get; private set; }

    /// <summary>What the clock was off when the running incarnation began.</summary>
    public TimeSpan Skew { get; private set; }

    public decimal Actual => Foreign + Drift + Copied;

    public decimal Target
    {
        get
        {
            var sum = Levels.Values.Sum(l => Facts.Side switch { "Long" => l.Long, "Short" => -l.Short, _ => l.Long - l.Short });
            if (Facts.Spot && sum < 0m) sum = 0m;
            return sum - (sum % Facts.Step);
        }
    }

    public decimal Goal => Clamp(Target - Uncopied + Foreign + Drift);

    public TrueOrder Order(string id)
    {
        if (!_orders.TryGetValue(id, out var order)) _orders[id] = order = new TrueOrder();
        return order;
    }

    public void Holds(DateTimeOffset now, decimal position)
    {
        Position = position;
        _others.Add((now, position));
    }

    public void OursMoved(decimal change)
    {
        Position += change;
        Ours += change;
    }

    public void OthersMoved(DateTimeOffset now, decimal change)
    {
        Position += change;
        _others.Add((now, _others[^1].Others + change));
    }

    /// <summary>True when somebody else's part was this at some moment since then.</summary>
    public bool OthersWere(decimal others, DateTimeOffset since)
    {
        for (var i = _others.Count - 1; i >= 0; i--)
        {
            if (_others[i].Others == others) return true;
            if (_others[i].At <= since) return false;
        }

        return false;
    }

    /// <summary>
    /// Increasing orders within the minute before that true time. Those of earlier runs count unless the clock was set forward since: a restart has only it.
    /// </summary>
    public int IncreasesWithinAMinute(DateTimeOffset now) =>
        Increases.Count(i => i.At > now - TimeSpan.FromMinutes(1) && i.At <= now && (i.Run == Run || i.Skew >= Skew));

    /// <summary>Only a reading that begins from now on says what is held.</summary>
    public void Doubted(DateTimeOffset now) => (ReadingsSinceDoubt, DoubtedAt) = (0, now);

    public decimal Clamp(decimal goal) => Facts.Side switch
    {
        "Short" => Math.Min(0m, goal),
        "Long" => Math.Max(0m, goal),
        _ => Facts.Spot ? Math.Max(0m, goal) : goal,
    };

    /// <summary>Forgets what dies with the process.</summary>
    public void Restarted(DateTimeOffset now, DateTimeOffset processEnded, TimeSpan skew)
    {
        (Since, Skew) = (now, skew);
        Run++;
        Levels.Clear();
        GateOpen = false;
        
        // A leg with a past believes no reading that began before it did.
        Doubted(HasBaseline ? now : processEnded);
        PersonLooked = false;
        OrdersSinceCause = 0;
        ClosedReports.Clear();
        Refused.Clear();
        Denied.Clear();
        NotFound.Clear();
    }
}
