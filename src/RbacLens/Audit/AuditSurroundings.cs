using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>What a log is held against.</summary>
public sealed record AuditSurroundings
{
    /// <summary>Namespaces that are worth more than others where nothing else is said; a trailing <c>*</c> is a prefix.</summary>
    public static Names UsuallySensitive { get; } = Names.Of(
        "kube-system", "kube-public", "kube-node-lease", "monitoring", "observability", "logging", "vault*", "cert-manager", "argocd", "flux-system", "gatekeeper-system",
        "kyverno", "istio-system", "external-secrets", "crossplane-system", "gitlab*", "jenkins", "tekton*", "velero", "openshift-*", "cattle-system", "rook-ceph");

    /// <summary>What ships with the cluster's version.</summary>
    public StockTraffic Stock { get; init; } = StockTraffic.None;

    /// <summary>The cluster; null where there is none to join with.</summary>
    public Snapshot? Cluster { get; init; }

    /// <summary>Namespaces that are worth more than others; a trailing <c>*</c> is a prefix.</summary>
    public Names SensitiveNamespaces { get; init; } = UsuallySensitive;

    /// <summary>Where pods and nodes of the cluster have their addresses.</summary>
    public ImmutableArray<AddressRange> Networks { get; init; } = [.. AddressRange.Private];

    /// <summary>Whether a namespace is worth more than others.</summary>
    public bool IsSensitive(string @namespace) => @namespace.Length > 0 && SensitiveNamespaces.Any(pattern => PolicyRule.Covers(pattern, @namespace));
}
