using System.Collections.Frozen;
using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>The verbs that the API server's authorizers are asked about.</summary>
public static class RequestVerbs
{
    /// <summary>What HTTP requests for resources come down to (apiserver requestinfo.go).</summary>
    public static ImmutableArray<string> OfResources { get; } = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <summary>HTTP methods, which are the verbs of URLs.</summary>
    public static ImmutableArray<string> OfUrls { get; } = ["get", "head", "post", "put", "patch", "delete", "options", "connect", "trace"];

    /// <summary>Verbs that no HTTP method stands for: the API server, admission or an extension asks about them.</summary>
    public static ImmutableArray<string> Synthetic { get; } =
    [
        "approve", "attest", "bind", "escalate", "impersonate", "impersonate:arbitrary-node", "impersonate:associated-node", "impersonate:serviceaccount",
        "impersonate:user-info", TokenAudience, "sign", "unsafe-delete-ignore-read-errors", "use",
    ];

    /// <summary>Asked with an audience in the place of the resource (admission plugin NodeRestriction).</summary>
    public const string TokenAudience = "request-serviceaccounts-token-audience";

    // Verbs that go with another one: impersonate-on:user-info:list, arbitrary-node:update, …
    static readonly ImmutableArray<string> Prefixes = ["impersonate-on:", "associated-node:", "arbitrary-node:"];

    static readonly FrozenSet<string> AboutOneNamespace = FrozenSet.Create(StringComparer.Ordinal, "list", "watch", "create", "deletecollection");

    /// <summary>Whether requests with this verb never name an object in their path.</summary>
    public static bool NamesNothing(string verb) => AboutOneNamespace.Contains(verb);

    /// <summary>
    /// Whether a verb is asked about a resource without namespace in the namespace of something else: a ClusterRole is bound in that of the
    /// RoleBinding, a pod security policy used in that of the pod.
    /// </summary>
    public static bool CountsInNamespace(string verb, string plural) => (verb == "bind" && plural == "clusterroles") || verb == "use";

    /// <summary>The group that a verb's resources are in where they are in several; null where the usual one is meant.</summary>
    public static string? GroupOf(string verb) => verb.StartsWith("impersonate:", StringComparison.Ordinal) ? "authentication.k8s.io" : null;

    /// <summary>Why nobody can have asked with this verb; null where somebody can.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="isUrl">Whether a URL is asked for.</param>
    /// <param name="mentioned">Verbs that rules name: extensions invent their own.</param>
    public static string? Problem(string verb, bool isUrl, IEnumerable<string> mentioned)
    {
        var known = isUrl ? OfUrls : [.. OfResources, .. Synthetic];
        // Case matters to the authorizer, so that a role with GET allows nothing, and no request has such a verb.
        var lower = verb.ToLowerInvariant();
        if (verb != lower && known.Contains(lower))
            return $"verbs are in lower case: {lower}";
        if (verb == "*" || known.Contains(verb) || (!isUrl && (Prefixes.Any(prefix => verb.StartsWith(prefix, StringComparison.Ordinal)) || mentioned.Contains(verb, StringComparer.Ordinal))))
            return null;
        var hint = Similar.Hint(verb, known);
        return isUrl
            ? $"\"{verb}\" is no verb of URLs, which are HTTP methods: {string.Join(", ", OfUrls)}"
            : $"\"{verb}\" is no verb{(hint.Length > 0 ? hint : $"; expected {string.Join(", ", OfResources)}, or one that some role names, such as bind, escalate or impersonate")}";
    }
}
