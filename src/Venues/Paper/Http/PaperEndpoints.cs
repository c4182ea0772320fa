using System.Collections.Immutable;
using CSMultiConnector.Domain.Amounts;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Paper.Misbehaviour;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>Account, instruments, holdings and prices.</summary>
internal static class PaperAccountEndpoints
{
    internal static void Map(RouteGroupBuilder group, PaperExchange exchange)
    {
        group.MapGet("account", async (HttpContext context) =>
            await PaperReply.AnswerAsync(context, await exchange.OpenAccountAsync(PaperReply.Account(context), new PaperAccountOptions(), context.RequestAborted), AccountWire.Of));
        group.MapPost("account", async (HttpContext context) =>
        {
            var wanted = await PaperReply.BodyAsync<AccountOptionsWire>(context);
            await PaperReply.AnswerAsync(context, await exchange.OpenAccountAsync(PaperReply.Account(context), wanted.ToDomain(), context.RequestAborted), AccountWire.Of);
        });
        group.MapGet("holdings", async (HttpContext context) =>
            await PaperReply.AnswerAsync(context, await exchange.HoldingsAsync(PaperReply.Account(context), context.RequestAborted), all => all.Select(HoldingWire.Of).ToArray()));
        group.MapGet("instruments", async (HttpContext context) =>
            await PaperReply.AnswerAsync(context, await exchange.InstrumentsAsync(PaperReply.Account(context).Product, context.RequestAborted), all => all.Select(InstrumentWire.Of).ToArray()));
        group.MapPost("instruments", async (HttpContext context) =>
        {
            var product = PaperReply.Account(context).Product;
            var listed = await PaperReply.BodyAsync<ListWire>(context) switch
            {
                { Instrument: { } instrument, Symbol: null } => await exchange.ListAsync(product, instrument.ToDomain(product), context.RequestAborted),
                { Symbol: { } symbol, Instrument: null } => await exchange.ListAsync(product, symbol.ToDomain(), context.RequestAborted),
                _ => throw new FormatException("give either instrument or symbol."),
            };
            await PaperReply.AnswerAsync(context, listed, InstrumentWire.Of);
        });
        group.MapPost("prices", async (HttpContext context) =>
        {
            var price = await PaperReply.BodyAsync<PriceWire>(context);
            var set = await exchange.SetPriceAsync(PaperReply.Account(context).Product, new InstrumentId(price.Instrument), new Price(price.Price), context.RequestAborted);
            await PaperReply.AnswerAsync(context, set, _ => price);
        });
    }
}

/// <summary>Orders and fills. A lost answer closes the connection without one.</summary>
internal static class PaperOrderEndpoints
{
    private const int MaxPage = 1_000;

    internal static void Map(RouteGroupBuilder group, PaperExchange exchange)
    {
        group.MapPost("orders", async (HttpContext context) =>
        {
            var order = await PaperReply.BodyAsync<OrderWire>(context);
            if (!ClientOrderId.IsValid(order.ClientOrderId)) throw new FormatException("clientOrderId must be 18 lower-case letters and digits.");
            switch (await exchange.SubmitAsync(PaperReply.Account(context), order.ToDomain(), CancellationToken.None))
            {
                case SubmitOutcome.Confirmed confirmed: await PaperReply.OkAsync(context, ReportWire.Of(confirmed.Report)); break;
                case SubmitOutcome.Rejected rejected: await PaperReply.RejectedAsync(context, rejected.Rejection); break;
                case SubmitOutcome.DeniedLocally denied: await PaperReply.RejectedAsync(context, denied.Reason); break;
                default: context.Abort(); break;
            }
        });
        group.MapGet("orders/{id}", async (HttpContext context, string id) =>
        {
            switch (await exchange.FindAsync(PaperReply.Account(context), Id(id), context.RequestAborted))
            {
                case LookupOutcome.Found found: await PaperReply.OkAsync(context, ReportWire.Of(found.Report)); break;
                case LookupOutcome.NotFound: await NoOrderAsync(context, id); break;
                case LookupOutcome.Incomplete incomplete: await PaperReply.ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, new ErrorWire("unavailable", "incomplete", incomplete.Why)); break;
            }
        });
        group.MapDelete("orders/{id}", async (HttpContext context, string id) =>
        {
            switch (await exchange.CancelAsync(PaperReply.Account(context), Id(id), CancellationToken.None))
            {
                case CancelOutcome.Accepted { Report: { } report }: await PaperReply.OkAsync(context, ReportWire.Of(report)); break;
                case CancelOutcome.NothingToCancel: await NoOrderAsync(context, id); break;
                case CancelOutcome.Rejected rejected: await PaperReply.RejectedAsync(context, rejected.Rejection); break;
                default: context.Abort(); break;
            }
        });
        group.MapGet("orders", async (HttpContext context) =>
        {
            var (after, limit) = Page(context);
            await PaperReply.AnswerAsync(
                context,
                await exchange.OrdersAsync(PaperReply.Account(context), after, limit, context.RequestAborted),
                all => new OrdersWire([.. all.Select(ReportWire.Of)], all.Length == limit ? all[^1].Number : null));
        });
        group.MapGet("open-orders", async (HttpContext context) =>
            await PaperReply.AnswerAsync(context, await exchange.OpenOrdersAsync(PaperReply.Account(context), context.RequestAborted), all => all.Select(ReportWire.Of).ToArray()));
        group.MapGet("fills", async (HttpContext context) =>
        {
            var (after, limit) = Page(context);
            await PaperReply.AnswerAsync(
                context,
                await exchange.FillsAsync(PaperReply.Account(context), after, limit, context.RequestAborted),
                all => new FillsWire([.. all.Select(FillWire.Of)], all.Length == limit ? all[^1].Number : null));
        });
    }

    private static ClientOrderId Id(string text) => ClientOrderId.IsValid(text) ? new ClientOrderId(text) : throw new FormatException("the client order id must be 18 lower-case letters and digits.");

    private static (long After, int Limit) Page(HttpContext context) =>
        (PaperReply.Number(context, "after", 0, long.MaxValue), Math.Max(1, (int)PaperReply.Number(context, "limit", 100, MaxPage)));

    private static Task NoOrderAsync(HttpContext context, string id) =>
        PaperReply.ErrorAsync(context, StatusCodes.Status404NotFound, new ErrorWire("query", PaperHttpGateway.NoOrderCode, $"There is no such open or known order: {id}."));
}

