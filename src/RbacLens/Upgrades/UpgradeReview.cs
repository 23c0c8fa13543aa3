using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>What Kubernetes ships in one release.</summary>
/// <param name="Roles">The roles that are there by default, aggregated ones filled in.</param>
/// <param name="Bindings">The bindings that are there by default.</param>
/// <param name="Stock">What is recognised as shipped, optional features included.</param>
public sealed record ShippedRelease(ImmutableArray<Role> Roles, ImmutableArray<Binding> Bindings, Stock Stock);

/// <summary>An upgrade to look into.</summary>
/// <param name="Snapshot">The cluster as it is, or as it is to be installed.</param>
/// <param name="Path">From which release to which.</param>
/// <param name="Policies">What scans ask.</param>
/// <param name="From">What the present release ships.</param>
/// <param name="To">What the next one ships.</param>
public sealed record UpgradeCase(Snapshot Snapshot, UpgradePath Path, IReadOnlyCollection<Policy> Policies, ShippedRelease From, ShippedRelease To)
{
    /// <summary>What runs now, where <see cref="Snapshot"/> is what is to be installed; else null.</summary>
    public Snapshot? Present { get; init; }

    /// <summary>The cluster, known to run the release it comes from.</summary>
    public Snapshot Before { get; } = Snapshot with { Cluster = Snapshot.Cluster with { Version = Path.From.ToString() } };
}

/// <summary>Asks every change about a cluster that is to be upgraded.</summary>
public static class UpgradeReview
{
    /// <summary>
    /// One finding for each subject, role or node that a change concerns, worst first. What only concerns what ships with Kubernetes is
    /// among them, marked as stock.
    /// </summary>
    public static ImmutableArray<Finding> Findings(UpgradeCase upgrade, IEnumerable<UpgradeChange> changes)
    {
        var access = new HeldAccess(upgrade.Snapshot, upgrade.From.Stock);
        var found = from change in changes
                    where change.IsMetOn(upgrade.Path)
                    from finding in Findings(upgrade, change, access)
                    select finding;
        return
        [
            .. found.OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal)
                .ThenBy(finding => finding.About)
                .ThenBy(finding => finding.Scopes[0])
                .ThenBy(finding => finding.Because, StringComparer.Ordinal),
        ];
    }

    static IEnumerable<Finding> Findings(UpgradeCase upgrade, UpgradeChange change, HeldAccess access) => change.Affects switch
    {
        Affects.Requests requests => new RequestShifts(access, requests).Findings(change.Policy),
        Affects.Gone gone => GoneRules.Findings(upgrade, change.Policy, gone),
        Affects.Note note => [new(change.Policy, Target.Cluster, [Scope.Cluster], Severity.Info, note.Says)],
        Affects.Worked { What: WorkedOut.NodesProxy } => new KubeletAccess(upgrade, access).Proxies(change.Policy),
        Affects.Worked { What: WorkedOut.FineGrainedTooEarly } => new KubeletAccess(upgrade, access).TooEarly(change.Policy),
        Affects.Worked { What: WorkedOut.KubeletSkew } => Skew(upgrade, change.Policy),
        Affects.Worked { What: WorkedOut.ShippedRoles } => ShippedChanges.Findings(upgrade, change.Policy),
        Affects.Worked { What: WorkedOut.LegacyTokens } => TokenCleanUp.Findings(upgrade, change.Policy),
        Affects.Worked { What: WorkedOut.Scan } scan => ScanChanges.Findings(upgrade, change.Policy, scan.Except),
        Affects.Worked { What: WorkedOut.NextProxies } => Installed.Proxies(upgrade, change.Policy),
        Affects.Worked { What: WorkedOut.NextRoles } => Installed.Roles(upgrade, change.Policy),
        Affects.Worked { What: WorkedOut.NextScan } scan => Installed.Scan(upgrade, change.Policy, scan.Except),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static IEnumerable<Finding> Skew(UpgradeCase upgrade, Policy policy) =>
        from late in new Kubelets(upgrade.Snapshot.Nodes).OutOfSkew(upgrade.Path.To)
        select new Finding(policy, new("Node", "", late.Node.Name), [Scope.Cluster], Severity.High, late.Why);
}
