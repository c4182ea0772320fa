using System.Collections.Immutable;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Instruments;
using FsCheck;
using FsCheck.Fluent;

namespace CSMultiConnector.Domain.Tests.Legs.Properties;

/// <summary>What happens in a scenario. A and B are small numbers that each kind reads in its own way.</summary>
internal enum Kind
{
    Level,
    Wait,
    SubmitFate,
    LookupFate,
    CancelFate,
    ReadingFate,
    Manual,
    Crash,
    Gate,
    Sync,
    Knowledge,
    FillOpen,
    Scale,
    Doubt,
    ClearFault,
    Redeliver,
    TakenByVenue,
}

/// <summary>One happening.</summary>
internal sealed record Act(Kind Kind, int A, int B)
{
    public override string ToString() => $"{Kind}({A},{B})";
}

/// <summary>What a scenario starts from; amounts in lot steps.</summary>
internal sealed record Setup(
    ProductKind Product,
    PositionSide Side,
    decimal Step,
    int MinSteps,
    int? MaxSteps,
    bool Crosses,
    bool ClosesBelowMinimum,
    decimal FeeRate,
    int HeldSteps,
    int PreexistingHalfSteps,
    bool SyncAtStartup,
    bool KeepForeign,
    int Sources);

/// <summary>A random run of a leg: shrinks by leaving happenings out.</summary>
internal sealed record Scenario(Setup Setup, ImmutableArray<Act> Acts)
{
    public override string ToString() => $"{Setup}\n  {string.Join(" ", Acts)}";

    public static Arbitrary<Scenario> Any { get; } = Arb.From(
        from setup in Setups
        from acts in Gen.ArrayOf(Acts_)
        select new Scenario(setup, [.. acts]),
        Shrink);

    private static Gen<Act> Acts_ => Gen.Frequency(
        (24, One(Kind.Level, -14, 14)),
        (24, One(Kind.Wait, 0, 9)),
        (16, One(Kind.SubmitFate, 0, 100)),
        (5, One(Kind.LookupFate, 0, 3)),
        (5, One(Kind.CancelFate, 0, 4)),
        (8, One(Kind.ReadingFate, 0, 3)),
        (3, One(Kind.Manual, -4, 4)),
        (6, One(Kind.Crash, 0, 2)),
        (4, One(Kind.Gate, 0, 3)),
        (5, One(Kind.Sync, 0, 31)),
        (5, One(Kind.Knowledge, 0, 7)),
        (6, One(Kind.FillOpen, 0, 4)),
        (1, One(Kind.Scale, 0, 2)),
        (3, One(Kind.Doubt, 0, 1)),
        (4, One(Kind.ClearFault, 0, 1)),
        (3, One(Kind.Redeliver, 0, 5)),
        (1, One(Kind.TakenByVenue, 0, 1)));

    private static Gen<Setup> Setups =>
        from shape in Gen.Elements(
            (ProductKind.Spot, PositionSide.Net), (ProductKind.Derivative, PositionSide.Net),
            (ProductKind.Derivative, PositionSide.Net), (ProductKind.Derivative, PositionSide.Long), (ProductKind.Derivative, PositionSide.Short))
        from step in Gen.Elements(1m, 0.1m, 0.001m, 5m)
        from min in Gen.Elements(0, 1, 1, 3)
        from max in Gen.Elements<int?>(null, null, 4, 7)
        from flags in Gen.Choose(0, 31)
        from holding in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(-6, 6)))
        from preexisting in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(-12, 12)))
        from sources in Gen.Choose(1, 2)
        select new Setup(
            shape.Item1, shape.Item2, step, min, max, (flags & 1) == 0, (flags & 2) == 0, shape.Item1 == ProductKind.Spot && (flags & 4) == 0 ? 0.001m : 0m,
            WithinSide(shape.Item1, shape.Item2, holding), preexisting, (flags & 8) == 0, (flags & 16) == 0, sources);

    private static Gen<Act> One(Kind kind, int least, int most) =>
        from a in Gen.Choose(least, most)
        from b in Gen.Choose(0, 9)
        select new Act(kind, a, b);

    private static int WithinSide(ProductKind product, PositionSide side, int held) =>
        side == PositionSide.Short ? -Math.Abs(held) : side == PositionSide.Long || product == ProductKind.Spot ? Math.Abs(held) : held;

    private static IEnumerable<Scenario> Shrink(Scenario s)
    {
        for (var size = s.Acts.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= s.Acts.Length; at += size)
                yield return s with { Acts = s.Acts.RemoveRange(at, size) };
        }
    }
}
