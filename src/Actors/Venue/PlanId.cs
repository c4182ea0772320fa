using System.Security.Cryptography;
using System.Text;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Venue;

/// <summary>The id of a plan is made from its orders, so that a yes cannot be given to other ones.</summary>
public static class PlanId
{
    private const int Length = 12;

    /// <summary>Twelve hex digits over leg, instrument, side, quantity and goal of every order.</summary>
    public static string Of(IEnumerable<SyncProposal> orders)
    {
        var text = new StringBuilder();
        foreach (var o in orders) text.Append(o.Leg).Append('|').Append(o.Instrument).Append('|').Append(o.Side).Append('|').Append(o.Quantity).Append('|').Append(o.Goal).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }
}
