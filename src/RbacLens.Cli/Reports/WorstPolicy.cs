using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What is worst, the same in every report: the policies with the gravest open findings.</summary>
/// <param name="Severity">The worst of its findings.</param>
/// <param name="Gravest">Its open findings that are as bad as that.</param>
sealed record WorstPolicy(Severity Severity, ImmutableArray<Finding> Gravest)
{
    /// <summary>The worst first; among equals the one found more often, then by id.</summary>
    public static IEnumerable<WorstPolicy> Of(Posture posture) =>
        from finding in posture.Findings
        where finding.Suppression is null
        group finding by finding.Policy.Id into found
        let worst = found.Max(finding => finding.Severity)
        let gravest = found.Where(finding => finding.Severity == worst).ToImmutableArray()
        orderby worst descending, gravest.Length descending, found.Key
        select new WorstPolicy(worst, gravest);
}
