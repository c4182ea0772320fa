using System.Text.Json;
using CSMultiConnector.Actors.History;
using CSMultiConnector.Actors.Journal;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Legs;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Ports;
using CSMultiConnector.Storage.History;

namespace CSMultiConnector.Host.Composition;

/// <summary>Reads the history of a leg back into orders with what led to each and what became of it.</summary>
internal sealed class ExplanationsOverHistory(HistoryStore history) : IExplanations
{
    /// <summary>How many entries are looked through at most: an order makes about four.</summary>
    private const int MaxEntries = 5_000;

    /// <summary>How many events besides orders are told.</summary>
    private const int MaxEvents = 20;

    public async Task<ExplanationDto?> ExplainAsync(ConnectorId connector, LegId leg, int orders, CancellationToken cancellation)
    {
        await history.FlushAsync(cancellation);
        var entries = await NewestAsync(connector, leg, orders, cancellation);
        if (entries.Count == 0) return null;
        var found = new Dictionary<ClientOrderId, OrderTale>();
        var events = new List<ExplainedEventDto>();
        // Newest first was needed to find them. What a start brought back stands after what is younger: the journal's order counts.
        foreach (var entry in entries.AsEnumerable().Reverse().OrderBy(e => e.Source?.SequenceNumber))
        {
            var step = new ExplainedEventDto(entry.Time, entry.Kind, entry.Text);
            switch (Read(entry))
            {
                case IntentDecided decided:
                    found[decided.Intent.Order.ClientOrderId] = new OrderTale(decided.Intent);
                    break;
                case OrderAcknowledged acknowledged when found.TryGetValue(acknowledged.ClientOrderId, out var tale):
                    tale.Steps.Add(step);
                    break;
                case OrderFilled filled when found.TryGetValue(filled.ClientOrderId, out var tale):
                    tale.Steps.Add(step);
                    tale.Progress = filled.Progress;
                    break;
                case OrderCostsTold told when found.TryGetValue(told.ClientOrderId, out var tale):
                    tale.Steps.Add(step);
                    tale.Progress = tale.Progress with { AveragePrice = told.AveragePrice, Fees = told.Fees };
                    break;
                case IntentClosed closed when found.TryGetValue(closed.ClientOrderId, out var tale):
                    tale.Steps.Add(step);
                    tale.End = closed.End;
                    break;
                case OrderAcknowledged or OrderFilled or OrderCostsTold or IntentClosed:
                    // Belongs to an order older than those that were asked for.
                    break;
                default:
                    events.Add(step);
                    break;
            }
        }

        events.Reverse();
        return new ExplanationDto(
            connector.Value,
            leg.ToString(),
            null,
            [.. found.Values.OrderByDescending(t => t.Intent.Number).Take(orders).Select(t => t.ToDto())],
            [.. events.Take(MaxEvents)]);
    }

    private async Task<List<HistoryEntry>> NewestAsync(ConnectorId connector, LegId leg, int orders, CancellationToken cancellation)
    {
        var entries = new List<HistoryEntry>();
        long? before = null;
        for (var intents = 0; intents < orders && entries.Count < MaxEntries;)
        {
            var page = await history.QueryAsync(
                new HistoryQuery { Connector = connector, Leg = leg, NewestFirst = true, BeforeId = before, Limit = HistoryQuery.MaxLimit }, cancellation);
            entries.AddRange(page.Entries);
            intents += page.Entries.Count(e => e.Kind == HistoryText.Intent);
            if (!page.More) break;
            before = page.Entries[^1].Id;
        }

        return entries;
    }

    private static JournaledEvent? Read(HistoryEntry entry) => entry.Data is not { } data ? null : entry.Kind switch
    {
        HistoryText.Intent => JsonSerializer.Deserialize<IntentDecided>(data, JournalJson.Options),
        "order-open" => JsonSerializer.Deserialize<OrderAcknowledged>(data, JournalJson.Options),
        "fill" => JsonSerializer.Deserialize<OrderFilled>(data, JournalJson.Options),
        HistoryText.Costs => JsonSerializer.Deserialize<OrderCostsTold>(data, JournalJson.Options),
        "intent-end" => JsonSerializer.Deserialize<IntentClosed>(data, JournalJson.Options),
        _ => null,
    };

    private sealed class OrderTale(Intent intent)
    {
        public Intent Intent => intent;

        public FillProgress Progress { get; set; } = FillProgress.None;

        public IntentEnd? End { get; set; }

        public List<ExplainedEventDto> Steps { get; } = [];

        public ExplainedOrderDto ToDto() => new(
            intent.Order.ClientOrderId.Value,
            intent.Number,
            intent.DecidedAt,
            intent.Order.Instrument.Value,
            StatusMapping.Wire(intent.Order.Side),
            intent.Order.Quantity.Value,
            intent.Order.ReduceOnly,
            ToDto(intent.Reason, intent.Order.PositionSide),
            Progress.Filled.Value,
            Progress.AveragePrice?.Value,
            End is { } end ? StatusMapping.Wire(end) : null,
            Steps);

        private static OrderReasonDto ToDto(IntentReason r, PositionSide side) => new(
            [.. r.Contributions.Select(c => ToDto(c, r.ContractSize, side))],
            r.TargetExact,
            r.Target.Value,
            r.TargetExact - r.Target.Value,
            r.Uncopied.Value,
            r.Foreign.Value,
            r.Drift.Value,
            r.Goal.Value,
            r.Actual.Value,
            r.ContractSize);

        private static ContributionDto ToDto(Contribution c, decimal contractSize, PositionSide side)
        {
            var lots = side switch { PositionSide.Long => c.Level.Long.Value, PositionSide.Short => -c.Level.Short.Value, _ => c.Level.Net.Value };
            return new ContributionDto(
                c.Source.Stream.Terminal.ToString(),
                c.Source.Stream.Magic.Value,
                c.Source.Symbol.Value,
                c.Level.Long.Value,
                c.Level.Short.Value,
                c.BaseUnitsPerLot,
                lots * c.BaseUnitsPerLot / contractSize,
                StatusMapping.Wire(c.Knowledge),
                c.Tickets);
        }
    }
}
