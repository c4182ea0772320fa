using System.Diagnostics.CodeAnalysis;

namespace CSMultiConnector.Storage;

/// <summary>Why the store did not do what was asked.</summary>
public enum StoreProblemKind
{
    /// <summary>What was named does not exist (any more).</summary>
    NotFound,

    /// <summary>It contradicts what is stored: a used id, an older revision, an account traded twice.</summary>
    Conflict,

    /// <summary>What was given may not be stored.</summary>
    Invalid,

    /// <summary>The store itself cannot be used: in use, damaged, made by a newer version, its keys are missing.</summary>
    Unusable,
}

/// <summary>A known failure, told to a person.</summary>
/// <param name="Kind">What kind of failure.</param>
/// <param name="Text">What happened, to what, and what to do. Never holds a secret.</param>
public sealed record StoreProblem(StoreProblemKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A value, or the reason why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed record StoreResult<T>
    where T : class
{
    private StoreResult(T? value, StoreProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>The value; null when there is a problem.</summary>
    public T? Value { get; }

    /// <summary>The reason; null when there is a value.</summary>
    public StoreProblem? Problem { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool Ok => Problem is null;

    /// <summary>A value.</summary>
    public static implicit operator StoreResult<T>(T value) => Success(value);

    /// <summary>A reason.</summary>
    public static implicit operator StoreResult<T>(StoreProblem problem) => new(value: null, problem);

    internal static StoreResult<T> Success(T value) => new(value, problem: null);
}

/// <summary>Makes results where an implicit conversion is not possible.</summary>
public static class StoreResult
{
    /// <summary>A value; for interfaces, from which the language converts nothing.</summary>
    public static StoreResult<T> Of<T>(T value)
        where T : class => StoreResult<T>.Success(value);
}
