using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>
/// What a kubelet asks the API server before it serves a request on its own port (kubelet/server/auth.go). Through the API server the same
/// paths are all <c>nodes/proxy</c>.
/// </summary>
public static class KubeletPath
{
    /// <summary>The subresources of <c>nodes</c> that open a path, in the order they are asked: any one is enough.</summary>
    /// <param name="path">The path on the kubelet's port: <c>/exec/ns/pod/container</c>.</param>
    /// <param name="fineGrained">Whether KubeletFineGrainedAuthz is on: by default from 1.33.</param>
    public static Names Subresources(string path, bool fineGrained) => path switch
    {
        _ when IsUnder(path, "/stats") => Names.Of("stats"),
        _ when IsUnder(path, "/metrics") => Names.Of("metrics"),
        _ when IsUnder(path, "/logs") => Names.Of("log"),
        _ when IsUnder(path, "/checkpoint") => Names.Of("checkpoint"),
        _ when IsUnder(path, "/statusz") => Names.Of("statusz"),
        _ when IsUnder(path, "/flagz") => Names.Of("configz"),
        _ when fineGrained && (IsUnder(path, "/pods") || IsUnder(path, "/runningpods")) => Names.Of("pods", "proxy"),
        _ when fineGrained && IsUnder(path, "/healthz") => Names.Of("healthz", "proxy"),
        _ when fineGrained && IsUnder(path, "/configz") => Names.Of("configz", "proxy"),
        _ => Names.Of("proxy"),
    };

    /// <summary>The requests that open a path of a node's kubelet, in the order they are asked: any one is enough.</summary>
    /// <param name="method">The HTTP method. HEAD has no verb here, so that only a rule with <c>*</c> allows it.</param>
    /// <param name="path">The path on the kubelet's port.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="fineGrained">Whether KubeletFineGrainedAuthz is on: by default from 1.33.</param>
    public static ImmutableArray<AccessRequest.Resource> Requests(string method, string path, string node, bool fineGrained) =>
        [.. Subresources(path, fineGrained).Select(subresource => new AccessRequest.Resource(Verb(method), "", "nodes", subresource, Name: node))];

    static string Verb(string method) => method switch
    {
        "POST" => "create",
        "GET" => "get",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    static bool IsUnder(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