/// <summary>The misbehaviour script and trades by hand.</summary>
internal static class PaperScriptEndpoints
{
    internal static void Map(RouteGroupBuilder group, PaperExchange exchange)
    {
        group.MapGet("misbehave", (HttpContext context) => PaperReply.OkAsync(context, exchange.Misbehaviour.Rules));
        group.MapPost("misbehave", async (HttpContext context) =>
        {
            var rule = await PaperReply.BodyAsync<PaperRule>(context);
            if (exchange.Misbehaviour.Add(rule) is { } wrong) await PaperReply.ErrorAsync(context, StatusCodes.Status422UnprocessableEntity, new ErrorWire("permanent", "rule", wrong));
            else await PaperReply.OkAsync(context, exchange.Misbehaviour.Rules);
        });
        group.MapDelete("misbehave", async (HttpContext context) =>
        {
            exchange.Misbehaviour.Clear();
            await PaperReply.OkAsync(context, ImmutableArray<PaperRule>.Empty);
        });
        group.MapPost("trades", async (HttpContext context) =>
        {
            var trade = await PaperReply.BodyAsync<TradeWire>(context);
            if (trade.Kind == Matching.PaperTradeKind.Order) throw new FormatException("kind must be byHand or liquidation.");
            await PaperReply.AnswerAsync(context, await exchange.TradeAsync(PaperReply.Account(context), trade.ToDomain(), context.RequestAborted), FillWire.Of);
        });
        group.MapDelete("events", async (HttpContext context) =>
        {
            exchange.Disconnect(PaperReply.Account(context));
            await PaperReply.OkAsync(context, ImmutableArray<string>.Empty);
        });
    }
}

/// <summary>Server-sent events of one account.</summary>
internal static class PaperStreamEndpoint
{
    internal static void Map(RouteGroupBuilder group, PaperExchange exchange, TimeSpan heartbeat, CancellationToken stopping) =>
        group.MapGet("events", async (HttpContext context) =>
        {
            var account = PaperReply.Account(context);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            var reader = exchange.Subscribe(account);
            try
            {
                await using var beat = exchange.Time.CreateTimer(_ => reader.Beat(), null, heartbeat, heartbeat);
                context.Response.ContentType = "text/event-stream";
                context.Response.Headers.CacheControl = "no-store";

                // The first line says that nothing is missed from here on.
                await context.Response.WriteAsync(": ready\n\n", until.Token);
                await context.Response.Body.FlushAsync(until.Token);
                await foreach (var what in reader.ReadAsync(until.Token))
                {
                    var line = what is null ? ": beat\n\n" : $"data: {System.Text.Json.JsonSerializer.Serialize(EventWire.Of(what), PaperJson.Options)}\n\n";
                    await context.Response.WriteAsync(line, until.Token);
                    await context.Response.Body.FlushAsync(until.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The reader is gone.
            }
            finally
            {
                exchange.Unsubscribe(account, reader);
            }
        });
}
