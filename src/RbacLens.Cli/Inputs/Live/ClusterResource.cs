using System.Collections.Immutable;

namespace RbacLens.Cli.Inputs.Live;

/// <summary>A resource that is listed; the right to list it is all that is needed.</summary>
/// <param name="Kind">The kind of its objects.</param>
/// <param name="Group">The path of its API group and version.</param>
/// <param name="Plural">Its name in the path.</param>
/// <param name="IsNamespaced">Whether its objects live in namespaces.</param>
sealed record ClusterResource(string Kind, string Group, string Plural, bool IsNamespaced)
{
    const string Core = "/api/v1", Rbac = "/apis/rbac.authorization.k8s.io/v1", Apps = "/apis/apps/v1", Batch = "/apis/batch/v1",
        Admission = "/apis/admissionregistration.k8s.io/v1";

    /// <summary>Everything a snapshot holds.</summary>
    public static ImmutableArray<ClusterResource> All { get; } =
    [
        new("ClusterRole", Rbac, "clusterroles", false),
        new("ClusterRoleBinding", Rbac, "clusterrolebindings", false),
        new("Role", Rbac, "roles", true),
        new("RoleBinding", Rbac, "rolebindings", true),
        new("Namespace", Core, "namespaces", false),
        new("Node", Core, "nodes", false),
        new("ServiceAccount", Core, "serviceaccounts", true),
        new("Pod", Core, "pods", true),
        new("Deployment", Apps, "deployments", true),
        new("DaemonSet", Apps, "daemonsets", true),
        new("StatefulSet", Apps, "statefulsets", true),
        new("ReplicaSet", Apps, "replicasets", true),
        new("Job", Batch, "jobs", true),
        new("CronJob", Batch, "cronjobs", true),
        new("MutatingWebhookConfiguration", Admission, "mutatingwebhookconfigurations", false),
        new("ValidatingWebhookConfiguration", Admission, "validatingwebhookconfigurations", false),
        new("CertificateSigningRequest", "/apis/certificates.k8s.io/v1", "certificatesigningrequests", false),
        // Without ",application/json" to fall back on, a server that cannot leave out the data answers 406 instead of sending it.
        new("Secret", Core, "secrets", true)
        {
            Selector = "fieldSelector=type%3Dkubernetes.io%2Fservice-account-token&",
            Accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        },
    ];

    /// <summary>The content type to ask for.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The part of the query that selects objects, ending with an ampersand; empty for all objects.</summary>
    public string Selector { get; init; } = "";

    /// <summary>The path of the list, of the whole cluster or of one namespace.</summary>
    public string Path(string? @namespace) =>
        @namespace is null ? $"{Group}/{Plural}" : $"{Group}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}";
}
