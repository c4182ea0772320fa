using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>A step of a selection.</summary>
public abstract class SelectionPathElement
{
    /// <summary>Makes a step.</summary>
    protected SelectionPathElement()
    {
    }
}

/// <summary>To the child of a name.</summary>
public class SelectChildName : SelectionPathElement
{
    /// <summary>Makes a step.</summary>
    public SelectChildName(string name) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>To all children whose names match a pattern with <c>*</c> and <c>?</c>.</summary>
public class SelectChildPattern : SelectionPathElement
{
    /// <summary>Makes a step.</summary>
    public SelectChildPattern(string patternStr) => PatternStr = patternStr;

    /// <summary>The pattern.</summary>
    public string PatternStr { get; }

    /// <inheritdoc/>
    public override string ToString() => PatternStr;
}

/// <summary>To the parent.</summary>
public class SelectParent : SelectionPathElement
{
    /// <summary>The only value needed.</summary>
    public static readonly SelectParent Instance = new();

    /// <inheritdoc/>
    public override string ToString() => "..";
}

/// <summary>Whatever actors live at a path when a message is sent.</summary>
public class ActorSelection : ICanTell
{
    /// <summary>Selects from an actor along a relative path.</summary>
    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Split('/', StringSplitOptions.RemoveEmptyEntries))
    {
    }

    /// <summary>Selects from an actor along names.</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, elements.Where(static e => e.Length > 0).Select(Step).ToArray())
    {
    }

    /// <summary>Selects from an actor along steps.</summary>
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        Anchor = anchor;
        Path = path;
    }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The steps.</summary>
    public SelectionPathElement[] Path { get; }

    /// <summary>The steps as text.</summary>
    public string PathString => "/" + string.Join('/', Path.Select(static s => s.ToString()));

    /// <summary>Sends to all actors that live there.</summary>
    public void Tell(object message, IActorRef? sender = null)
    {
        var targets = new List<IActorRef>();
        Find(Anchor, 0, targets);
        foreach (var target in targets)
            target.Tell(message, sender ?? ActorCell.CurrentSelfOrNoSender);
    }

    /// <summary>The one actor that lives there.</summary>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The one actor that lives there.</summary>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(PathString), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"No actor is at [{this}].");
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            throw new ActorNotFoundException($"No actor answered at [{this}].", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    internal static ActorSelection From(ActorSystemImpl system, IActorRef anchor, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var address = system.Root.Path.Address + "/";
        if (path.StartsWith(address, StringComparison.Ordinal))
            return new ActorSelection(system.Root, path[address.Length..]);
        return path[0] == '/' ? new ActorSelection(system.Root, path) : new ActorSelection(anchor, path);
    }

    private static SelectionPathElement Step(string name) => name switch
    {
        ".." => SelectParent.Instance,
        _ when name.Contains('*', StringComparison.Ordinal) || name.Contains('?', StringComparison.Ordinal) => new SelectChildPattern(name),
        _ => new SelectChildName(name),
    };

    private void Find(IActorRef from, int step, List<IActorRef> targets)
    {
        if (step == Path.Length)
        {
            targets.Add(from);
            return;
        }
        switch (Path[step])
        {
            case SelectParent:
                Find(from.AsInternal().Parent, step + 1, targets);
                break;
            case SelectChildName { Name: var name }:
                var child = from.AsInternal().GetChild(name);
                if (!child.IsNobody())
                    Find(child, step + 1, targets);
                else
                    AddMissing(from.Path / name, step, targets);
                break;
            case SelectChildPattern { PatternStr: var pattern } when from is LocalActorRef local:
                foreach (var each in local.Cell.GetChildren().Where(c => FileSystemName.MatchesSimpleExpression(pattern, c.Path.Name, ignoreCase: false)))
                    Find(each, step + 1, targets);
                break;
        }
    }

    /// <summary>A name without an actor still takes the message, as a dead letter; a pattern without a match does not.</summary>
    private void AddMissing(ActorPath path, int step, List<IActorRef> targets)
    {
        if (Path.Any(static s => s is SelectChildPattern))
            return;
        for (var i = step + 1; i < Path.Length; i++)
            path /= Path[i].ToString()!;
        var system = (Anchor as LocalActorRef)?.Cell.System ?? (Anchor as RootActorRef)?.System;
        if (system is not null)
            targets.Add(new EmptyLocalActorRef(system, path));
    }
}
