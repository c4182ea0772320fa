using System.Globalization;

namespace CSMultiConnector.Domain.Amounts;

/// <summary>An amount in MT5 lots.</summary>
/// <param name="Value">Lots; signed where a net figure is meant.</param>
public readonly record struct Lots(decimal Value) : IComparable<Lots>
{
    /// <summary>No lots.</summary>
    public static Lots Zero => default;

    /// <summary>Adds.</summary>
    public static Lots operator +(Lots a, Lots b) => new(a.Value + b.Value);

    /// <summary>Subtracts.</summary>
    public static Lots operator -(Lots a, Lots b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public int CompareTo(Lots other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => AmountText.Of(Value);
}

/// <summary>An amount in units of the base asset.</summary>
/// <param name="Value">Base units; signed where a net figure is meant.</param>
public readonly record struct BaseUnits(decimal Value)
{
    /// <inheritdoc/>
    public override string ToString() => AmountText.Of(Value);
}

/// <summary>A quantity as the venue counts it: contracts of an instrument (on spot: units of the base asset).</summary>
/// <param name="Value">Contracts; positive is long, negative is short.</param>
public readonly record struct Contracts(decimal Value) : IComparable<Contracts>
{
    /// <summary>Nothing.</summary>
    public static Contracts Zero => default;

    /// <summary>True when nothing is held.</summary>
    public bool IsZero => Value == 0m;

    /// <summary>−1, 0 or 1.</summary>
    public int Sign => Math.Sign(Value);

    /// <summary>Adds.</summary>
    public static Contracts operator +(Contracts a, Contracts b) => new(a.Value + b.Value);

    /// <summary>Subtracts.</summary>
    public static Contracts operator -(Contracts a, Contracts b) => new(a.Value - b.Value);

    /// <summary>Negates.</summary>
    public static Contracts operator -(Contracts a) => new(-a.Value);

    /// <summary>Less than.</summary>
    public static bool operator <(Contracts a, Contracts b) => a.Value < b.Value;

    /// <summary>Greater than.</summary>
    public static bool operator >(Contracts a, Contracts b) => a.Value > b.Value;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(Contracts a, Contracts b) => a.Value <= b.Value;

    /// <summary>Greater than or equal.</summary>
    public static bool operator >=(Contracts a, Contracts b) => a.Value >= b.Value;

    /// <summary>The size without sign.</summary>
    public Contracts Abs() => new(Math.Abs(Value));

    /// <inheritdoc/>
    public int CompareTo(Contracts other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => AmountText.Of(Value);
}

/// <summary>A price in quote currency per base unit.</summary>
/// <param name="Value">Above zero.</param>
public readonly record struct Price(decimal Value)
{
    /// <inheritdoc/>
    public override string ToString() => AmountText.Of(Value);
}

/// <summary>How amounts are written for people and programs.</summary>
public static class AmountText
{
    /// <summary>Invariant culture, no trailing zeros, no exponent.</summary>
    public static string Of(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);
}
