using System.Diagnostics;

namespace RbacLens.Rbac;

/// <summary>Kubernetes' own record: verbs × apiGroups × resources × resourceNames, or verbs × nonResourceURLs.</summary>
public sealed record PolicyRule
{
    /// <summary>The verbs; <c>*</c> stands for all, synthetic ones included.</summary>
    public Names Verbs { get; init; } = Names.None;

    /// <summary>The API groups; the empty string is the core group, <c>*</c> stands for all.</summary>
    public Names ApiGroups { get; init; } = Names.None;

    /// <summary>The resources: <c>pods</c>, <c>pods/exec</c>, <c>*/scale</c> or <c>*</c>.</summary>
    public Names Resources { get; init; } = Names.None;

    /// <summary>The object names the rule is limited to; empty for no limit.</summary>
    public Names ResourceNames { get; init; } = Names.None;

    /// <summary>URL paths; a trailing <c>*</c> covers everything below.</summary>
    public Names NonResourceUrls { get; init; } = Names.None;

    /// <summary>
    /// Whether this rule alone allows the request, decided as the API server decides it
    /// (plugin/pkg/auth/authorizer/rbac, RuleAllows; the same from Kubernetes 1.26 to 1.36).
    /// </summary>
    public bool Allows(AccessRequest request) => AllowsForSomeName(request) && (request is not AccessRequest.Resource resource || AllowsName(resource.Name));

    /// <summary>Whether this rule allows the request, as <see cref="Allows"/>, for an object of some name, if not for the one asked for.</summary>
    public bool AllowsForSomeName(AccessRequest request) => Verbs.Admits(request.Verb) && request switch
    {
        AccessRequest.Resource r => ApiGroups.Admits(r.ApiGroup) && AllowsResource(r),
        AccessRequest.Path p => AllowsUrl(p.Url),
        _ => throw new UnreachableException(),
    };

    bool AllowsResource(AccessRequest.Resource request)
    {
        foreach (var listed in Resources.AsSpan())
            if (listed == "*" || listed == request.Spelling || IsEverySubresource(listed, request.Subresource))
                return true;
        return false;
    }

    // "*/scale" is the only wildcard beside "*": "pods/*" means a subresource that is called "*".
    static bool IsEverySubresource(string listed, string subresource) =>
        subresource.Length > 0
        && listed.Length == subresource.Length + 2
        && listed.StartsWith("*/", StringComparison.Ordinal)
        && listed.EndsWith(subresource, StringComparison.Ordinal);

    // A named rule never allows an unnamed request, so "create" cannot be narrowed by name.
    bool AllowsName(string name) => ResourceNames.IsEmpty || ResourceNames.Lists(name);

    bool AllowsUrl(string url)
    {
        foreach (var pattern in NonResourceUrls.AsSpan())
            if (Covers(pattern, url))
                return true;
        return false;
    }

    /// <summary>Whether a nonResourceURLs entry covers a URL: <c>*</c>, the same text, or a prefix before trailing stars.</summary>
    public static bool Covers(string pattern, string url) =>
        pattern == "*"
        || pattern == url
        || (pattern.EndsWith('*') && url.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal));
}
