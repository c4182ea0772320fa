using Akka.Dispatch;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private ChildrenContainer? _children;

    /// <summary>Any thread, for the guardians: whoever calls <c>ActorSystem.ActorOf</c> makes a child of one.</summary>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null)
            CheckName(name);
        var children = Children();
        var childName = children.Reserve(name, Self.Path);
        LocalActorRef child;
        try
        {
            child = new LocalActorRef(System, props, Self, new ChildActorPath(Self.Path, childName, System.NextUid()));
        }
        catch
        {
            children.Unreserve(childName);
            throw;
        }
        // A child of a suspended parent is born suspended, so that the parent's resume or restart reaches it too.
        for (var i = 0; i < _faultSuspensions; i++)
            child.Suspend();
        var wanted = children.Add(child);
        child.Cell.Start();
        if (!wanted)
            child.Stop();
        return child;
    }

    /// <summary>Any thread.</summary>
    public IActorRef Child(string name) => _children?.Find(name)?.Child ?? (IActorRef)Nobody.Instance;

    /// <summary>Any thread.</summary>
    public IEnumerable<IActorRef> GetChildren() => _children?.Refs() ?? [];

    public void Stop() => Self.Stop();

    public void Stop(IActorRef child)
    {
        _children?.ShallDie(child);
        child.AsInternal().Stop();
    }

    internal IReadOnlyList<ChildRestartStats> GetChildStats() => _children?.Stats() ?? [];

    /// <summary>Makes the container wait for the children that are stopping; false when there are none.</summary>
    private bool WaitForChildren(WaitReason reason) => _children?.SetWaitReason(reason) ?? false;

    private bool IsNormal => _children is null || _children.IsNormal;

    private bool IsTerminating => _children is { IsTerminating: true };

    private bool IsWaitingForChildren => _children is { IsWaitingForChildren: true };

    private ChildrenContainer Children()
    {
        if (_children is null)
            Interlocked.CompareExchange(ref _children, new ChildrenContainer(), null);
        return _children;
    }

    private void StopAllChildren()
    {
        foreach (var child in GetChildren())
            Stop(child);
    }

    private void HandleChildTerminated(IActorRef child)
    {
        var finished = _children!.Remove(child);
        switch (finished?.Kind)
        {
            case WaitKind.Recreation:
                FinishRecreate(finished.Cause!, _actor);
                break;
            case WaitKind.Creation:
                FinishCreate();
                break;
            case WaitKind.Termination:
                FinishTerminate();
                break;
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and can only contain these "
                + $"special characters: {ActorPath.ValidSymbols}. Escape other names with Uri.EscapeDataString.");
        }
    }
}
