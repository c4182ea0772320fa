namespace Akka.Actor;

/// <summary>The place of an actor in its system's tree, such as <c>akka://host/user/connectors</c>.</summary>
/// <remarks>Two paths are equal when address and names are; the uid of an incarnation does not count.</remarks>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>The symbols that a name may contain besides letters and digits of ASCII.</summary>
    public const string ValidSymbols = @"""-_.*$+:@&=,!~';""()";

    /// <summary>Makes the root path of an address.</summary>
    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
        Parent = this;
    }

    /// <summary>Makes the path of a child.</summary>
    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        Address = parentPath.Address;
        Parent = parentPath;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    /// <summary>The address of the system.</summary>
    public Address Address { get; }

    /// <summary>The last name of the path.</summary>
    public string Name { get; }

    /// <summary>The path of the parent; the root is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>Tells incarnations of the same path apart; 0 when it does not matter.</summary>
    public long Uid { get; }

    /// <summary>The number of names below the root.</summary>
    public int Depth { get; }

    /// <summary>The root of the tree.</summary>
    public ActorPath Root
    {
        get
        {
            var path = this;
            while (path.Depth > 0)
                path = path.Parent;
            return path;
        }
    }

    /// <summary>The names from the root down, without the root itself.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            for (var path = this; path.Depth > 0; path = path.Parent)
                names[path.Depth - 1] = path.Name;
            return names;
        }
    }

    /// <summary>The path of a child with this name.</summary>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>Appends a name to a path.</summary>
    public static ActorPath operator /(ActorPath path, string name) => new ChildActorPath(path, name, 0);

    /// <summary>Whether both are the same place, whatever the incarnation.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the places differ.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Whether a text can be the name of an actor: ASCII letters, digits, <see cref="ValidSymbols"/> and <c>%xx</c>, not starting with <c>$</c>.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (char.IsAsciiLetterOrDigit(s[i]) || ValidSymbols.Contains(s[i], StringComparison.Ordinal))
                continue;
            if (s[i] != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2]))
                return false;
            i += 2;
        }
        return true;
    }

    /// <summary>The same place in another incarnation.</summary>
    public ActorPath WithUid(long uid) => Depth == 0 || uid == Uid ? this : new ChildActorPath(Parent, Name, uid);

    /// <summary>The names joined by <c>/</c>, such as <c>/user/connectors</c>.</summary>
    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    /// <summary>The path with its address.</summary>
    public string ToStringWithAddress() => ToString();

    /// <summary>The path with its address and, after <c>#</c>, its uid.</summary>
    public string ToSerializationFormat() => ToStringWithUid();

    /// <summary>The path with its address and, after <c>#</c>, its uid.</summary>
    public string ToStringWithUid() => Uid == 0 ? ToString() : FormattableString.Invariant($"{this}#{Uid}");

    /// <inheritdoc/>
    public override string ToString() => Address + ToStringWithoutAddress();

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (other is null || other.Depth != Depth)
            return false;
        var left = this;
        for (var right = other; !ReferenceEquals(left, right); left = left.Parent, right = right.Parent)
        {
            if (left.Depth == 0)
                return left.Address.Equals(right.Address);
            if (!string.Equals(left.Name, right.Name, StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Address.GetHashCode();
        for (var path = this; path.Depth > 0; path = path.Parent)
            hash = HashCode.Combine(hash, path.Name);
        return hash;
    }

    /// <summary>Orders by the names, ordinal.</summary>
    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());
}

/// <summary>The root of a system's tree.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>Makes the root of an address.</summary>
    public RootActorPath(Address address, string name = "")
        : base(address, name)
    {
    }
}

/// <summary>A path below the root.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>Makes the path of a child; <paramref name="uid"/> tells incarnations apart.</summary>
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath, name, uid)
    {
    }
}
