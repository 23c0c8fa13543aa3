using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// What many requests of a log have in common: who asked what of the API server, and what came of it. A log of millions of requests holds
/// some thousands of deeds, so everything is judged by deed.
/// </summary>
public sealed record Deed
{
    /// <summary>Who authenticated, with the groups the log shows.</summary>
    public required Identity User { get; init; }

    /// <summary>As whom the request was made (<c>impersonatedUser</c>); null where nobody was impersonated.</summary>
    public Identity? ActingAs { get; init; }

    /// <summary>The uid of whom the request was made as, where the impersonator gave one; otherwise empty.</summary>
    public string ActingUid { get; init; } = "";

    /// <summary>The further attributes of whom the request was made as, where the impersonator gave some.</summary>
    public ImmutableArray<(string Key, string Value)> ActingExtra { get; init; } = [];

    /// <summary>
    /// What the authorizer was asked. <c>create</c> and <c>deletecollection</c> name no object there, though the log may; see
    /// <see cref="ObjectName"/>.
    /// </summary>
    public required AccessRequest Request { get; init; }

    /// <summary>The object as the log names it; empty where it names none, or where names were too many to keep apart.</summary>
    public string ObjectName { get; init; } = "";

    /// <summary>
    /// What followed the subresource in the URL of a proxied request, as in <c>/exec/ns/pod/container</c>; of <c>pods/exec</c> the first word of
    /// the command; of a dry run <see cref="DryRun"/>. Arguments and queries are left out, since they may hold secrets.
    /// </summary>
    public string Tail { get; init; } = "";

    /// <summary>The tail of a write that was only tried: nothing was stored.</summary>
    public const string DryRun = "?dryRun=All";

    /// <summary>What the authorizer said.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>The HTTP status of the answer; 0 where the log does not hold it.</summary>
    public int Code { get; init; }

    /// <summary>What allowed it, where the log's annotation names a binding.</summary>
    public AllowReason? AllowedBy { get; init; }

    /// <summary>
    /// Whether the log says who allowed it. Where it does and names no binding, RBAC did not: it was system:masters, the node authorizer, or a
    /// webhook.
    /// </summary>
    public bool IsAnnotated { get; init; }

    /// <summary>What the annotations say about the credential.</summary>
    public CredentialMark Credential { get; init; }

    /// <summary>
    /// Whether the impersonation itself was refused, so that nothing was ever asked as <see cref="ActingAs"/>, who then is as far known as the
    /// answer says.
    /// </summary>
    public bool IsRefusedToActAs { get; init; }

    /// <summary>Whether it came from the API server itself: <c>system:apiserver</c> over the loopback interface.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>What the request's body says, where the log holds it and a detection asks for it; otherwise null.</summary>
    public BodyFacts? Body { get; init; }

    /// <summary>Whose permissions counted.</summary>
    public Identity Effective => ActingAs ?? User;

    /// <summary>The namespace asked in; empty for none, or all of them.</summary>
    public string Namespace => Request.Namespace;

    /// <summary>The object without scheme and port, which proxied names carry: <c>grafana</c> of <c>http:grafana:3000</c>.</summary>
    public string PlainName =>
        Request is AccessRequest.Resource { Subresource: "proxy" } ? ProxyName.Plain(ObjectName) : ObjectName;
}

/// <summary>What the authorizer said about a request.</summary>
public enum Outcome
{
    /// <summary>The log holds no answer.</summary>
    Unknown,

    /// <summary>It was allowed, whatever came of it afterwards.</summary>
    Allowed,

    /// <summary>It was refused.</summary>
    Refused,
}

/// <summary>What the API server noted about the token a request came with.</summary>
public enum CredentialMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A token past the time it should have been refreshed (<c>authentication.k8s.io/stale-token</c>).</summary>
    Stale,

    /// <summary>A token from a Secret, without expiry (<c>authentication.k8s.io/legacy-token</c>).</summary>
    Legacy,

    /// <summary>A token from a Secret that the cleaner had already put out of use (<c>authentication.k8s.io/legacy-token-invalidated</c>).</summary>
    Invalidated,
}

