using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CSMultiConnector.Venues.Http;

/// <summary>Reads venues' JSON. What cannot be read is null: an answer that is not understood says nothing.</summary>
internal static class VenueJson
{
    internal static T? Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static T? Read<T>(JsonElement json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return json.Deserialize(type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
