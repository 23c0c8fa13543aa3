using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Rules that can never allow anything, and why.</summary>
static class DeadRules
{
    /// <summary>What in a role does nothing however it is bound, one line per reason.</summary>
    public static IEnumerable<string> In(Role role) =>
        from entry in role.Rules.Index()
        from reason in Reasons(role, entry.Item)
        select $"rule {entry.Index}: {reason}";

    /// <summary>What in a ClusterRole does nothing when a RoleBinding refers to it.</summary>
    public static IEnumerable<string> Through(Role clusterRole) =>
        from entry in clusterRole.Rules.Index()
        let rule = entry.Item
        let reason = !rule.NonResourceUrls.IsEmpty && rule.Resources.IsEmpty ? $"URLs ({rule.NonResourceUrls})"
            : IsClusterScoped(rule) ? $"cluster-scoped resources ({rule.Resources})"
            : null
        where reason is not null
        select $"rule {entry.Index} does nothing: a RoleBinding never grants {reason}";

    static IEnumerable<string> Reasons(Role role, PolicyRule rule)
    {
        if (rule.Verbs.IsEmpty)
            yield return "no verbs";
        if (rule.Resources.IsEmpty && rule.NonResourceUrls.IsEmpty)
            yield return "neither resources nor URLs";
        if (!rule.Resources.IsEmpty && rule.ApiGroups.IsEmpty)
            yield return "no apiGroups";
        if (!rule.NonResourceUrls.IsEmpty && !role.Scope.IsCluster)
            yield return "URLs in a Role, which only a ClusterRole can grant";
        if (rule.ResourceNames.Lists("*"))
            yield return "* is no wildcard in resourceNames, and no object can be called so";
        foreach (var resource in rule.Resources)
            if (resource.EndsWith("/*", StringComparison.Ordinal) && !IsUserExtras(resource))
                yield return $"{resource} is no wildcard: it only means a subresource called *";
        foreach (var verb in rule.Verbs)
            if (CannotBeNamed(verb, rule) && !(verb == "create" && IsMadeByApply(role, rule)))
                yield return $"{verb} cannot be limited by resourceNames, so it is never allowed";
        foreach (var verb in rule.Verbs)
            if (HasCapitals(verb))
                yield return $"{verb} never matches: verbs and resources are lower case";
        foreach (var resource in rule.Resources)
            if (HasCapitals(resource))
                yield return $"{resource} never matches: verbs and resources are lower case";
        foreach (var group in rule.ApiGroups)
            if (group.Contains('/'))
                yield return $"{group} never matches: an API group is named without its version";
        foreach (var misplaced in Misplaced(rule))
            yield return misplaced;
    }

    static bool HasCapitals(string word) => word.AsSpan().ContainsAnyInRange('A', 'Z');

    /// <summary>
    /// Resources that none of the rule's groups serves. Only where all groups are Kubernetes' own, so that what they serve is known, and only
    /// where it is known what was meant: a release to come may serve more.
    /// </summary>
    static IEnumerable<string> Misplaced(PolicyRule rule)
    {
        if (rule.ApiGroups.IsEmpty || !rule.ApiGroups.All(KnownResources.Serves))
            yield break;
        foreach (var resource in rule.Resources)
        {
            if (AreServed(rule.ApiGroups, resource))
                continue;
            var plural = resource.Split('/', 2)[0];
            var groups = string.Join(", ", rule.ApiGroups.Select(Spell));
            if (KnownResources.GroupsOf(plural).ToList() is { Count: > 0 } elsewhere)
                yield return $"{resource} is not in {groups} but in {string.Join(", ", elsewhere.Select(Spell))}";
            else if (Plurals(plural).FirstOrDefault(name => AreServed(rule.ApiGroups, name)) is { } meant)
                yield return $"there is no {resource}: resources are named in the plural, {meant}";
        }
    }

    static bool AreServed(Names groups, string resource)
    {
        foreach (var group in groups)
            if (KnownResources.AreNamespaced(group, resource) is not null)
                return true;
        return false;
    }

    static string Spell(string group) => group.Length == 0 ? "the core group" : group;

    static IEnumerable<string> Plurals(string word) => [word + "s", word + "es", word.Length > 0 ? word[..^1] + "ies" : word];

    // Constrained impersonation asks for userextras/* in bulk: the one place where it is meant literally.
    static bool IsUserExtras(string resource) => resource == "userextras/*";

    static bool CannotBeNamed(string verb, PolicyRule rule) =>
        !rule.ResourceNames.IsEmpty && !rule.ResourceNames.Lists("")
        && (verb == "deletecollection" || (verb == "create" && !rule.Resources.Any(resource => resource == "*" || resource.Contains('/'))));

    // A server-side apply that makes the object is asked for as patch, and for create with its name.
    static bool IsMadeByApply(Role role, PolicyRule rule) => role.Rules.Any(other =>
        other.Verbs.Admits("patch") && rule.ApiGroups.Any(other.ApiGroups.Admits) && rule.Resources.Any(other.Resources.Admits));

    // What is asked of a single namespace object, and bind on a ClusterRole, do carry a namespace.
    static bool IsClusterScoped(PolicyRule rule) =>
        !rule.Resources.IsEmpty && !rule.ApiGroups.IsEmpty && !rule.ApiGroups.AdmitsAll
        && rule.Resources.All(resource =>
            resource is not ("namespaces" or "namespaces/status" or "namespaces/finalize")
            && rule.ApiGroups.All(group => KnownResources.AreNamespaced(group, resource) == false)
            && !(resource == "clusterroles" && rule.Verbs.Admits("bind")));
}
