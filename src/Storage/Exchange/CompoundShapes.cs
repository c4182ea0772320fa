using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSMultiConnector.Storage.Exchange;

/// <summary>A list of at most so many items.</summary>
internal sealed class ListShape<T>(Shape<T> item, int maxItems) : Shape<ImmutableArray<T>>
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, out ImmutableArray<T> value)
    {
        value = [];
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > maxItems)
        {
            problems.AddFoundKind(path, json, $"a list of at most {Domain.Amounts.AmountText.Of(maxItems)} items");
            return false;
        }

        var before = problems.Count;
        var items = ImmutableArray.CreateBuilder<T>(json.GetArrayLength());
        foreach (var (index, element) in json.EnumerateArray().Index())
        {
            if (item.TryRead(element, JsonPath.Item(path, index), problems, out var read)) items.Add(read);
        }

        value = items.ToImmutable();
        return problems.Count == before;
    }

    public override JsonNode Write(ImmutableArray<T> value) => new JsonArray([.. (value.IsDefault ? [] : value).Select(item.Write)]);

    public override JsonObject Schema() => new() { ["type"] = "array", ["maxItems"] = maxItems, ["items"] = item.Schema() };
}

/// <summary>An object whose names are free: texts by name.</summary>
internal sealed class MapShape(Shape<string> item, int maxItems) : Shape<ImmutableSortedDictionary<string, string>>
{
    private static readonly ImmutableSortedDictionary<string, string> Empty = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public override bool TryRead(JsonElement json, string path, ProblemList problems, out ImmutableSortedDictionary<string, string> value)
    {
        value = Empty;
        if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() > maxItems)
        {
            problems.AddFoundKind(path, json, $"an object of at most {Domain.Amounts.AmountText.Of(maxItems)} texts");
            return false;
        }

        var before = problems.Count;
        foreach (var member in json.EnumerateObject())
        {
            var at = JsonPath.Member(path, member.Name);
            if (value.ContainsKey(member.Name)) problems.Add(at, "this key appears twice; keep one.");
            if (item.TryRead(member.Value, at, problems, out var read)) value = value.SetItem(member.Name, read);
        }

        return problems.Count == before;
    }

    public override JsonNode Write(ImmutableSortedDictionary<string, string> value) =>
        new JsonObject(value.Select(pair => KeyValuePair.Create(pair.Key, item.Write(pair.Value))));

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = item.Schema(), ["maxProperties"] = maxItems };
}

/// <summary>One key of an object.</summary>
internal abstract class Field<TOwner>(string name, string description, bool required)
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public bool Required { get; } = required;

    public abstract bool TryRead(JsonElement json, string path, ProblemList problems, ref TOwner owner);

    /// <summary>False when the key is left out for this owner.</summary>
    public abstract bool TryWrite(TOwner owner, out JsonNode? node);

    public abstract JsonObject Schema(TOwner start);
}

/// <summary>One key of an object and the member that it stands for.</summary>
internal sealed class Field<TOwner, T>(
    string name,
    string description,
    Shape<T> shape,
    Func<TOwner, T> get,
    Func<TOwner, T, TOwner> set,
    bool required = false,
    Func<TOwner, bool>? omit = null) : Field<TOwner>(name, description, required)
{
    public override bool TryRead(JsonElement json, string path, ProblemList problems, ref TOwner owner)
    {
        if (!shape.TryRead(json, path, problems, out var value)) return false;
        owner = set(owner, value);
        return true;
    }

    public override bool TryWrite(TOwner owner, out JsonNode? node)
    {
        node = null;
        if (omit?.Invoke(owner) ?? false) return false;
        node = shape.Write(get(owner));
        return true;
    }

    public override JsonObject Schema(TOwner start)
    {
        var schema = shape.Schema();
        schema["description"] = Description;
        if (!Required && TryWrite(start, out var value) && value is JsonValue) schema["default"] = value;
        return schema;
    }

    /// <summary>The same key of an object that contains this one's owner.</summary>
    public Field<TOuter, T> Within<TOuter>(Func<TOuter, TOwner> inner, Func<TOuter, TOwner, TOuter> replace) =>
        new(Name, Description, shape, outer => get(inner(outer)), (outer, value) => replace(outer, set(inner(outer), value)), Required, omit is null ? null : outer => omit(inner(outer)));
}

/// <summary>An object with known keys; any other key is an error.</summary>
/// <param name="start">The object before the first key is read: its defaults.</param>
/// <param name="fields">The keys.</param>
/// <param name="check">Checks between keys, done when each for itself is right.</param>
internal sealed class ObjectShape<T>(T start, IReadOnlyList<Field<T>> fields, Action<T, string, ProblemList>? check = null) : Shape<T>
{
    private readonly List<string> _names = fields.Select(f => f.Name).ToList();
    private readonly Dictionary<string, Field<T>> _byName = fields.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public override bool TryRead(JsonElement json, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = start;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.AddFoundKind(path, json, "an object");
            return false;
        }

        var before = problems.Count;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var at = JsonPath.Member(path, member.Name);
            if (!_byName.TryGetValue(member.Name, out var field))
                problems.Add(at, $"this key is not known{NearMiss.Hint(member.Name, _names)}; known are {string.Join(", ", _names)}.");
            else if (!seen.Add(member.Name)) problems.Add(at, "this key appears twice; keep one.");
            else field.TryRead(member.Value, at, problems, ref value);
        }

        foreach (var missing in fields.Where(f => f.Required && !seen.Contains(f.Name)))
            problems.Add(JsonPath.Member(path, missing.Name), $"this key is missing: {missing.Description}");
        if (problems.Count == before) check?.Invoke(value, path, problems);
        return problems.Count == before;
    }

    public override JsonNode Write(T value)
    {
        var json = new JsonObject();
        foreach (var field in fields)
        {
            if (field.TryWrite(value, out var node)) json[field.Name] = node;
        }

        return json;
    }

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Schema(start)))),
        ["required"] = new JsonArray([.. fields.Where(f => f.Required).Select(f => (JsonNode)JsonValue.Create(f.Name))]),
        ["additionalProperties"] = false,
    };
}
