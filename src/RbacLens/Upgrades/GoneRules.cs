using RbacLens.Policies;

namespace RbacLens.Upgrades;

/// <summary>Rules that name what is no longer served, and so allow nothing.</summary>
static class GoneRules
{
    public static IEnumerable<Finding> Findings(UpgradeCase upgrade, Policy policy, Affects.Gone gone) =>
        from role in upgrade.Snapshot.Roles
        where !upgrade.From.Stock.Ships(role)
        from entry in role.Rules.Index()
        from apiGroup in entry.Item.ApiGroups
        from resource in entry.Item.Resources
        from away in Table(upgrade, gone)
        where away.Since <= upgrade.Path.To && away.Is(apiGroup, resource)
        // A rule that also names where it went is ready for both.
        where away.Instead is null || !entry.Item.ApiGroups.Lists(away.Instead)
        group resource by (role, entry.Index, away) into alike
        group $"rule {alike.Key.Index}: {alike.Key.away.Spell(alike)}" by (alike.Key.role, isNew: upgrade.Path.Crosses(alike.Key.away.Since)) into lines
        select new Finding(
            policy, new(lines.Key.role.Kind, lines.Key.role.Scope.Namespace, lines.Key.role.Name), [lines.Key.role.Scope],
            lines.Key.isNew ? gone.Severity : Severity.Info, string.Join("; ", lines));

    // One list serves scans and upgrades.
    static IEnumerable<GoneResource> Table(UpgradeCase upgrade, Affects.Gone gone) =>
        upgrade.Policies.Where(policy => policy.Id == gone.Policy).Select(policy => policy.Match).OfType<Match.Fact>().SelectMany(fact => fact.Gone);
}
