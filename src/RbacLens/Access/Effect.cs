using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>What of a rule can take effect where it is bound.</summary>
public static class Effect
{
    // More parts than any role has that people write; a hostile one could be made of billions.
    const long MostParts = 20_000;

    /// <summary>
    /// A rule as rules of one verb on one resource (of one name) or one URL each, without those that allow nothing in the scope. A rule of too
    /// many parts comes back as it is: it is compared as a whole.
    /// </summary>
    public static IEnumerable<PolicyRule> Atoms(PolicyRule rule, Scope scope) =>
        PartsOf(rule) > MostParts ? [rule] : Coverage.Atoms(rule).Where(atom => !IsIdle(atom, scope));

    /// <summary>Whether a rule of one part allows nothing there.</summary>
    public static bool IsIdle(PolicyRule atom, Scope scope) =>
        atom.NonResourceUrls.IsEmpty
            ? CannotBeNamed(atom) || (!scope.IsCluster && HasNoNamespace(atom))
            : !scope.IsCluster;

    static long PartsOf(PolicyRule rule) => (long)rule.Verbs.Count
        * (((long)rule.ApiGroups.Count * rule.Resources.Count * Math.Max(1, rule.ResourceNames.Count)) + rule.NonResourceUrls.Count);

    // Requests that create an object or delete a collection name none.
    static bool CannotBeNamed(PolicyRule atom) =>
        atom is { ResourceNames: [{ Length: > 0 }], Resources: [var resource], Verbs: [var verb] }
        && (verb == "deletecollection" || (verb == "create" && resource != "*" && !resource.Contains('/')));

    // A namespace is asked for in itself, and binding a ClusterRole in the namespace of the binding.
    static bool HasNoNamespace(PolicyRule atom) =>
        atom is { ApiGroups: [var group], Resources: [var resource], Verbs: [var verb] }
        && KnownResources.AreNamespaced(group, resource) == false
        && !(group.Length == 0 && resource is "namespaces" or "namespaces/status" or "namespaces/finalize")
        && !RequestVerbs.CountsInNamespace(verb == "*" ? "bind" : verb, resource);
}
