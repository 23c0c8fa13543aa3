using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Rules for what Kubernetes used to serve.</summary>
static class RemovedResources
{
    /// <summary>
    /// The rules of a role that, in this release, allow nothing at all any more. A rule that also names what is still served is a common way
    /// to be ready for several releases, and left alone.
    /// </summary>
    public static IEnumerable<string> In(Role role, KubernetesVersion release, ImmutableArray<GoneResource> gone) =>
        from entry in role.Rules.Index()
        let rule = entry.Item
        where !rule.Resources.IsEmpty && !rule.ApiGroups.IsEmpty
        let away = (from served in rule.ApiGroups
                    from resource in rule.Resources
                    select (resource, thing: gone.FirstOrDefault(thing => thing.Since <= release && thing.Is(served, resource)))).ToList()
        where away.TrueForAll(one => one.thing is not null)
        select $"rule {entry.Index}: {string.Join(", ", away.GroupBy(one => one.thing!, one => one.resource).Select(alike => alike.Key.Spell(alike)))}";
}
