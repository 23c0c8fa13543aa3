using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Probes;

/// <summary>What probes can find: texts and severities.</summary>
static class ProbePolicies
{
    const string Kubelet = "https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/";

    static readonly (string Id, Severity Severity, string Title, string Why, string Fix, string Reference)[] Table =
    [
        ("probe-anonymous-api", Severity.Medium, "Tells strangers what it serves",
            "The API server answered requests without any credential beyond health and version. What it serves tells an attacker which flaws to try.",
            "Unbind system:unauthenticated and system:anonymous from discovery roles, and limit anonymous requests to the paths that probes need (AuthenticationConfiguration anonymous.conditions, 1.34).",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests"),
        ("probe-anonymous-health", Severity.Info, "Answers health and version to strangers",
            "Kubernetes ships so (system:public-info-viewer). The exact version tells which flaws are not mended yet.",
            "Where nothing probes it without logging in, limit anonymous requests to /livez, /readyz and /healthz by conditions on paths.",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests"),
        ("probe-public-address", Severity.Low, "Is reached at an address of the public internet",
            "Everybody can try stolen credentials on it, and every flaw of the API server, before any network control is asked.",
            "Limit who may connect (authorized networks, a private endpoint, a VPN).",
            "https://kubernetes.io/docs/concepts/security/controlling-access/"),
        ("probe-other-authorizers", Severity.Info, "Asks other authorizers beside RBAC",
            "A webhook, ABAC or the Node authorizer may allow what no role shows, so RBAC alone is a lower bound of who can do what.",
            "Ask the other authorizer's owner for its rules (cloud IAM, access policies), and read them together with this report.",
            "https://kubernetes.io/docs/reference/access-authn-authz/authorization/"),
        ("probe-kubelet-anonymous", Severity.High, "Runs a kubelet that lets strangers in",
            "With authentication.anonymous.enabled the kubelet takes requests without credentials for system:anonymous; with authorization AlwaysAllow they may do everything, as run commands in every pod.",
            "Set authentication.anonymous.enabled to false, authentication.webhook.enabled to true and authorization.mode to Webhook.", Kubelet),
        ("probe-kubelet-always-allow", Severity.Critical, "Runs a kubelet that allows everything to whoever it knows",
            "authorization.mode AlwaysAllow skips the API server: whoever has a certificate of the cluster, or nothing at all where anonymous is on, runs commands in every pod of the node.",
            "Set authorization.mode to Webhook.", Kubelet),
        ("probe-kubelet-read-only-port", Severity.High, "Runs a kubelet with the read-only port open",
            "The port asks nobody who they are, and tells every pod of the node with its environment.",
            "Set readOnlyPort to 0.", Kubelet),
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<Policy> All { get; } =
    [
        .. from row in Table
           select new Policy
           {
               Id = row.Id,
               Area = "endpoints",
               Title = row.Title,
               Why = row.Why,
               Fix = row.Fix,
               Match = new Match.Elsewhere(),
               Needs = ["Endpoint"],
               References = [new(null, row.Reference)],
           },
    ];

    /// <summary>A finding of a probe.</summary>
    public static Finding Found(string id, Target about, string because) =>
        new(All.First(policy => policy.Id == id), about, [Scope.Cluster], Array.Find(Table, row => row.Id == id).Severity, because);
}
