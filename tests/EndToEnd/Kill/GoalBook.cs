namespace CSMultiConnector.EndToEnd.Tests.Kill;

/// <summary>A leg as the venue knows it: where, what, which side (<c>net</c>, <c>long</c>, <c>short</c>).</summary>
internal readonly record struct VenueLeg(string Product, string Account, string Instrument, string Side);

/// <summary>
/// What every leg should hold, worked out from the deals alone and without a line of the product: lots summed by stream, symbol and side.
/// Kept beside it: how many deals touched a leg and how far they moved it in all, which is the most that it may ever have traded.
/// </summary>
internal sealed class GoalBook
{
    /// <summary>The part of the robot's lots that the spot connector copies.</summary>
    public const decimal SpotMultiplier = 0.5m;

    /// <summary>The lot step of everything here.</summary>
    public const decimal Step = 0.01m;

    private readonly Dictionary<VenueLeg, decimal> _exact = [];
    private readonly Dictionary<VenueLeg, (int Deals, decimal Lots)> _moved = [];
    private readonly Dictionary<(string Symbol, long Magic), decimal> _netting = [];

    /// <summary>Every leg that a deal touched.</summary>
    public IReadOnlyCollection<VenueLeg> Legs => _moved.Keys;

    /// <summary>A deal of the netting account. When it leaves the account flat in the symbol, no stream holds anything of it.</summary>
    public void Netting(long magic, string symbol, decimal lots)
    {
        var robot = _netting.GetValueOrDefault((symbol, KillWorld.Robot));
        _netting[(symbol, magic)] = _netting.GetValueOrDefault((symbol, magic)) + lots;
        var all = _netting.Keys.Where(k => k.Symbol == symbol).ToArray();
        if (all.Sum(k => _netting[k]) == 0m)
            foreach (var stream in all) _netting[stream] = 0m;

        Move(new VenueLeg("futures", "main", symbol, "net"), lots);
        var moved = _netting.GetValueOrDefault((symbol, KillWorld.Robot)) - robot;
        if (moved != 0m) Move(new VenueLeg("spot", "main", symbol, "net"), moved * SpotMultiplier);
    }

    /// <summary>A deal of the hedging account; a long grows by buying, a short by selling.</summary>
    public void Hedging(string symbol, string side, decimal lots) => Move(new VenueLeg("futures", "hedge", symbol, side), lots);

    /// <summary>What the leg should hold.</summary>
    public decimal GoalOf(VenueLeg leg)
    {
        var exact = _exact.GetValueOrDefault(leg);
        if (leg.Product == "spot" && exact < 0m) return 0m;
        return decimal.Truncate(exact / Step) * Step;
    }

    /// <summary>Deals that touched it, and the sum of what each moved.</summary>
    public (int Deals, decimal Lots) MovedBy(VenueLeg leg) => _moved.GetValueOrDefault(leg);

    private void Move(VenueLeg leg, decimal lots)
    {
        _exact[leg] = _exact.GetValueOrDefault(leg) + lots;
        var (deals, moved) = _moved.GetValueOrDefault(leg);
        _moved[leg] = (deals + 1, moved + Math.Abs(lots));
    }
}
