using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// The own stash of a persistent actor. All that is unstashed comes before the commands that wait for an event to be stored: these
/// return to the mailbox one at a time and would overtake it there.
/// </summary>
internal sealed class PersistentStash(IStash stash, WaitingCommands waiting) : IStash
{
    public int Count => stash.Count;

    public bool IsEmpty => stash.IsEmpty;

    public bool NonEmpty => stash.NonEmpty;

    public int Capacity => stash.Capacity;

    public bool IsFull => stash.IsFull;

    public void Stash() => stash.Stash();

    public void Unstash() => stash.Unstash();

    public void UnstashAll()
    {
        if (stash.NonEmpty) waiting.Prepend(stash.ClearStash());
    }

    /// <summary>Directly into the mailbox, which outlives the incarnation.</summary>
    public void UnstashAll(Func<Envelope, bool> predicate) => stash.UnstashAll(predicate);

    public IEnumerable<Envelope> ClearStash() => stash.ClearStash();

    public void Prepend(IEnumerable<Envelope> envelopes) => stash.Prepend(envelopes);
}
