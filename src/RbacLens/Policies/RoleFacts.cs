using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Facts about roles as they are written.</summary>
sealed class RoleFacts(Snapshot snapshot, Authorizer authorizer, Stock stock)
{
    const string AggregateTo = "rbac.authorization.k8s.io/aggregate-to-";

    public IEnumerable<Observed> Unused()
    {
        if (!snapshot.IsComplete("RoleBinding") || !snapshot.IsComplete("ClusterRoleBinding"))
            return [];
        var bound = snapshot.Bindings.Select(authorizer.Resolve).OfType<Role>().ToHashSet(ReferenceEqualityComparer.Instance);
        var aggregating = snapshot.Roles.Where(role => !role.Aggregates.IsEmpty).ToList();
        return from role in snapshot.Roles
               where !bound.Contains(role) && !ComesWithKubernetes(role) && !IsAggregated(role)
               select Observed.Of(role, "no binding refers to it, and no role in use aggregates it");

        bool IsAggregated(Role role) => role.Scope.IsCluster && aggregating.Exists(other =>
            other.Name != role.Name && other.Selects(role.Labels) && (bound.Contains(other) || ComesWithKubernetes(other)));
    }

    public IEnumerable<Observed> Dead()
    {
        var known = new Dictionary<(RuleSet, bool), string>();
        foreach (var role in snapshot.Roles)
        {
            if (!known.TryGetValue((role.Rules, role.Scope.IsCluster), out var dead))
                known.Add((role.Rules, role.Scope.IsCluster), dead = string.Join("; ", DeadRules.In(role)));
            if (dead.Length > 0 && !stock.Ships(role))
                yield return Observed.Of(role, dead);
        }
    }

    public IEnumerable<Observed> Outdated(ImmutableArray<GoneResource> away)
    {
        if (snapshot.Cluster.Release is not { } release)
            return [];
        return from role in snapshot.Roles
               where role.Aggregates.IsEmpty
               group role by role.Rules into alike
               let gone = string.Join("; ", RemovedResources.In(alike.First(), release, away))
               where gone.Length > 0
               from role in alike
               where !stock.Ships(role)
               select Observed.Of(role, gone);
    }

    /// <summary>Stars in verbs, resources and groups. In an API group of one's own, a star means one's own objects.</summary>
    public IEnumerable<Observed> Wildcards() =>
        from role in snapshot.Roles
        where role.Aggregates.IsEmpty && role.Rules.Any(HasStar) && !stock.Ships(role)
        let stars = role.Rules.Index().Where(entry => HasStar(entry.Item)).Select(entry => entry.Index).ToList()
        select Observed.Of(role, $"{(stars.Count == 1 ? "rule" : "rules")} {string.Join(", ", stars)}: {string.Join("; ", stars.Take(3).Select(i => Spell(role.Rules[i])))}{(stars.Count > 3 ? "; …" : "")}");

    /// <summary>What other ClusterRoles put into admin, edit and view, beyond the resources of a group of their own.</summary>
    public IEnumerable<Observed> Widening() =>
        from role in snapshot.Roles
        where role.Scope.IsCluster && role.Aggregates.IsEmpty && !stock.Ships(role)
        let roles = role.Labels.Where(label => label.Value == "true" && label.Key.StartsWith(AggregateTo, StringComparison.Ordinal))
            .Select(label => label.Key[AggregateTo.Length..]).Order(StringComparer.Ordinal).ToList()
        where roles.Count > 0
        from observed in Widened(role, roles)
        select observed;

    static IEnumerable<Observed> Widened(Role role, List<string> widened)
    {
        var rules = role.Rules.Index().Where(entry => IsSensitive(entry.Item)).Select(entry => entry.Index).ToList();
        var writing = widened.Contains("view") ? role.Rules.Index().Where(entry => !IsReading(entry.Item)).Select(entry => entry.Index).ToList() : [];
        if (rules.Count > 0)
            yield return Observed.Of(role, $"becomes part of {string.Join(", ", widened)}, with {string.Join("; ", rules.Select(i => Spell(role.Rules[i])))}") with
            {
                Severity = widened.Contains("view") ? Severity.High : Severity.Medium,
            };
        else if (writing.Count > 0)
            yield return Observed.Of(role, $"becomes part of view, which is for looking, with {string.Join("; ", writing.Select(i => Spell(role.Rules[i])))}");
    }

    static readonly string[] Looking = ["get", "list", "watch"];

    static bool IsReading(PolicyRule rule) => rule.Verbs.All(Looking.Contains);

    // More than anybody expects of "edit": Secrets of all kinds are in it, but neither roles nor what reaches nodes.
    static bool IsSensitive(PolicyRule rule) =>
        rule.Resources.AdmitsAll && rule.ApiGroups.Any(group => group == "*" || KnownResources.Serves(group))
        || (rule.ApiGroups.Admits("") && (rule.Resources.Lists("secrets") || rule.Resources.Lists("pods/exec") || rule.Resources.Lists("nodes/proxy") || rule.Resources.Lists("serviceaccounts/token")) && rule.ResourceNames.IsEmpty)
        || (rule.ApiGroups.Admits("rbac.authorization.k8s.io") && !IsReading(rule));

    static bool HasStar(PolicyRule rule) =>
        rule.ApiGroups.AdmitsAll || rule.NonResourceUrls.AdmitsAll
        || ((rule.Verbs.AdmitsAll || rule.Resources.AdmitsAll) && (rule.Resources.IsEmpty || rule.ApiGroups.Any(KnownResources.Serves)));

    static string Spell(PolicyRule rule) => rule.Resources.IsEmpty
        ? $"{rule.Verbs} on {rule.NonResourceUrls}"
        : $"{rule.Verbs} on {rule.Resources}{(rule.ApiGroups is [""] ? "" : $" in {string.Join(",", rule.ApiGroups.Select(group => group.Length == 0 ? "the core group" : group))}")}";

    // view, edit and admin are there for anyone to be bound to, whatever was aggregated into them.
    bool ComesWithKubernetes(Role role) => stock.Knows(role);
}
