using System.Collections.Immutable;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Paper.Matching;

namespace CSMultiConnector.Venues.Paper.Misbehaviour;

/// <summary>Reads what a draw means for one request.</summary>
internal static class DrawnRules
{
    internal static bool Has(this ImmutableArray<PaperRule> drawn, PaperEffect effect) => drawn.Find(effect) is not null;

    internal static PaperRule? Find(this ImmutableArray<PaperRule> drawn, PaperEffect effect) => drawn.FirstOrDefault(r => r.Effect == effect);

    internal static TimeSpan Delay(this ImmutableArray<PaperRule> drawn, PaperEffect effect) =>
        drawn.Where(r => r.Effect == effect).Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Delay);

    internal static FillPlan Fills(this ImmutableArray<PaperRule> drawn)
    {
        var partial = drawn.FirstOrDefault(r => r.Effect is PaperEffect.PartialThenOpen or PaperEffect.PartialThenExpire);
        var refuse = drawn.FirstOrDefault(r => r.Effect is PaperEffect.Reject or PaperEffect.RejectAfterTaking);
        return new FillPlan(
            partial?.Fraction,
            partial?.Effect == PaperEffect.PartialThenExpire,
            partial is { Delay.Ticks: > 0 } ? partial.Delay : null,
            refuse?.Class,
            refuse?.Effect == PaperEffect.RejectAfterTaking);
    }

    internal static Rejection Rejection(this PaperRule rule) =>
        new(rule.Class, "scripted", $"Refused by the misbehaviour script ({rule.Class}).");
}
