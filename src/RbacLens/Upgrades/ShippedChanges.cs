using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>
/// Roles that ship with other rules. When an API server starts, it adds to its own roles what they lack (unless their autoupdate annotation
/// says no), and never removes anything (bootstrappolicy, rbac post-start hook).
/// </summary>
static class ShippedChanges
{
    /// <summary>One finding for each role that gains rules, or keeps what a new cluster no longer has; stock where nobody else is bound.</summary>
    public static IEnumerable<Finding> Findings(UpgradeCase upgrade, Policy policy)
    {
        var changes = Of(upgrade);
        return from change in changes
               let gained = change.Gained.Length == 0 ? "" : $"gains {RuleWords.Of(change.Gained)}"
               let kept = change.Kept.Length == 0 ? "" : $"keeps {RuleWords.Of(change.Kept)}, which {upgrade.Path.To} no longer ships: a new cluster does not have it"
               let grants = HeldAccess.GrantsOf(change.Now, upgrade.Snapshot).Where(grant => !upgrade.From.Stock.Ships(grant.Binding, grant.Subject)).ToImmutableArray()
               select new Finding(
                   policy, new(change.Now.Kind, change.Now.Scope.Namespace, change.Now.Name), [change.Now.Scope], Severity.Info,
                   string.Join("; ", new[] { gained, kept }.Where(part => part.Length > 0)) + Held(grants))
               {
                   Grants = grants,
                   IsStock = grants.IsEmpty,
               };
    }

    /// <summary>The cluster with its shipped roles and bindings as the new release will have made them.</summary>
    public static Snapshot After(UpgradeCase upgrade)
    {
        var added = Of(upgrade).ToDictionary(change => (change.Now.Kind, change.Now.Scope, change.Now.Name), change => change.Gained);
        var roles = upgrade.Snapshot.Roles
            .Select(role => added.TryGetValue((role.Kind, role.Scope, role.Name), out var gained) ? role with { Rules = RuleSet.Of(role.Rules.Concat(gained)) } : role)
            .UnionBy(upgrade.To.Roles, role => (role.Kind, role.Scope, role.Name));
        return upgrade.Snapshot with
        {
            Cluster = upgrade.Snapshot.Cluster with { Version = upgrade.Path.To.ToString() },
            Roles = [.. roles],
            Bindings = [.. upgrade.Snapshot.Bindings.UnionBy(upgrade.To.Bindings, binding => (binding.Kind, binding.Scope, binding.Name))],
        };
    }

    sealed record Change(Role Now, ImmutableArray<PolicyRule> Gained, ImmutableArray<PolicyRule> Kept);

    static IEnumerable<Change> Of(UpgradeCase upgrade)
    {
        var present = upgrade.Snapshot.Cluster.Source == "manifests" ? [] : upgrade.Snapshot.Roles.ToDictionary(role => (role.Kind, role.Scope, role.Name));
        var shipped = upgrade.From.Roles.ToDictionary(role => (role.Kind, role.Scope, role.Name));
        return from next in upgrade.To.Roles
               let key = (next.Kind, next.Scope, next.Name)
               let now = present.GetValueOrDefault(key) ?? shipped.GetValueOrDefault(key)
               where now is not null
               let gained = Coverage.Uncovered(now.Rules, next.Rules).ToImmutableArray()
               let dropped = shipped.TryGetValue(key, out var was) ? Coverage.Uncovered(next.Rules, was.Rules).ToImmutableArray() : []
               let kept = dropped.RemoveAll(atom => !Coverage.Covers(now.Rules, [atom]))
               where gained.Length + kept.Length > 0
               select new Change(now, gained, kept);
    }

    static string Held(ImmutableArray<Grant> grants)
    {
        var subjects = grants.Select(grant => grant.Subject.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        return subjects.Count == 0 ? "" : $"; bound to {string.Join(", ", subjects.Take(5))}{(subjects.Count > 5 ? $" and {subjects.Count - 5} more" : "")}";
    }
}
