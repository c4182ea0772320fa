using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Legs;

/// <summary>
/// Carries out what the heart decides, in the only safe order: journal, then state, then effects. Has no thread, no clock
/// and no Akka type; the position actor and the deterministic simulation run the same class.
/// </summary>
public sealed class LegShell(LegId leg, ILegPorts ports)
{
    private bool _persisting;

    /// <summary>The leg as far as it is journaled.</summary>
    public LegState State { get; private set; } = new(leg);

    /// <summary>Replays one journaled event; before the first input only.</summary>
    public void Recover(JournaledEvent e) => State = State.Apply(e);

    /// <summary>Starts from a snapshot; before any event.</summary>
    public void Recover(LegSnapshot snapshot) => State = snapshot.ToState(leg);

    /// <summary>Handles one input.</summary>
    /// <exception cref="InvalidOperationException">Events of an earlier input are still being stored.</exception>
    public void Handle(LegInput input)
    {
        if (_persisting) throw new InvalidOperationException($"Leg {leg} got {input.GetType().Name} while its events were being stored.");
        var decision = Heart.Decide(State, input, ports.NextMoment());
        JournaledEvent[] journaled = [.. decision.Journaled];
        if (journaled.Length == 0)
        {
            Complete(decision, input);
            return;
        }

        _persisting = true;
        ports.Persist(journaled, () =>
        {
            _persisting = false;
            Complete(decision, input);
        });
    }

    private void Complete(Decision decision, LegInput input)
    {
        State = decision.State;
        foreach (var effect in decision.Effects) CarryOut(effect);
        ports.WakeAt(decision.WakeAt);

        // Time alone may have ended what the leg waited for: then nothing happened, and yet it has nothing left to do.
        if (!decision.Events.IsEmpty || input is LegInput.Tick) ports.Changed(State, decision.Events);
    }

    private void CarryOut(LegEffect effect)
    {
        switch (effect)
        {
            case LegEffect.Submit submit:
                ports.Submit(submit.Order);
                break;
            case LegEffect.LookUp lookUp:
                ports.LookUp(lookUp.Order);
                break;
            case LegEffect.Cancel cancel:
                ports.Cancel(cancel.Order);
                break;
            case LegEffect.RequestReading request:
                ports.RequestReading(request.Why);
                break;
            case LegEffect.ReportAccountProblem problem:
                ports.ReportAccountProblem(problem.Rejection);
                break;
            case LegEffect.ReportFundsShort funds:
                ports.ReportFundsShort(funds.Rejection);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "An effect that nobody carries out.");
        }
    }
}
