using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>Something that shapes an actor system from code, beside the configuration.</summary>
public abstract class Setup
{
    /// <summary>Makes a setup.</summary>
    protected Setup()
    {
    }

    /// <summary>Both setups together.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>The setups of one system, at most one a type. Immutable.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>No setups.</summary>
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _setups;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> setups) => _setups = setups;

    /// <summary>These setups; of one type the last counts.</summary>
    public static ActorSystemSetup Create(params Setup[] setup) =>
        new(setup.Aggregate(ImmutableDictionary<Type, Setup>.Empty, static (all, next) => all.SetItem(next.GetType(), next)));

    /// <summary>The setup of a type, if any.</summary>
    public Option<T> Get<T>()
        where T : Setup => _setups.TryGetValue(typeof(T), out var setup) ? new Option<T>((T)setup) : Option<T>.None;

    /// <summary>These setups and one more, which replaces one of its type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup)
        where T : Setup => new(_setups.SetItem(setup.GetType(), setup));

    /// <summary>These setups and one more, which replaces one of its type.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup => WithSetup(setup);
}
