using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Journal;

/// <summary>How journaled events are written: readable JSON, units and ids as bare values, enums by name, amounts exact.</summary>
public static class JournalJson
{
    /// <summary>The options; never changed.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>Writes a value by its own type.</summary>
    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            IgnoreReadOnlyProperties = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectRequiredConstructorParameters = false,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new AmountConverter<Lots>(v => new Lots(v), v => v.Value));
        options.Converters.Add(new AmountConverter<Contracts>(v => new Contracts(v), v => v.Value));
        options.Converters.Add(new AmountConverter<Price>(v => new Price(v), v => v.Value));
        options.Converters.Add(new TextConverter<OrganizationId>(v => new OrganizationId(v), v => v.Value));
        options.Converters.Add(new TextConverter<ConnectorId>(v => new ConnectorId(v), v => v.Value));
        options.Converters.Add(new TextConverter<SymbolName>(v => new SymbolName(v), v => v.Value));
        options.Converters.Add(new TextConverter<AssetName>(v => new AssetName(v), v => v.Value));
        options.Converters.Add(new TextConverter<InstrumentId>(v => new InstrumentId(v), v => v.Value));
        options.Converters.Add(new TextConverter<ClientOrderId>(v => new ClientOrderId(v), v => v.Value));
        options.Converters.Add(new TextConverter<TerminalId>(
            v => TerminalId.TryParse(v, out var id) ? id : throw new JsonException($"\"{v}\" is no terminal (login@server)."), v => v.ToString()));
        options.Converters.Add(new TextConverter<LegId>(
            v => LegId.TryParse(v, out var id) ? id : throw new JsonException($"\"{v}\" is no leg (holding:Side)."), v => v.ToString()));
        options.Converters.Add(new MagicConverter());
        options.Converters.Add(new SourcesConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class AmountConverter<T>(Func<decimal, T> make, Func<T, decimal> take) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => make(reader.GetDecimal());

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteNumberValue(take(value));
    }

    private sealed class TextConverter<T>(Func<string, T> make, Func<T, string> take) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            make(reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is never null."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(take(value));
    }

    private sealed class MagicConverter : JsonConverter<Magic>
    {
        public override Magic Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Magic value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    // A map whose key is more than a string is written as a list of entries.
    private sealed class SourcesConverter : JsonConverter<ImmutableSortedDictionary<SourceId, decimal>>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(ImmutableSortedDictionary<SourceId, decimal>);

        public override ImmutableSortedDictionary<SourceId, decimal> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Entry[]>(ref reader, options)!.ToImmutableSortedDictionary(e => e.Source, e => e.BaseUnitsPerLot);

        public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<SourceId, decimal> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Select(e => new Entry(e.Key, e.Value)).ToArray(), options);

        private sealed record Entry(SourceId Source, decimal BaseUnitsPerLot);
    }
}
