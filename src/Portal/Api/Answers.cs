using CSMultiConnector.Actors.Control;
using Microsoft.AspNetCore.Http;

namespace CSMultiConnector.Portal.Api;

/// <summary>How answers of the control plane become HTTP answers.</summary>
internal static class Answers
{
    /// <summary>200 with the text, or problem+json with the code.</summary>
    public static IResult Of(CommandResult result) => result.Ok
        ? Results.Json(new CommandDto(true, result.Text, result.Code), PortalJson.Default.CommandDto)
        : Problem(result.Code, result.Text);

    /// <summary>There is no such thing.</summary>
    public static IResult NotFound(string text) => Problem("not-found", text);

    /// <summary>The request makes no sense.</summary>
    public static IResult Invalid(string text) => Problem("invalid", text);

    private static IResult Problem(string code, string text)
    {
        var (status, title) = code switch
        {
            "not-found" => (StatusCodes.Status404NotFound, "There is no such thing"),
            "invalid" => (StatusCodes.Status400BadRequest, "The request makes no sense"),
            "conflict" => (StatusCodes.Status409Conflict, "Not in this state"),
            "unavailable" => (StatusCodes.Status503ServiceUnavailable, "Not now"),
            _ => (StatusCodes.Status500InternalServerError, "It did not work"),
        };
        return Results.Problem(text, null, status, title, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });
    }
}
