using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using CSMultiConnector.Domain.Identity;

namespace CSMultiConnector.Actors.Tests;

/// <summary>Makes up a value of any journaled type, the same for the same seed: every member has a value of its own.</summary>
internal sealed class Maker(int seed)
{
    private int _next = seed * 1000;

    public object Make(Type type)
    {
        var n = ++_next;
        if (Nullable.GetUnderlyingType(type) is { } inner) return Make(inner);
        if (type == typeof(string)) return $"text {n} “ü”";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return n;
        if (type == typeof(long)) return 9_007_199_254_740_993 + n;
        if (type == typeof(decimal)) return n + 0.12345678901234567890m;
        if (type == typeof(TimeSpan)) return TimeSpan.FromMilliseconds(n);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 5, 10, 0, 0, TimeSpan.Zero).AddTicks(n * 7919L);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(n % Enum.GetValues(type).Length)!;
        if (type == typeof(TerminalId)) return new TerminalId(n, $"Server {n}");
        if (type == typeof(LegId)) return new LegId($"BTC/USDT:{n}", (PositionSide)(n % 3));
        if (type == typeof(ClientOrderId)) return ClientOrderId.Create("conn", "proc01", n);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return MakeArray(type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>)) return MakeMap(type.GetGenericArguments());
        var constructor = type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type).MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no constructor to make one up with.");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Make(p.ParameterType))]);
    }

    private object MakeArray(Type element)
    {
        var items = Array.CreateInstance(element, 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Make(element), i);
        return typeof(ImmutableArray).GetMethods().Single(m => m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private object MakeMap(Type[] types)
    {
        var map = typeof(ImmutableSortedDictionary<,>).MakeGenericType(types).GetField("Empty")!.GetValue(null)!;
        for (var i = 0; i < 2; i++) map = map.GetType().GetMethod("Add", types)!.Invoke(map, [Make(types[0]), Make(types[1])])!;
        return map;
    }
}

/// <summary>A value as text, member by member.</summary>
internal static class Shape
{
    public static string Of(object? value) => Write(new StringBuilder(), value).ToString();

    private static StringBuilder Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                return text.Append("null");
            case string s:
                return text.Append('"').Append(s).Append('"');
            case IFormattable plain when value.GetType().IsPrimitive || value is decimal or DateTimeOffset or TimeSpan or Enum:
                return text.Append(plain.ToString(value is DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture));
            case bool b:
                return text.Append(b);
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items) Write(text, item).Append(',');
                return text.Append(']');
        }

        text.Append(value.GetType().Name).Append('{');
        foreach (var p in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.GetIndexParameters().Length == 0))
            Write(text.Append(p.Name).Append('='), p.GetValue(value)).Append(';');
        return text.Append('}');
    }
}
