using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes actors by other means than a constructor.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The type of the actor.</summary>
    Type ActorType { get; }

    /// <summary>Makes an actor; called anew for every restart.</summary>
    ActorBase Produce();

    /// <summary>Called when an actor has ended.</summary>
    void Release(ActorBase actor);
}

/// <summary>How to make an actor: its type, the arguments of its constructor, its supervisor strategy. Immutable.</summary>
public class Props : IEquatable<Props>
{
    private ConstructorInfo? _constructor;
    private IIndirectActorProducer? _producer;
    private string? _dispatcher;

    /// <summary>Makes props of a type with a parameterless constructor.</summary>
    public Props(Type type)
        : this(type, [])
    {
    }

    /// <summary>Makes props of a type and the arguments of its constructor.</summary>
    /// <exception cref="ArgumentException">The type is not an actor.</exception>
    public Props(Type type, object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type))
            throw new ArgumentException($"Unknown actor producer [{type.FullName}]: it does not derive from ActorBase.", nameof(type));
        Type = type;
        Arguments = args ?? [];
    }

    /// <summary>Makes a copy.</summary>
    protected Props(Props copy)
    {
        Type = copy.Type;
        Arguments = copy.Arguments;
        SupervisorStrategy = copy.SupervisorStrategy;
        _constructor = copy._constructor;
        _producer = copy._producer;
        _dispatcher = copy._dispatcher;
    }

    /// <summary>The type of the actor.</summary>
    public Type Type { get; }

    /// <summary>The name of the type.</summary>
    public string TypeName => Type.AssemblyQualifiedName!;

    /// <summary>The arguments of the constructor.</summary>
    public object?[] Arguments { get; }

    /// <summary>The dispatcher's id; this engine has one dispatcher for all.</summary>
    public string Dispatcher => _dispatcher ?? string.Empty;

    /// <summary>Replaces the strategy of the actor's own type for its children; null keeps that.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; protected set; }

    /// <summary>Makes props from <c>() =&gt; new SomeActor(arguments)</c>; the arguments are evaluated here, once.</summary>
    /// <exception cref="ArgumentException">The expression is not a plain <c>new</c>.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (factory.Body is not NewExpression creation)
            throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        return new Props(creation.Type, creation.Arguments.Select(ArgumentValue.Of).ToArray())
        {
            _constructor = creation.Constructor,
            SupervisorStrategy = supervisorStrategy,
        };
    }

    /// <summary>Makes props of a type and the arguments of its constructor.</summary>
    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => new(typeof(TActor), args);

    /// <summary>Makes props of a type with a strategy for its children.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor)) { SupervisorStrategy = supervisorStrategy };

    /// <summary>Makes props of a type and the arguments of its constructor.</summary>
    /// <exception cref="ArgumentException">The type is not an actor.</exception>
    public static Props Create(Type type, params object?[] args) => new(type, args);

    /// <summary>Makes props whose actors a producer makes.</summary>
    public static Props CreateBy(IIndirectActorProducer producer, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(producer);
        return new Props(producer.ActorType, args) { _producer = producer };
    }

    /// <summary>The same with a strategy for the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    /// <summary>The same with a dispatcher's id.</summary>
    public Props WithDispatcher(string dispatcher) => new(this) { _dispatcher = dispatcher };

    /// <summary>Makes an actor; called by the actor system only.</summary>
    /// <exception cref="TypeLoadException">The constructor threw, or none takes these arguments.</exception>
    public virtual ActorBase NewActor()
    {
        try
        {
            if (_producer is not null)
                return _producer.Produce();
            if (_constructor is not null)
                return (ActorBase)_constructor.Invoke(Arguments);
            return (ActorBase)Activator.CreateInstance(
                Type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, Arguments, null)!;
        }
        catch (Exception e)
        {
            var arguments = string.Join(",", Arguments.Select(static a => a?.GetType().ToString() ?? "null"));
            throw new TypeLoadException(
                FormattableString.Invariant($"Error while creating actor instance of type {Type} with {Arguments.Length} args: ({arguments})"), e);
        }
    }

    /// <inheritdoc/>
    public bool Equals(Props? other) =>
        other is not null && Type == other.Type && string.Equals(Dispatcher, other.Dispatcher, StringComparison.Ordinal)
        && Equals(_producer, other._producer) && Equals(SupervisorStrategy, other.SupervisorStrategy)
        && Arguments.AsSpan().SequenceEqual(other.Arguments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Arguments.Length);

    internal ActorBase CreateActor() => NewActor();
}

/// <summary>Evaluates an argument of a <c>new</c> expression, without compiling where a plain look will do.</summary>
internal static class ArgumentValue
{
    public static object? Of(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Of(member.Expression)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };
}
