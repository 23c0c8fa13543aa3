using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>What the API server says beside its data.</summary>
static class ApiStatus
{
    const int LongestBody = 64 * 1024;

    /// <summary>The server's reason for an error: the message of its Status object, else the HTTP status.</summary>
    public static async Task<string> WhyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return await MessageAsync(response, cancellation) is { Length: > 0 } message ? $"{message} ({status})" : $"status {status}";
    }

    /// <summary>How long the server asks to wait, from seconds or from a date; null where it does not say.</summary>
    public static TimeSpan? Wait(RetryConditionHeaderValue? retryAfter, DateTimeOffset now) =>
        (retryAfter?.Delta ?? (retryAfter?.Date - now)) is { } wait ? TimeSpan.FromTicks(Math.Max(0, wait.Ticks)) : null;

    static async Task<string> MessageAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/plain"))
            return "";
        var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[LongestBody];
        var read = await body.ReadAtLeastAsync(buffer, LongestBody, throwOnEndOfStream: false, cancellation);
        try
        {
            using var document = JsonDocument.Parse(buffer.AsMemory(0, read));
            return document.RootElement.TryGetProperty("message", out var message) ? UntrustedText.OneLine(message.GetString() ?? "") : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
