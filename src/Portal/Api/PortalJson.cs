using System.Text.Json;
using System.Text.Json.Serialization;
using CSMultiConnector.Domain.Amounts;

namespace CSMultiConnector.Portal.Api;

/// <summary>How the API writes and reads JSON: camelCase, decimals as exact numbers. Shared with the command line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = false,
    Converters = [typeof(ExactDecimalConverter)])]
[JsonSerializable(typeof(StatusDto))]
[JsonSerializable(typeof(PlanDto))]
[JsonSerializable(typeof(IReadOnlyList<PlanDto>))]
[JsonSerializable(typeof(CommandDto))]
[JsonSerializable(typeof(PauseRequest))]
[JsonSerializable(typeof(SyncRequest))]
[JsonSerializable(typeof(IReadOnlyList<MappingDto>))]
[JsonSerializable(typeof(SetMappingRequest))]
[JsonSerializable(typeof(ResetMappingRequest))]
[JsonSerializable(typeof(ReleaseStreamRequest))]
[JsonSerializable(typeof(IReadOnlyList<ClientDto>))]
[JsonSerializable(typeof(AddClientRequest))]
[JsonSerializable(typeof(AddedClientDto))]
[JsonSerializable(typeof(HealthDto))]
[JsonSerializable(typeof(ExplanationDto))]
public sealed partial class PortalJson : JsonSerializerContext;

/// <summary>Writes a decimal as a JSON number, all digits, no exponent, no trailing zeros; reads numbers only.</summary>
public sealed class ExactDecimalConverter : JsonConverter<decimal>
{
    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteRawValue(AmountText.Of(value), skipInputValidation: true);
    }
}
