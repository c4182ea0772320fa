using System.Collections.Frozen;
using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using CSMultiConnector.Actors.Legs;
using CSMultiConnector.Actors.Mapping;
using CSMultiConnector.Actors.Terminals;
using CSMultiConnector.Actors.Venue;
using CSMultiConnector.Domain.Legs;

namespace CSMultiConnector.Actors.Journal;

/// <summary>
/// Writes what is journaled as readable JSON under a manifest with a version. A changed shape gets a new manifest and keeps the old one
/// readable; a type without manifest cannot be journaled.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The number of this serializer in the journal's tables; never changed.</summary>
    public const int Id = 1706;

    private static readonly FrozenDictionary<string, Type> s_types = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["leg.baseline-captured.1"] = typeof(BaselineCaptured),
        ["leg.sources-joined.1"] = typeof(SourcesJoined),
        ["leg.scale-accepted.1"] = typeof(ScaleAccepted),
        ["leg.uncopied-shrunk.1"] = typeof(UncopiedShrunk),
        ["leg.intent-decided.1"] = typeof(IntentDecided),
        ["leg.order-acknowledged.1"] = typeof(OrderAcknowledged),
        ["leg.order-filled.1"] = typeof(OrderFilled),
        ["leg.order-costs-told.1"] = typeof(OrderCostsTold),
        ["leg.intent-closed.1"] = typeof(IntentClosed),
        ["leg.drift-booked.1"] = typeof(DriftBooked),
        ["leg.drift-absorbed.1"] = typeof(DriftAbsorbed),
        ["leg.sync-applied.1"] = typeof(SyncApplied),
        ["leg.faulted.1"] = typeof(LegFaulted),
        ["leg.fault-cleared.1"] = typeof(FaultCleared),
        ["leg.snapshot.1"] = typeof(LegSnapshot),
        ["connector.paused.1"] = typeof(ConnectorPaused),
        ["connector.resumed.1"] = typeof(ConnectorResumed),
        ["connector.process-tag-taken.1"] = typeof(ProcessTagTaken),
        ["connector.account-bound.1"] = typeof(AccountBound),
        ["connector.holdings-captured.1"] = typeof(HoldingsCaptured),
        ["connector.stream-baselined.1"] = typeof(StreamBaselined),
        ["connector.stream-left.1"] = typeof(StreamLeft),
        ["connector.source-bound.1"] = typeof(SourceBound),
        ["connector.leg-opened.1"] = typeof(LegOpened),
        ["connector.holding-owned.1"] = typeof(HoldingOwned),
        ["connector.first-plan-settled.1"] = typeof(FirstPlanSettled),
        ["connector.sync-started.1"] = typeof(SyncStarted),
        ["connector.move-accepted.1"] = typeof(MoveAccepted),
        ["connector.snapshot.1"] = typeof(VenueSnapshot),
        ["mapping.symbol-mapped.1"] = typeof(SymbolMapped),
        ["mapping.symbol-overridden.1"] = typeof(SymbolOverridden),
        ["mapping.forgotten.1"] = typeof(MappingForgotten),
        ["terminal.magics-listed.1"] = typeof(MagicsListed),
        ["terminal.deal-recorded.1"] = typeof(DealRecorded),
        ["terminal.deal-cancelled.1"] = typeof(DealCancelled),
        ["terminal.ledger-corrected.1"] = typeof(LedgerCorrected),
        ["terminal.stream-released.1"] = typeof(StreamReleased),
        ["terminal.snapshot.1"] = typeof(TerminalSnapshot),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> s_manifests = s_types.ToFrozenDictionary(t => t.Value, t => t.Key);

    /// <summary>The types that this serializer is bound to.</summary>
    public static Type[] Bindings => [typeof(JournaledEvent), typeof(IJournalRecord), typeof(LegSnapshot)];

    /// <summary>Every type that can be journaled.</summary>
    public static IEnumerable<Type> Types => s_manifests.Keys;

    /// <summary>The type behind a manifest; null when there is none.</summary>
    public static Type? TypeOf(string manifest) => s_types.GetValueOrDefault(manifest);

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) =>
        s_manifests.GetValueOrDefault(o.GetType()) ?? throw new SerializationException($"{o.GetType()} has no manifest and cannot be journaled.");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), JournalJson.Options);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) =>
        s_types.TryGetValue(manifest, out var type)
            ? JsonSerializer.Deserialize(bytes, type, JournalJson.Options) ?? throw new SerializationException($"A {manifest} in the journal is empty.")
            : throw new SerializationException($"The journal holds a {manifest}, which this version does not know: was it written by a newer version?");
}
