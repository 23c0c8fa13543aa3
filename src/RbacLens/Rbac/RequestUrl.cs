namespace RbacLens.Rbac;

/// <summary>
/// What the API server's authorizers are asked for an HTTP request (apiserver pkg/endpoints/request, requestinfo.go). Versions are not part
/// of the answer: RBAC ignores them.
/// </summary>
public static class RequestUrl
{
    /// <summary>The request that a method and a URL stand for.</summary>
    /// <param name="method">The HTTP method, in capitals.</param>
    /// <param name="url">Path and query as sent: <c>/api/v1/pods?watch=true</c>, percent-encoding and all.</param>
    /// <returns>Null for <c>/api/v1/watch</c> and its like, which end before they name a resource; the API server answers 500.</returns>
    public static AccessRequest? TryParse(string method, string url)
    {
        var question = url.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(question < 0 ? url : url[..question]);
        return path.Trim('/').Split('/') switch
        {
            ["api", _, .. { Length: > 0 } parts] => Resource("", parts),
            ["apis", var group, _, .. { Length: > 0 } parts] => Resource(group, parts),
            _ => new AccessRequest.Path(method.ToLowerInvariant(), path),
        };

        AccessRequest.Resource? Resource(string group, ReadOnlySpan<string> parts) => parts switch
        {
            ["watch" or "proxy"] => null,
            ["watch" or "proxy", .. var rest] => Located(parts[0], group, rest),
            _ => Narrowed(Located(Verb(method), group, parts), new(question < 0 ? "" : url[(question + 1)..])),
        };
    }

    // Any other method has no verb, and only a rule with "*" allows it.
    static string Verb(string method) => method switch
    {
        "POST" => "create",
        "GET" or "HEAD" => "get",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    // A namespace is itself a resource in its own namespace; only its two subresources are spelled without a resource of their own.
    static AccessRequest.Resource Located(string verb, string group, ReadOnlySpan<string> parts) => parts switch
    {
        ["namespaces", var ns, not ("status" or "finalize"), ..] => Named(verb, group, ns, parts[2..]),
        ["namespaces", var ns, ..] => Named(verb, group, ns, parts),
        _ => Named(verb, group, "", parts),
    };

    // What follows a subresource is the subresource's business; the old proxy verb has no subresources at all.
    static AccessRequest.Resource Named(string verb, string group, string ns, ReadOnlySpan<string> parts) => new(
        verb,
        group,
        parts[0],
        parts.Length > 2 && verb != "proxy" ? parts[2] : "",
        ns,
        parts.Length > 1 ? parts[1] : "");

    // Only here does a field selector count as a name: a collection that is deleted never has one.
    static AccessRequest.Resource Narrowed(AccessRequest.Resource request, ListQuery query) => request switch
    {
        { Name.Length: 0, Verb: "get" } => request with { Verb = query.IsWatch ? "watch" : "list", Name = query.Name },
        { Name.Length: 0, Verb: "delete" } => request with { Verb = "deletecollection" },
        _ => request,
    };
}
