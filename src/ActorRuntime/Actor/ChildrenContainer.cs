namespace Akka.Actor;

internal enum WaitKind
{
    /// <summary>Children were stopped one by one; nothing waits for them.</summary>
    UserRequest,
    Creation,
    Recreation,
    Termination,
}

internal sealed record WaitReason(WaitKind Kind, Exception? Cause = null)
{
    public static readonly WaitReason UserRequest = new(WaitKind.UserRequest);
    public static readonly WaitReason Creation = new(WaitKind.Creation);
    public static readonly WaitReason Termination = new(WaitKind.Termination);
}

/// <summary>The children of one actor by name, and what the actor does once those that are stopping have stopped.</summary>
/// <remarks>Locked, since anyone may look a child up; sending to a child never comes here.</remarks>
internal sealed class ChildrenContainer
{
    private readonly object _lock = new();

    /// <summary>A null value is a name reserved while its actor is being made.</summary>
    private readonly Dictionary<string, ChildRestartStats?> _byName = new(StringComparer.Ordinal);

    private HashSet<IActorRef>? _dying;
    private WaitReason _reason = WaitReason.UserRequest;
    private long _generatedNames;
    private bool _terminated;

    public bool IsNormal
    {
        get
        {
            lock (_lock)
                return _reason.Kind == WaitKind.UserRequest && !_terminated;
        }
    }

    public bool IsTerminating
    {
        get
        {
            lock (_lock)
                return _terminated || _reason.Kind == WaitKind.Termination;
        }
    }

    public bool IsWaitingForChildren
    {
        get
        {
            lock (_lock)
                return _reason.Kind is WaitKind.Creation or WaitKind.Recreation;
        }
    }

    public string Reserve(string? name, ActorPath parent)
    {
        lock (_lock)
        {
            if (_terminated || _reason.Kind == WaitKind.Termination)
                throw new InvalidOperationException($"Cannot create child [{name}] of [{parent}]: it is terminating or terminated.");
            if (name is null)
                name = "$" + ToLetters(_generatedNames++);
            else if (_byName.ContainsKey(name))
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            _byName[name] = null;
            return name;
        }
    }

    public void Unreserve(string name)
    {
        lock (_lock)
            _byName.Remove(name);
    }

    /// <summary>Adds a child whose name was reserved; false when the parent began to stop meanwhile.</summary>
    public bool Add(LocalActorRef child)
    {
        lock (_lock)
        {
            _byName[child.Path.Name] = new ChildRestartStats(child);
            if (!_terminated && _reason.Kind != WaitKind.Termination)
                return true;
            _dying?.Add(child);
            return false;
        }
    }

    public ChildRestartStats? Find(string name)
    {
        lock (_lock)
            return _byName.GetValueOrDefault(name);
    }

    public ChildRestartStats? Find(IActorRef child) => Find(child.Path.Name) is { } stats && stats.Child.Equals(child) ? stats : null;

    public List<ChildRestartStats> Stats()
    {
        lock (_lock)
        {
            var stats = new List<ChildRestartStats>(_byName.Count);
            foreach (var entry in _byName.Values)
            {
                if (entry is not null)
                    stats.Add(entry);
            }
            return stats;
        }
    }

    public IEnumerable<IActorRef> Refs() => Stats().ConvertAll(static s => s.Child);

    /// <summary>Notes that a child was told to stop.</summary>
    public void ShallDie(IActorRef child)
    {
        lock (_lock)
        {
            if (_byName.GetValueOrDefault(child.Path.Name) is { } stats && stats.Child.Equals(child))
                (_dying ??= []).Add(child);
        }
    }

    public bool SetWaitReason(WaitReason reason)
    {
        lock (_lock)
        {
            if (_dying is { Count: > 0 })
            {
                _reason = reason;
                return true;
            }
            _terminated |= reason.Kind == WaitKind.Termination;
            return false;
        }
    }

    /// <summary>Forgets a child that has stopped; gives what was waiting for it when it was the last one.</summary>
    public WaitReason? Remove(IActorRef child)
    {
        lock (_lock)
        {
            if (_byName.GetValueOrDefault(child.Path.Name) is { } stats && stats.Child.Equals(child))
                _byName.Remove(child.Path.Name);
            if (_dying is null || !_dying.Remove(child) || _dying.Count > 0)
                return null;
            var reason = _reason;
            _dying = null;
            _reason = WaitReason.UserRequest;
            _terminated |= reason.Kind == WaitKind.Termination;
            return reason;
        }
    }

    private static string ToLetters(long number)
    {
        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        var text = string.Empty;
        do
        {
            text += letters[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return text;
    }
}
