using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Domain.Orders;

namespace CSMultiConnector.Actors.Legs;

/// <summary>What the shell of a leg needs from around it. An actor supplies it in the host, a virtual world in the simulation.</summary>
public interface ILegPorts
{
    /// <summary>Both clocks, a version larger than any before, and a client order id that was never given out before, whether an intent takes it or not.</summary>
    Moment NextMoment();

    /// <summary>Stores the events durably and in one piece, then calls back. No input may be handed to the shell in between.</summary>
    void Persist(IReadOnlyList<JournaledEvent> events, Action stored);

    /// <summary>Sends the order; the answer comes back as <see cref="LegInput.SubmitAnswered"/>, always, and after it nothing of the order is written any more.</summary>
    void Submit(OrderRequest order);

    /// <summary>Looks the order up; the answer comes back as <see cref="LegInput.LookupAnswered"/>, always.</summary>
    void LookUp(OrderKey order);

    /// <summary>Cancels the order; the answer comes back as <see cref="LegInput.CancelAnswered"/>, always.</summary>
    void Cancel(OrderKey order);

    /// <summary>Asks for a new reading of the account.</summary>
    void RequestReading(string why);

    /// <summary>The venue refuses the account as such.</summary>
    void ReportAccountProblem(Rejection rejection);

    /// <summary>Funds are short.</summary>
    void ReportFundsShort(Rejection rejection);

    /// <summary>Tick at this moment of the monotonic clock at the latest (null: no tick needed). Replaces what was asked before.</summary>
    void WakeAt(Uptime? moment);

    /// <summary>The leg changed, by events (stored, their effects carried out by now) or, when there are none, by time alone.</summary>
    void Changed(LegState state, IReadOnlyList<LegEvent> events);
}
