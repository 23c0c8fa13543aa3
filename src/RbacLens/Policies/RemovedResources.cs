using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Rules for what Kubernetes used to serve (kubernetes.io/docs/reference/using-api/deprecation-guide).</summary>
static class RemovedResources
{
    static readonly (string Group, string Resource, KubernetesVersion Removed, string? Instead)[] Gone =
    [
        ("extensions", "daemonsets", new(1, 16), "apps"),
        ("extensions", "deployments", new(1, 16), "apps"),
        ("extensions", "replicasets", new(1, 16), "apps"),
        ("extensions", "networkpolicies", new(1, 16), "networking.k8s.io"),
        ("extensions", "podsecuritypolicies", new(1, 16), null),
        ("extensions", "ingresses", new(1, 22), "networking.k8s.io"),
        ("policy", "podsecuritypolicies", new(1, 25), null),
        ("settings.k8s.io", "podpresets", new(1, 20), null),
        ("auditregistration.k8s.io", "auditsinks", new(1, 19), null),
        ("resource.k8s.io", "resourceclasses", new(1, 31), "deviceclasses"),
        ("resource.k8s.io", "podschedulingcontexts", new(1, 32), null),
    ];

    /// <summary>
    /// The rules of a role that, in this release, allow nothing at all any more. A rule that also names what is still served is a common way
    /// to be ready for several releases, and left alone.
    /// </summary>
    public static IEnumerable<string> In(Role role, KubernetesVersion release) =>
        from entry in role.Rules.Index()
        let rule = entry.Item
        where !rule.Resources.IsEmpty && !rule.ApiGroups.IsEmpty && !rule.ApiGroups.AdmitsAll && !rule.Resources.AdmitsAll
        let gone = (from thing in Gone
                    where rule.ApiGroups.Lists(thing.Group) && rule.Resources.Any(resource => Plural(resource) == thing.Resource) && release >= thing.Removed
                    select thing).ToList()
        where rule.ApiGroups.All(served => rule.Resources.All(resource => gone.Exists(thing => thing.Group == served && thing.Resource == Plural(resource))))
        select $"rule {entry.Index}: {string.Join(", ", gone.Select(Spell))}";

    static string Spell((string Group, string Resource, KubernetesVersion Removed, string? Instead) gone) =>
        $"{gone.Resource} of {gone.Group} went with Kubernetes {gone.Removed}{(gone.Instead is null ? "" : $" (now in {gone.Instead})")}";

    static string Plural(string resource) => resource.Split('/', 2)[0];
}
