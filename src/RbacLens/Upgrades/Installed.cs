using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>What is to be installed, held against what runs now: role by role, as a chart's binding may come from elsewhere.</summary>
static class Installed
{
    public static IEnumerable<Finding> Proxies(UpgradeCase upgrade, Policy policy) =>
        from pair in Pairs(upgrade)
        let had = GivesProxy(pair.Now, upgrade.Present!)
        let has = GivesProxy(pair.Next, upgrade.Snapshot)
        // Whoever keeps every resource by a wildcard keeps far more than this, which a scan says.
        where had != has || (has && (SpellsProxyOut(pair.Now) || SpellsProxyOut(pair.Next)))
        let instead = pair.Next is null || has ? "" : Instead(pair.Now!, pair.Next)
        let wildcard = has && !SpellsProxyOut(pair.Next) ? " by a wildcard" : ""
        select !has ? Found(upgrade, policy, pair, Severity.Info, pair.Next is null ? "is gone, and nodes/proxy with it" : $"drops nodes/proxy{instead}")
            : Found(upgrade, policy, pair, had ? Severity.High : Severity.Critical, $"{(had ? "keeps" : "takes up")} nodes/proxy{wildcard}, with which get runs commands in every pod of every node");

    /// <summary>What <c>diff</c> says of roles.</summary>
    public static IEnumerable<Finding> Roles(UpgradeCase upgrade, Policy policy) =>
        upgrade.Present is not { } present ? [] :
        from change in AccessChanges.ByRole(present, upgrade.Snapshot)
        where change.Gained.Length + change.Lost.Length > 0 && !upgrade.From.Stock.Ships(change.Role)
        let word = change.Old is null ? "is new: " : change.New is null ? "is gone: " : ""
        let parts = new[] { change.Gained.IsEmpty ? "" : $"gains {RuleWords.Of(change.Gained)}", change.Lost.IsEmpty ? "" : $"loses {RuleWords.Of(change.Lost)}" }
        select Found(upgrade, policy, new(change.Old, change.New), Severity.Info, word + string.Join("; ", parts.Where(part => part.Length > 0)));

    public static IEnumerable<Finding> Scan(UpgradeCase upgrade, Policy policy, Names except) =>
        upgrade.Present is not { } present ? [] :
        from change in ScanChanges.Between(Evaluate(upgrade, present), Evaluate(upgrade, upgrade.Snapshot))
        // What another change says of a role it says only where the role changes, not where somebody else is bound to it.
        where !except.Lists(change.Finding.Policy.Id) || !change.Finding.Grants.Any(grant => IsChanged(grant.Role, present, upgrade.Snapshot))
        select change.IsNew
            ? ScanChanges.Said(policy, change.Finding, change.Finding.Severity, "in what is to be installed")
            : ScanChanges.Said(policy, change.Finding, Severity.Info, "in what runs now, and no longer in what is to be installed");

    sealed record Pair(Role? Now, Role? Next)
    {
        public Role Either => (Next ?? Now)!;
    }

    static IEnumerable<Pair> Pairs(UpgradeCase upgrade)
    {
        if (upgrade.Present is not { } present)
            return [];
        var (before, after) = (ByName(present), ByName(upgrade.Snapshot));
        return from key in before.Keys.Union(after.Keys)
               orderby key.Kind, key.Scope, key.Name
               let pair = new Pair(before.GetValueOrDefault(key), after.GetValueOrDefault(key))
               where !upgrade.From.Stock.Ships(pair.Either)
               select pair;
    }

    // Nodes belong to no namespace. A chart may leave the binding of a role that spells it out to others; a wildcard says something only
    // where it reaches nodes.
    static bool GivesProxy(Role? role, Snapshot snapshot) =>
        role is { Scope.IsCluster: true }
        && (SpellsProxyOut(role) || (role.Rules.Any(KubeletAccess.AllowsProxy) && HeldAccess.GrantsOf(role, snapshot).Any(grant => grant.Binding.Scope.IsCluster)));

    static bool SpellsProxyOut(Role? role) => role is { Scope.IsCluster: true } && role.Rules.Any(KubeletAccess.GivesProxy);

    static bool IsChanged(Role role, Snapshot present, Snapshot next)
    {
        return GivesProxy(In(present), present) != GivesProxy(In(next), next);

        Role? In(Snapshot snapshot) => snapshot.Roles.FirstOrDefault(other => (other.Kind, other.Scope, other.Name) == (role.Kind, role.Scope, role.Name));
    }

    static Dictionary<(string Kind, Scope Scope, string Name), Role> ByName(Snapshot snapshot) =>
        snapshot.Roles.DistinctBy(role => (role.Kind, role.Scope, role.Name)).ToDictionary(role => (role.Kind, role.Scope, role.Name));

    static string Instead(Role now, Role next)
    {
        var kubelet = next.Rules.SelectMany(rule => rule.Resources).Where(resource => resource.StartsWith("nodes/", StringComparison.Ordinal)).Distinct().ToList();
        var taken = kubelet.Except(now.Rules.SelectMany(rule => rule.Resources)).ToList();
        return taken.Count > 0 ? $" and takes up {string.Join(", ", taken)}"
            : kubelet.Count > 0 ? $" and keeps {string.Join(", ", kubelet)}"
            : "";
    }

    static ImmutableArray<Finding> Evaluate(UpgradeCase upgrade, Snapshot snapshot) => Evaluation.Evaluate(
        snapshot with { Cluster = snapshot.Cluster with { Version = upgrade.Path.To.ToString() } }, upgrade.Policies, upgrade.To.Stock);

    static Finding Found(UpgradeCase upgrade, Policy policy, Pair pair, Severity severity, string because) =>
        new(policy, new(pair.Either.Kind, pair.Either.Scope.Namespace, pair.Either.Name), [pair.Either.Scope], severity, because)
        {
            Grants = [.. HeldAccess.GrantsOf(pair.Either, pair.Next is null ? upgrade.Present! : upgrade.Snapshot)],
        };
}
