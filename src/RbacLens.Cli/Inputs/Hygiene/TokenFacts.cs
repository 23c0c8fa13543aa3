using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Hygiene;

/// <summary>What a bearer token tells without being verified, and without being shown.</summary>
/// <param name="Whose">Whom it logs in as, in words; null where it does not tell.</param>
/// <param name="Expires">When it ends; null for never.</param>
/// <param name="Lifetime">How long it lives in all; null where it does not tell.</param>
/// <param name="Audiences">Whom it is for.</param>
/// <param name="Fingerprint">Sixteen hex digits of its SHA-256 digest, to tell tokens apart by.</param>
sealed record TokenFacts(
    string? Whose, DateTimeOffset? Expires, TimeSpan? Lifetime, ImmutableArray<string> Audiences, string Fingerprint)
{
    /// <summary>Whether it has an expiry that is no time: what a server makes of that is anybody's guess.</summary>
    public bool IsExpiryUnreadable { get; init; }

    const int LongestToken = 100_000;

    /// <summary>Reads a JSON Web Token; null for anything else.</summary>
    public static TokenFacts? TryRead(string token)
    {
        if (token.Length > LongestToken || token.Split('.') is not [var header, var body, _])
            return null;
        try
        {
            using var first = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            return first.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.ValueKind == JsonValueKind.Object
                ? Of(claims.RootElement, token)
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What another shape of token is, as far as its look tells.</summary>
    public static string Shape(string token) => token switch
    {
        _ when IsBootstrapToken(token) => "a bootstrap token, with which nodes join",
        _ when token.StartsWith("sha256~", StringComparison.Ordinal) => "an OpenShift OAuth token, valid for a day unless configured otherwise",
        _ when token.StartsWith("k8s-aws-v1.", StringComparison.Ordinal) => "an EKS token, valid for a quarter of an hour",
        _ when token.StartsWith("ya29.", StringComparison.Ordinal) => "a Google access token, valid for an hour",
        _ => "a token that does not tell when it ends, as those of a static token file",
    };

    /// <summary>Whether tokens of that shape end by themselves within a day.</summary>
    public static bool IsShortLived(string token) =>
        token.StartsWith("sha256~", StringComparison.Ordinal) || token.StartsWith("k8s-aws-v1.", StringComparison.Ordinal) || token.StartsWith("ya29.", StringComparison.Ordinal);

    // Six characters, a dot, sixteen characters (cluster-bootstrap token/api).
    static bool IsBootstrapToken(string token) => token.Length == 23 && token[6] == '.' && token.Remove(6, 1).All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    static TokenFacts Of(JsonElement claims, string token)
    {
        var (expires, issued) = (Time(claims, "exp"), Time(claims, "iat") ?? Time(claims, "nbf"));
        return new(
            Who(claims), expires, expires - issued, [.. Texts(claims, "aud")],
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 8)))
        {
            IsExpiryUnreadable = expires is null && claims.TryGetProperty("exp", out var claim) && claim.ValueKind != JsonValueKind.Null,
        };
    }

    // A legacy token spells account and namespace in flat claims; all of them have the username in sub.
    static string? Who(JsonElement claims) => Texts(claims, "sub").FirstOrDefault() switch
    {
        null => null,
        var subject when Rbac.WellKnown.TryServiceAccount(subject) is { } account => UntrustedText.OneLine($"ServiceAccount {account.Namespace}/{account.Name}"),
        var subject => UntrustedText.OneLine($"user {subject}"),
    };

    static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.Number && claim.TryGetDouble(out var seconds) && seconds is > 0 and < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    static IEnumerable<string> Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var claim) ? []
        : claim.ValueKind == JsonValueKind.String ? [claim.GetString()!]
        : claim.ValueKind == JsonValueKind.Array ? claim.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
        : [];

    /// <summary>A day, as reports write it.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A time span in days or hours.</summary>
    public static string Span(TimeSpan span) => span.TotalDays >= 2 ? $"{(int)span.TotalDays} days" : $"{(int)span.TotalHours} hours";
}
