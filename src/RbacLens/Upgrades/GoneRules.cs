using RbacLens.Policies;

namespace RbacLens.Upgrades;

/// <summary>Rules that name what is no longer served, and so allow nothing.</summary>
static class GoneRules
{
    public static IEnumerable<Finding> Findings(UpgradeCase upgrade, Policy policy, Affects.Gone gone) =>
        from role in upgrade.Snapshot.Roles
        where !upgrade.From.Stock.Ships(role)
        from entry in role.Rules.Index()
        from resource in entry.Item.Resources
        from away in gone.Resources
        where away.Since <= upgrade.Path.To && away.Resources.Lists(resource) && entry.Item.ApiGroups.Lists(away.ApiGroup)
        // A rule that also names where it went is ready for both.
        where away.Instead is null || !entry.Item.ApiGroups.Lists(away.Instead)
        let isNew = upgrade.Path.Crosses(away.Since)
        group $"rule {entry.Index}: {Named(away, resource)} {(isNew ? "is gone" : "has been gone already")} since {away.Since}{Instead(away)}" by (role, isNew) into lines
        select new Finding(
            policy, new(lines.Key.role.Kind, lines.Key.role.Scope.Namespace, lines.Key.role.Name), [lines.Key.role.Scope],
            lines.Key.isNew ? gone.Severity : Severity.Info, string.Join("; ", lines.Distinct()));

    static string Named(GoneResource away, string resource) => away.ApiGroup.Length == 0 ? resource : $"{resource} ({away.ApiGroup})";

    static string Instead(GoneResource away) => away.Instead is { } instead ? $", now {instead}" : "";
}