/// <summary>What a request's body says, as far as detections ask.</summary>
public sealed record BodyFacts
{
    /// <summary>IP addresses written to a pod's status; of those that are copied from elsewhere in the pod <see cref="Changes"/> tells.</summary>
    public Names PodAddresses { get; init; } = Names.None;

    /// <summary>The account the pods will run as; empty where the body says none; null where it describes no pods, or leaves their account as it is.</summary>
    public string? RunsAs { get; init; }

    /// <summary>The controller that the pod belongs to, as <c>ReplicaSet front-5d98</c>; empty for what people make.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Ways in which the pods are not separated from their node.</summary>
    public HostAccess Host { get; init; }

    /// <summary>What else of the pods the Pod Security standard <c>baseline</c> does not allow, as <c>hostPort 80</c>.</summary>
    public Names BelowBaseline { get; init; } = Names.None;

    /// <summary>
    /// Hosts that the kubelet asks for probes and lifecycle hooks instead of the pod, which the standard does not allow from Kubernetes 1.34 on.
    /// </summary>
    public Names ProbeHosts { get; init; } = Names.None;

    /// <summary>Host directories that the pods mount, as <c>/var/run/docker.sock (Socket)</c>.</summary>
    public Names HostPaths { get; init; } = Names.None;

    /// <summary>The role that a binding refers to.</summary>
    public RoleRef? RoleRef { get; init; }

    /// <summary>Whom a binding names, spelled as reports do: <c>Group sre</c>.</summary>
    public Names Subjects { get; init; } = Names.None;

    /// <summary>The rules of a role; of a patch those that it writes as a whole.</summary>
    public RuleSet Rules { get; init; } = RuleSet.Empty;

    /// <summary>Whether these are all the rules that the role has.</summary>
    public bool HoldsAllRules { get; init; }

    /// <summary>Whether a part of a rule, of which the rest is not known, becomes a wildcard.</summary>
    public bool WritesWildcard { get; init; }

    /// <summary>Whether a role gathers the rules of others by their labels, so that its own say nothing.</summary>
    public bool IsAggregated { get; init; }

    /// <summary>The roles that a role's rules become a part of: <c>admin</c> for the label <c>rbac.authorization.k8s.io/aggregate-to-admin</c>.</summary>
    public Names AggregatesTo { get; init; } = Names.None;

    /// <summary>What a JSON patch changes of rules, subjects, labels or, unseen, of a pod's addresses, operation by operation, where the log does not hold what came of it.</summary>
    public Names Changes { get; init; } = Names.None;

    /// <summary>What a patch of a role or a binding changes; for what is written as a whole <see cref="Part.Rights"/>.</summary>
    public Part Touches { get; init; } = Part.Rights;

    /// <summary>Whether the pod stands for one that a kubelet runs by itself, from a file on its node.</summary>
    public bool IsMirror { get; init; }

    /// <summary>Whether a certificate is denied.</summary>
    public bool IsDenial { get; init; }

    /// <summary>The signer that a certificate is asked of.</summary>
    public string Signer { get; init; } = "";
}

/// <summary>The parts of a role or a binding, the most telling last.</summary>
public enum Part
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Owners, finalizers and managed fields.</summary>
    Ownership,

    /// <summary>Annotations and the like.</summary>
    Description,

    /// <summary>Rules, subjects, or labels, by which a role may become a part of others.</summary>
    Rights,
}

/// <summary>The names that proxied requests carry: <c>[scheme:]name[:port]</c> (apimachinery util/net, port_split.go).</summary>
public static class ProxyName
{
    /// <summary>The object's own name. RBAC compares the whole text, so that each spelling is a name of its own there.</summary>
    public static string Plain(string name) => name.Split(':') switch
    {
        [var only] => only,
        [var first, var second] => first is "http" or "https" && !second.All(char.IsAsciiDigit) ? second : first,
        [_, var middle, ..] => middle,
        _ => name,
    };
}
