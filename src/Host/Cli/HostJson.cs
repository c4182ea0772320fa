using System.Text.Json.Serialization;
using CSMultiConnector.Host.Commands;
using CSMultiConnector.Host.Demo;
using CSMultiConnector.Host.Doctor;
using CSMultiConnector.Host.Replay;
using CSMultiConnector.Portal.Api;

namespace CSMultiConnector.Host.Cli;

/// <summary>JSON of the command line's own answers; those of the API are in <see cref="PortalJson"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(ExactDecimalConverter)])]
[JsonSerializable(typeof(FailureDto))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(PaperListening))]
[JsonSerializable(typeof(ReplaySummary))]
[JsonSerializable(typeof(DemoSummary))]
internal sealed partial class HostJson : JsonSerializerContext;
