using System.Net;
using System.Text.Json.Serialization.Metadata;
using CSMultiConnector.Domain.Orders;
using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Binance;

/// <summary>An answer as this venue means it: body, status and code by the product's table.</summary>
internal sealed class BinanceReply
{
    private const int LongestText = 300;

    private readonly HttpReply _http;

    internal BinanceReply(HttpReply http, ErrorTable errors)
    {
        _http = http;
        if (http.Status is null || http.IsSuccess) return;
        var error = VenueJson.Read(http.Body, BinanceJson.Default.ErrorWire);
        Code = error is { Code: not 0 } ? error.Code.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        Text = Clean(error?.Msg ?? System.Text.Encoding.UTF8.GetString(http.Body.AsSpan(0, Math.Min(http.Body.Length, LongestText))));

        // The same words in another form are those of whatever stands in between, and say nothing of what became of a request.
        Row = errors.Find(Code, error?.Msg is null ? "" : Text);
    }

    /// <summary>A refusal of ours: nothing was sent.</summary>
    internal static BinanceReply NotSent(string why, TimeSpan wait, ErrorTable errors) => new(HttpReply.None(why) with { RetryAfter = wait }, errors) { HeldBack = true };

    /// <summary>True when our own count of the venue's limits kept it back.</summary>
    internal bool HeldBack { get; private init; }

    /// <summary>The venue's code; empty = none.</summary>
    internal string Code { get; } = "";

    /// <summary>The venue's text.</summary>
    internal string Text { get; } = "";

    /// <summary>The row of the table; null = not listed, or no error.</summary>
    internal ErrorRow? Row { get; }

    internal TimeSpan? RetryAfter => _http.RetryAfter;

    internal HttpStatusCode? Status => _http.Status;

    internal bool IsSuccess => _http.IsSuccess;

    internal byte[] Body => _http.Body;

    /// <summary>Too many requests: the venue wants silence.</summary>
    internal bool IsLimited => (int?)_http.Status is 429 or 418;

    /// <summary>Too many orders of this account, and nothing else.</summary>
    internal bool IsTooManyOrders => (int?)_http.Status is 429 && Code == BinanceErrors.TooManyOrders;

    /// <summary>What happened, for a person.</summary>
    internal string Why => _http.Status is not { } status ? _http.Failure
        : IsSuccess ? "the venue answered something that could not be understood"
        : Code.Length > 0 ? $"{Code} {Text}"
        : $"the venue answered {(int)status}{(Text.Length > 0 ? $": {Text}" : "")}";

    internal bool Has(ErrorEffect effect) => Row?.Has(effect) ?? false;

    /// <summary>The body of a success that can be read, or null.</summary>
    internal T? Read<T>(JsonTypeInfo<T> type)
        where T : class => IsSuccess ? VenueJson.Read(_http.Body, type) : null;

    /// <summary>Why nothing of an order lives, when the venue proved it; null = it may live.</summary>
    internal Rejection? Refusal()
    {
        if (_http.Status is not { } status || IsSuccess) return null;
        if (IsLimited) return Of(RejectionClass.Wait);
        if (status == HttpStatusCode.Forbidden && Code.Length == 0)
            return new Rejection(RejectionClass.Account, "403", "The venue's firewall refuses this address or this request; look at the venue's notices, then resume.", RetryAfter);
        if (status == HttpStatusCode.UnavailableForLegalReasons) return Of(RejectionClass.Account);
        if ((int)status >= 500)
        {
            // Other answers of the 500s come from whatever stands in between, and prove nothing.
            return status == HttpStatusCode.ServiceUnavailable && Row is { Class: { } known } row && row.Has(ErrorEffect.ProvedByServerError) ? Of(known) : null;
        }

        if (status == HttpStatusCode.RequestTimeout || (int)status < 400 || Code.Length == 0) return null;

        // An error of the 400s with a code is the venue's own refusal; one that the table does not list is told in its words.
        return Row is null ? Of(RejectionClass.Permanent) : Row.Class is { } listed ? Of(listed) : null;
    }

    /// <summary>Why there is no answer to a reading.</summary>
    internal VenueFailure Failure(string what)
    {
        var kind = HeldBack || IsLimited ? FailureKind.RateLimited
            : Refusal()?.Class == RejectionClass.Account ? FailureKind.Account
            : FailureKind.Unavailable;
        return new VenueFailure(kind, $"{what}: {Why}", RetryAfter);
    }

    private static string Clean(string text)
    {
        var clean = new string([.. text.Take(LongestText).Where(c => !char.IsControl(c))]);
        return clean.TrimStart().StartsWith('<') ? "" : clean;
    }

    private Rejection Of(RejectionClass kind) => new(kind, Code.Length > 0 ? Code : ((int)_http.Status!.Value).ToString(System.Globalization.CultureInfo.InvariantCulture), Text.Length > 0 ? Text : Why, RetryAfter);
}
