using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CSMultiConnector.Venues.Tests.Binance;

/// <summary>Compares what a wire type read with the JSON that it was read from, member by member, without the serializer.</summary>
internal sealed class WireCheck
{
    /// <summary>The members that the JSON had, as <c>Type.Member</c>.</summary>
    internal HashSet<string> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>All members of the types that were met.</summary>
    internal HashSet<string> Known { get; } = new(StringComparer.Ordinal);

    internal void Same(object? read, JsonElement raw, string at)
    {
        if (read is null)
        {
            raw.ValueKind.ShouldBe(JsonValueKind.Null, at);
            return;
        }

        switch (read)
        {
            case decimal number:
                number.ShouldBe(decimal.Parse(Text(raw), NumberStyles.Float, CultureInfo.InvariantCulture), at);
                break;
            case long or int:
                Convert.ToInt64(read, CultureInfo.InvariantCulture).ShouldBe(long.Parse(Text(raw), CultureInfo.InvariantCulture), at);
                break;
            case bool yes:
                yes.ShouldBe(raw.GetBoolean(), at);
                break;
            case string text:
                text.ShouldBe(raw.GetString(), at);
                break;
            case IEnumerable all:
                SameAll(all, raw, at);
                break;
            default:
                SameMembers(read, raw, at);
                break;
        }
    }

    private void SameAll(IEnumerable read, JsonElement raw, string at)
    {
        var index = 0;
        foreach (var one in read)
        {
            Same(one, raw[index], $"{at}[{index}]");
            index++;
        }

        index.ShouldBe(raw.GetArrayLength(), at);
    }

    private void SameMembers(object read, JsonElement raw, string at)
    {
        var type = read.GetType();
        foreach (var parameter in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).MaxBy(c => c.GetParameters().Length)!.GetParameters())
        {
            var property = type.GetProperty(parameter.Name!)!;
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            var member = $"{type.Name}.{parameter.Name}";
            Known.Add(member);
            var value = property.GetValue(read);
            if (raw.TryGetProperty(name, out var there))
            {
                Seen.Add(member);
                Same(value, there, $"{at}.{name}");
                continue;
            }

            parameter.HasDefaultValue.ShouldBeTrue($"{at}.{name} is missing, and the type needs it");
            if (IsImmutableArray(parameter.ParameterType)) ((bool)parameter.ParameterType.GetProperty("IsDefault")!.GetValue(value)!).ShouldBeTrue($"{at}.{name}");
            else value.ShouldBe(parameter.DefaultValue, $"{at}.{name}");
        }
    }

    private static bool IsImmutableArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    private static string Text(JsonElement raw) => raw.ValueKind == JsonValueKind.String ? raw.GetString()! : raw.GetRawText();
}
