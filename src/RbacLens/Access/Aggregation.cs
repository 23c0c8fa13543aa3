using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// What the clusterrole-aggregation controller would have written. A live cluster's stored rules are used as they are; manifests need this.
/// </summary>
public static class Aggregation
{
    /// <summary>The roles with every aggregated ClusterRole filled in, chains of aggregation followed until nothing changes.</summary>
    public static IReadOnlyList<Role> Resolve(IReadOnlyList<Role> roles)
    {
        var resolved = roles.ToArray();
        var aggregating = Enumerable.Range(0, resolved.Length)
            .Where(i => resolved[i] is { Scope.IsCluster: true, Aggregates.IsEmpty: false })
            .ToList();
        // A chain is at most as long as there are aggregating roles; a cycle that never settles stops there too.
        for (var round = 0; round <= aggregating.Count; round++)
        {
            var changed = false;
            foreach (var i in aggregating)
            {
                var rules = RulesOf(resolved[i], resolved);
                changed |= !rules.Equals(resolved[i].Rules);
                resolved[i] = resolved[i] with { Rules = rules };
            }

            if (!changed)
                break;
        }

        return resolved;
    }

    /// <summary>The ClusterRoles that a rule of an aggregated ClusterRole comes from, by name; none for a rule that was written there.</summary>
    public static IEnumerable<Role> SourcesOf(Role aggregating, PolicyRule rule, IEnumerable<Role> roles) =>
        from role in roles
        where role.Scope.IsCluster && role.Name != aggregating.Name && role.Rules.Contains(rule)
        where aggregating.Selects(role.Labels)
        orderby role.Name
        select role;

    /// <summary>One step: the rules of all other ClusterRoles that any selector selects, by name, exact repeats dropped.</summary>
    public static RuleSet RulesOf(Role aggregating, IEnumerable<Role> roles) => RuleSet.Of(
        roles
            .Where(role => role.Scope.IsCluster && role.Name != aggregating.Name)
            .Where(role => aggregating.Selects(role.Labels))
            .OrderBy(role => role.Name, StringComparer.Ordinal)
            .SelectMany(role => role.Rules)
            .Distinct());
}
