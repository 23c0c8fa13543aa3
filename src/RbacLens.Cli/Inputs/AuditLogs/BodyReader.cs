using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads what detections want to know of a request's body, and nothing else.</summary>
static partial class BodyReader
{
    /// <summary>The facts, and bytes that are the same for the same facts; null where the log holds nothing of interest.</summary>
    public static (BodyFacts Facts, byte[] Key)? TryRead(Deed deed, ReadOnlySpan<byte> request, ReadOnlySpan<byte> response)
    {
        if (deed.Request is not AccessRequest.Resource asked)
            return null;
        try
        {
            return Read(deed, asked, request, response);
        }
        // Half a character is valid JSON, or nearly, and no text; nobody shall hide what he writes beside one.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return TryReadMended(deed, asked, request, response);
        }
    }

    static (BodyFacts Facts, byte[] Key)? TryReadMended(Deed deed, AccessRequest.Resource asked, ReadOnlySpan<byte> request, ReadOnlySpan<byte> response)
    {
        try
        {
            return Read(deed, asked, Mended(request), Mended(response));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static byte[] Mended(ReadOnlySpan<byte> body) => Encoding.UTF8.GetBytes(Surrogate().Replace(Encoding.UTF8.GetString(body), @"\ufffd"));

    static (BodyFacts Facts, byte[] Key)? Read(Deed deed, AccessRequest.Resource asked, ReadOnlySpan<byte> request, ReadOnlySpan<byte> response)
    {
        using var written = Parse(request);
        // A patch shows only what changes; what came of it shows the whole object. Of a status only what was asked for matters.
        var wantsAnswer = deed.Code < 300 && (written is null || (asked.Verb == "patch" && asked.Spelling != "pods/status"));
        using var answered = wantsAnswer ? Parse(response) : null;
        var body = new Body(asked, written?.RootElement, answered?.RootElement is { } came && Text(Member(came, "kind")) != "Status" ? came : null);
        return Facts(body) is { } facts ? (facts, Encoding.UTF8.GetBytes(KeyOf(facts))) : null;
    }

    // What an API server takes in, and so writes into its log (apimachinery, util/json, maxDepth).
    static readonly JsonDocumentOptions AsDeepAsServed = new() { MaxDepth = 10_000 };

    static JsonDocument? Parse(ReadOnlySpan<byte> body) => body is [(byte)'{' or (byte)'[', ..] ? JsonDocument.Parse(body.ToArray(), AsDeepAsServed) : null;

    static BodyFacts? Facts(Body body) => body switch
    {
        { Asked.Verb: "delete" or "deletecollection" } or { IsEmpty: true } => null,
        { Asked: { Plural: "pods", Subresource: "status" } } => new()
        {
            PodAddresses = Names.Of(PodAddresses.In(body.Changed).Distinct().Order(StringComparer.Ordinal)),
            Changes = Names.Of(PodAddresses.Unseen(body.Changed).Distinct().Order(StringComparer.Ordinal)),
        },
        { Asked.Plural: "clusterrolebindings" or "rolebindings" or "clusterroles" or "roles" } => GrantBody.Facts(body),
        { Asked: { ApiGroup: "certificates.k8s.io" } } => Certificate(body.Whole),
        _ => PodBody.Facts(body),
    };

    static BodyFacts Certificate(JsonElement body)
    {
        var decided = Elements(Member(Member(body, "status"), "conditions")).Select(condition => Text(Member(condition, "type"))).ToList();
        return new() { Signer = Text(Member(Member(body, "spec"), "signerName")), IsDenial = decided.Contains("Denied") && !decided.Contains("Approved") };
    }

    static string KeyOf(BodyFacts facts) => string.Join('\0',
        facts.PodAddresses, facts.Owner, facts.RunsAs, facts.Host, facts.HostPaths, facts.BelowBaseline, facts.ProbeHosts, facts.RoleRef, facts.Subjects, facts.Signer, facts.IsMirror, facts.IsDenial, facts.RunsAs is null,
        facts.Changes, facts.Touches, facts.HoldsAllRules, facts.WritesWildcard, facts.IsAggregated, facts.AggregatesTo,
        string.Join('\u0001', facts.Rules.Select(rule => string.Join('\u0002', rule.Verbs, rule.ApiGroups, rule.Resources, rule.ResourceNames, rule.NonResourceUrls))));

    internal static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    internal static IEnumerable<JsonElement> Elements(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    // Half a surrogate pair is valid JSON but no text.
    internal static string Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    internal static Names Texts(JsonElement element, string name) => Names.Of(Elements(Member(element, name)).Select(item => Text(item)));

    [GeneratedRegex(@"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Surrogate();

    internal static bool IsTrue(JsonElement? element) => element is { ValueKind: JsonValueKind.True };
}
