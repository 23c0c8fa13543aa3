using System.Collections.Frozen;
using System.Collections.Immutable;

namespace RbacLens.Rbac;

/// <summary>
/// The resources of <see cref="KnownResources"/> with their short names and subresources, as Kubernetes 1.26 to 1.36 and its kubelets know them.
/// </summary>
static class BuiltInTypes
{
    static readonly FrozenDictionary<string, string> ShortNames = Pairs(
        "certificatesigningrequests csr", "componentstatuses cs", "configmaps cm", "cronjobs cj", "customresourcedefinitions crd,crds", "daemonsets ds",
        "deployments deploy", "endpoints ep", "events ev", "horizontalpodautoscalers hpa", "ingresses ing", "ipaddresses ip", "limitranges limits",
        "namespaces ns", "networkpolicies netpol", "nodes no", "persistentvolumeclaims pvc", "persistentvolumes pv", "poddisruptionbudgets pdb", "pods po",
        "podsecuritypolicies psp", "priorityclasses pc", "replicasets rs", "replicationcontrollers rc", "resourcequotas quota", "serviceaccounts sa",
        "services svc", "statefulsets sts", "storageclasses sc", "volumeattributesclasses vac");

    static readonly FrozenDictionary<string, string> Subresources = Pairs(
        "apiservices status", "certificatesigningrequests approval,status", "cronjobs status", "customresourcedefinitions status", "daemonsets status",
        "deployments scale,status", "flowschemas status", "horizontalpodautoscalers status", "ingresses status", "jobs status", "namespaces finalize,status",
        "networkpolicies status", "nodes checkpoint,configz,healthz,log,metrics,pods,proxy,spec,stats,status,statusz", "persistentvolumeclaims status",
        "persistentvolumes status", "podcertificaterequests status", "poddisruptionbudgets status",
        "pods attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status", "prioritylevelconfigurations status",
        "replicasets scale,status", "replicationcontrollers scale,status", "resourceclaims binding,driver,status", "resourcequotas status", "servicecidrs status",
        "serviceaccounts token", "services proxy,status", "statefulsets scale,status", "storageversionmigrations status", "storageversions status",
        "validatingadmissionpolicies status", "volumeattachments status");

    // Not served by any API server, and named by no list of Kubernetes either.
    static readonly ImmutableArray<ResourceType> Synthetic = [new("authentication.k8s.io", "userextras", IsNamespaced: false)];

    /// <summary>All of them, the group that kubectl prefers first.</summary>
    public static ImmutableArray<ResourceType> All { get; } =
    [
        .. from known in KnownResources.All
           where !Synthetic.Any(type => type.Group == known.Group && type.Plural == known.Plural)
           select new ResourceType(known.Group, known.Plural, known.IsNamespaced)
           {
               ShortNames = known.Group == "metrics.k8s.io" ? [] : Listed(ShortNames, known.Plural),
               Subresources = known.Group is "metrics.k8s.io" or "authentication.k8s.io" ? [] : Listed(Subresources, known.Plural),
           },
        .. Synthetic,
    ];

    static ImmutableArray<string> Listed(FrozenDictionary<string, string> table, string plural) =>
        table.TryGetValue(plural, out var words) ? [.. words.Split(',')] : [];

    static FrozenDictionary<string, string> Pairs(params ReadOnlySpan<string> lines)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            pairs.Add(line[..space], line[(space + 1)..]);
        }

        return pairs.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
