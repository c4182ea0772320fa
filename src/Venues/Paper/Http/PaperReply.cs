using System.Globalization;
using CSMultiConnector.Domain.Orders;
using Microsoft.AspNetCore.Http;

namespace CSMultiConnector.Venues.Paper.Http;

/// <summary>Reads requests and writes answers.</summary>
internal static class PaperReply
{
    internal static PaperProduct? Product(HttpContext context) => (context.Request.RouteValues["product"] as string) switch
    {
        "spot" => PaperProduct.Spot,
        "futures" => PaperProduct.Futures,
        _ => null,
    };

    /// <summary>The account that the request names; a product that does not exist is a malformed request.</summary>
    internal static PaperAccountKey Account(HttpContext context)
    {
        var name = context.Request.Query["account"].ToString();
        if (name.Length > 0 && !PaperAccountKey.IsValidName(name)) throw new FormatException("account must have 1 to 64 letters, digits, '.', '_' or '-'.");
        return PaperAccountKey.Of(Product(context) ?? throw new FormatException("the product must be spot or futures."), name);
    }

    internal static long Number(HttpContext context, string name, long otherwise, long max)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0) return otherwise;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? Math.Min(value, max) : throw new FormatException($"{name} must be a whole number.");
    }

    internal static async Task<T> BodyAsync<T>(HttpContext context)
        where T : class =>
        await context.Request.ReadFromJsonAsync<T>(PaperJson.Options, context.RequestAborted) ?? throw new FormatException("the body is empty.");

    internal static Task OkAsync<T>(HttpContext context, T body) => context.Response.WriteAsJsonAsync(body, PaperJson.Options, context.RequestAborted);

    internal static Task ErrorAsync(HttpContext context, int status, ErrorWire error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(error, PaperJson.Options, context.RequestAborted);
    }

    internal static Task AnswerAsync<T, TWire>(HttpContext context, VenueAnswer<T> answer, Func<T, TWire> wire) => answer.IsSuccess
        ? OkAsync(context, wire(answer.Value))
        : ErrorAsync(context, StatusOf(answer.Failure.Kind), new ErrorWire(WireNames.Of(answer.Failure.Kind), WireNames.Of(answer.Failure.Kind), answer.Failure.Text, (long?)answer.Failure.RetryAfter?.TotalMilliseconds));

    internal static Task RejectedAsync(HttpContext context, Rejection rejection) => ErrorAsync(
        context,
        rejection.Class == RejectionClass.Query ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity,
        new ErrorWire(WireNames.Of(rejection.Class), rejection.Code, rejection.Text, (long?)rejection.RetryAfter?.TotalMilliseconds));

    private static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        FailureKind.RateLimited => StatusCodes.Status429TooManyRequests,
        FailureKind.Account => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}

/// <summary>Names of enums on the wire.</summary>
internal static class WireNames
{
    internal static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal static T? Parse<T>(string? text)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(v => string.Equals(Of(v), text, StringComparison.Ordinal)).Select(v => (T?)v).FirstOrDefault();
}
