namespace Akka.Util;

/// <summary>A value that may be absent.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly struct Option<T>
{
    private readonly T _value;

    /// <summary>Wraps a value; null counts as absent.</summary>
    public Option(T value)
    {
        _value = value;
        HasValue = value is not null;
    }

    /// <summary>The absent value.</summary>
    public static readonly Option<T> None;

    /// <summary>Whether a value is there.</summary>
    public bool HasValue { get; }

    /// <summary>Whether no value is there.</summary>
    public bool IsEmpty => !HasValue;

    /// <summary>The value, or the type's default when absent.</summary>
    public T Value => _value;

    /// <summary>The value, or <paramref name="fallbackValue"/> when absent.</summary>
    public T GetOrElse(T fallbackValue) => HasValue ? _value : fallbackValue;

    /// <summary>Wraps a value; null counts as absent.</summary>
    public static Option<T> Create(T value) => new(value);

    /// <summary>Wraps a value.</summary>
    public static implicit operator Option<T>(T value) => new(value);
}
