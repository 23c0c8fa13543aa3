using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Resources that Kubernetes no longer serves.</summary>
/// <param name="ApiGroup">Their API group.</param>
/// <param name="Resources">As rules spell them; a resource brings its subresources along.</param>
/// <param name="Since">The first release without them.</param>
/// <param name="Instead">What took their place, an API group as a rule; null for nothing.</param>
/// <param name="Source">Where Kubernetes says so.</param>
public sealed record GoneResource(string ApiGroup, Names Resources, KubernetesVersion Since, string? Instead, string Source)
{
    /// <summary>Whether a rule that names this means one of them.</summary>
    public bool Is(string apiGroup, string resource) =>
        ApiGroup == apiGroup && (Resources.Lists(resource) || Resources.Lists(resource.Split('/', 2)[0]));

    /// <summary>Some of them, as in <c>ingresses of extensions went with Kubernetes 1.22 (now networking.k8s.io)</c>.</summary>
    public string Spell(IEnumerable<string> resources) =>
        $"{string.Join(", ", resources.Distinct())} of {ApiGroup} went with Kubernetes {Since}{(Instead is null ? "" : $" (now {Instead})")}";
}
