using System.Collections.Frozen;

namespace RbacLens.Rbac;

/// <summary>
/// The resources that Kubernetes serves itself (1.26 to 1.36), and whether their objects live in namespaces. The names that only
/// authorizers know (<c>users</c>, <c>groups</c>, <c>signers</c>, …) are among them.
/// </summary>
public static class KnownResources
{
    static readonly (string Group, string Namespaced, string Cluster)[] Lines =
    [
        ("", "bindings configmaps endpoints events limitranges persistentvolumeclaims pods podtemplates replicationcontrollers resourcequotas "
            + "secrets serviceaccounts services", "componentstatuses groups namespaces nodes persistentvolumes users"),
        ("admissionregistration.k8s.io", "", "mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations "
            + "validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations"),
        ("apiextensions.k8s.io", "", "customresourcedefinitions"),
        ("apiregistration.k8s.io", "", "apiservices"),
        ("apps", "controllerrevisions daemonsets deployments replicasets statefulsets", ""),
        ("authentication.k8s.io", "serviceaccounts", "groups nodes selfsubjectreviews tokenreviews uids userextras users"),
        ("authorization.k8s.io", "localsubjectaccessreviews",
            "selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews"),
        ("autoscaling", "horizontalpodautoscalers", ""),
        ("batch", "cronjobs jobs", ""),
        ("certificates.k8s.io", "podcertificaterequests", "certificatesigningrequests clustertrustbundles signers"),
        ("coordination.k8s.io", "leasecandidates leases", ""),
        ("discovery.k8s.io", "endpointslices", ""),
        ("events.k8s.io", "events", ""),
        ("extensions", "daemonsets deployments ingresses networkpolicies replicasets", "podsecuritypolicies"),
        ("flowcontrol.apiserver.k8s.io", "", "flowschemas prioritylevelconfigurations"),
        ("internal.apiserver.k8s.io", "", "storageversions"),
        ("metrics.k8s.io", "pods", "nodes"),
        ("networking.k8s.io", "ingresses networkpolicies", "ingressclasses ipaddresses servicecidrs"),
        ("node.k8s.io", "", "runtimeclasses"),
        ("policy", "poddisruptionbudgets", "podsecuritypolicies"),
        ("rbac.authorization.k8s.io", "rolebindings roles", "clusterrolebindings clusterroles"),
        ("resource.k8s.io", "podschedulingcontexts resourceclaims resourceclaimtemplates",
            "deviceclasses devicetaintrules resourceclasses resourceslices"),
        ("scheduling.k8s.io", "workloads", "priorityclasses"),
        ("storage.k8s.io", "csistoragecapacities", "csidrivers csinodes storageclasses volumeattachments volumeattributesclasses"),
        ("storagemigration.k8s.io", "", "storageversionmigrations"),
    ];

    static readonly FrozenDictionary<(string Group, string Resource), bool> IsNamespaced = Table().ToFrozenDictionary();

    static readonly FrozenSet<string> Groups = IsNamespaced.Keys.Select(key => key.Group).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// True for resources with a namespace, false for cluster-scoped ones, null for what is not known (a custom resource, perhaps).
    /// </summary>
    /// <param name="apiGroup">The API group; empty for the core group.</param>
    /// <param name="resource">The resource, with or without its subresource.</param>
    public static bool? AreNamespaced(string apiGroup, string resource)
    {
        var plural = resource.IndexOf('/') is >= 0 and var slash ? resource[..slash] : resource;
        return IsNamespaced.TryGetValue((apiGroup, plural), out var namespaced) ? namespaced : null;
    }

    /// <summary>Every known resource; where a name is in several groups, the one that kubectl means without a group comes first.</summary>
    public static IEnumerable<(string Group, string Plural, bool IsNamespaced)> All =>
        Table().OrderBy(entry => Standing(entry.Key)).Select(entry => (entry.Key.Group, entry.Key.Resource, entry.Value));

    // Names that only authorizers know stand behind those that are served; what moved out of extensions stands before what stayed.
    static int Standing((string Group, string Resource) key) => key.Group switch
    {
        "" => 0,
        "extensions" or "authentication.k8s.io" or "metrics.k8s.io" or "events.k8s.io" => 2,
        _ => 1,
    };

    /// <summary>Whether Kubernetes itself serves this group, so that all its resources are known.</summary>
    public static bool Serves(string apiGroup) => Groups.Contains(apiGroup);

    /// <summary>The groups that serve a resource, those that only repeat or have left others out of account.</summary>
    /// <param name="plural">The resource, without subresource.</param>
    public static IEnumerable<string> GroupsOf(string plural) =>
        IsNamespaced.Keys.Where(key => key.Resource == plural && key.Group is not ("extensions" or "metrics.k8s.io" or "authentication.k8s.io"))
            .Select(key => key.Group).Order(StringComparer.Ordinal);

    static IEnumerable<KeyValuePair<(string Group, string Resource), bool>> Table() =>
        from line in Lines
        from list in new[] { (Names: line.Namespaced, Value: true), (Names: line.Cluster, Value: false) }
        from name in list.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select KeyValuePair.Create((line.Group, name), list.Value);
}
