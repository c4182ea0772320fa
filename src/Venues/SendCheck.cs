using CSMultiConnector.Domain.Connectors;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Venues;

/// <summary>
/// Whether one order may still leave. Made when a submission begins, asked as the last act before the first byte: its validity and the right
/// to trade must both hold, by the wall clock and by the monotonic one, since a process may have been stopped and a clock been set in between.
/// </summary>
public sealed class SendCheck
{
    private readonly OrderRequest _order;
    private readonly TimeProvider _time;
    private readonly IAccountLease _lease;
    private readonly long _madeAt;
    private readonly TimeSpan _validFor;

    /// <summary>Begins to measure.</summary>
    /// <param name="order">The order as it was decided.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="lease">The right to trade.</param>
    public SendCheck(OrderRequest order, TimeProvider time, IAccountLease lease)
    {
        (_order, _time, _lease) = (order, time, lease);
        _madeAt = time.GetTimestamp();
        _validFor = order.NotAfter - time.GetUtcNow();
        Order = lease.EndsAt is { } end && end < order.NotAfter ? order with { NotAfter = end } : order;
    }

    /// <summary>The order as the venue is to hear it: what the venue knows as its expiry is never beyond the end of the right to trade.</summary>
    public OrderRequest Order { get; }

    /// <summary>How long the order is still valid, by whichever clock says less; the venue is told of no longer time.</summary>
    public TimeSpan Left
    {
        get
        {
            var wall = Order.NotAfter - _time.GetUtcNow();
            var monotonic = _validFor - (_order.NotAfter - Order.NotAfter) - _time.GetElapsedTime(_madeAt);
            return wall < monotonic ? wall : monotonic;
        }
    }

    /// <summary>Why not one byte may leave now; null = it may.</summary>
    public SubmitOutcome.DeniedLocally? Refusal()
    {
        // No try is used: not this order is wrong, but its sender.
        if (!_lease.IsHeld) return Denied(RejectionClass.Wait, "no-lease", $"{_order.Instrument}: this host no longer has the right to trade; nothing was sent.");
        var over = _time.GetUtcNow() > _order.NotAfter || _time.GetElapsedTime(_madeAt) > _validFor;
        return over ? Denied(RejectionClass.Transient, "expired", $"{_order.Instrument}: the order's validity ended before it was sent; a new one is needed.") : null;
    }

    /// <summary>A local refusal.</summary>
    public static SubmitOutcome.DeniedLocally Denied(RejectionClass kind, string code, string text) => new(new Rejection(kind, code, text));
}
