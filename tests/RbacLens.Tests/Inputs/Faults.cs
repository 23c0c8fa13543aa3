using System.Text;
using Microsoft.AspNetCore.Http;

namespace RbacLens.Tests.Inputs;

/// <summary>Something that goes wrong with one request.</summary>
/// <param name="context">The request.</param>
/// <param name="recording">What the answer would have been.</param>
delegate Task Fault(HttpContext context, Recording recording);

/// <summary>What goes wrong with API servers, and with what stands in front of them.</summary>
static class Faults
{
    /// <summary>A refusal with the Status object that the API server sends.</summary>
    public static Fault Status(int status, string reason, string message = "") => (context, _) =>
        Write(context, status, "application/json", Encoding.UTF8.GetBytes(
            $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{status}}}"""));

    public static Fault Unauthorized { get; } = Status(401, "Unauthorized", "Unauthorized");

    public static Fault Forbidden { get; } = (context, recording) => Status(
        403, "Forbidden", $"{context.Request.Path.Value!.Split('/')[^1]} is forbidden: User \\\"auditor\\\" cannot list it")(context, recording);

    public static Fault NotFound { get; } = (context, _) => Write(context, 404, "text/plain; charset=utf-8", "404 page not found\n"u8.ToArray());

    /// <summary>The recorded answer to a continue token that is too old.</summary>
    public static Fault Expired { get; } = (context, _) => Write(context, 410, "application/json", Recordings.Expired.Body);

    /// <summary>The server is busy, and says for how long: seconds, or a date.</summary>
    public static Fault Busy(int status, string? retryAfter) => (context, _) =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return Write(context, status, "text/plain", "Too many requests, please try again later.\n"u8.ToArray());
    };

    /// <summary>The answer comes, but late.</summary>
    public static Fault Slow(TimeSpan delay) => async (context, recording) =>
    {
        await Task.Delay(delay, context.RequestAborted);
        await Write(context, 200, "application/json", recording.Body);
    };

    /// <summary>The connection breaks in the middle of the answer.</summary>
    public static Fault CutOff { get; } = async (context, recording) =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(recording.Body.AsMemory(0, recording.Body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>An answer that ends properly, in the middle of its JSON.</summary>
    public static Fault Truncated { get; } = (context, recording) => Write(context, 200, "application/json", recording.Body[..(recording.Body.Length / 2)]);

    public static Fault Garbage { get; } = Text("application/json", "]]] not json at all");

    public static Fault LoginPage { get; } = Text("text/html; charset=utf-8", "<html><body>Please log in</body></html>");

    public static Fault Redirect { get; } = (context, _) =>
    {
        context.Response.Headers.Location = "https://login.example.com/";
        return Write(context, 302, "text/html", []);
    };

    /// <summary>Any 200 answer.</summary>
    public static Fault Text(string type, string body) => (context, _) => Write(context, 200, type, Encoding.UTF8.GetBytes(body));

    static Task Write(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(body).AsTask();
    }
}
