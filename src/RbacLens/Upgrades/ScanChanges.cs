using System.Collections.Immutable;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>What a scan will say after the upgrade and does not say now, or the other way round: policies know releases, too.</summary>
static class ScanChanges
{
    public static IEnumerable<Finding> Findings(UpgradeCase upgrade, Policy policy, Names except) =>
        from change in Between(
            Evaluation.Evaluate(upgrade.Before, upgrade.Policies, upgrade.From.Stock),
            Evaluation.Evaluate(ShippedChanges.After(upgrade), upgrade.Policies, upgrade.To.Stock))
        where !except.Lists(change.Finding.Policy.Id)
        // An upgraded cluster keeps what its old version shipped; that is told of the role, and nobody new holds it.
        where !change.Finding.Grants.All(upgrade.From.Stock.Ships)
        select change.IsNew
            ? Said(policy, change.Finding, change.Finding.Severity, $"from {upgrade.Path.To}")
            : Said(policy, change.Finding, Severity.Info, $"in {upgrade.Path.From}, and no longer in {upgrade.Path.To}");

    /// <summary>
    /// Findings about requests that are there only before, or only after or with another severity by themselves; rated as a scan shows them,
    /// beside the one that leads.
    /// </summary>
    public static IEnumerable<(bool IsNew, Finding Finding)> Between(IEnumerable<Finding> before, IEnumerable<Finding> after)
    {
        var (all, allBefore) = (after.ToImmutableArray(), before.ToImmutableArray());
        var (then, now) = (Open(all), Open(allBefore));
        var (shownThen, shownNow) = (Open(Leads.Mark(all)), Open(Leads.Mark(allBefore)));
        return from key in now.Keys.Union(then.Keys).Order(StringComparer.Ordinal)
               let isNew = then.ContainsKey(key)
               where now.GetValueOrDefault(key)?.Severity != then.GetValueOrDefault(key)?.Severity
               select (isNew, isNew ? shownThen[key] : shownNow[key]);

        static Dictionary<string, Finding> Open(ImmutableArray<Finding> findings) =>
            findings.Where(finding => !finding.IsStock && finding.Policy.Match is Match.Requests)
                .GroupBy(finding => finding.Fingerprint)
                .ToDictionary(alike => alike.Key, alike => alike.MaxBy(finding => finding.Severity)!);
    }

    /// <summary>A scan's finding as one of an upgrade.</summary>
    /// <param name="policy">The change's texts.</param>
    /// <param name="finding">What a scan finds.</param>
    /// <param name="severity">How bad it is that this changes.</param>
    /// <param name="when">When it does.</param>
    public static Finding Said(Policy policy, Finding finding, Severity severity, string when) => new(
        policy, finding.About, finding.Scopes, severity,
        $"a scan finds {finding.Policy.Id} ({finding.Severity.ToString().ToLowerInvariant()}) {when}: {finding.Because}")
    {
        Grants = finding.Grants,
    };
}
