using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Audit;

/// <summary>What an audit log adds to a posture.</summary>
/// <param name="Detections">What should be looked at, worst first.</param>
/// <param name="Use">What was used.</param>
/// <param name="Gaps">What could not be read of the log.</param>
public sealed record AuditEvidence(ImmutableArray<Detection> Detections, GrantUse Use, ImmutableArray<Gap> Gaps)
{
    /// <summary>Findings with the use of their grants, and those about grants that nobody used; worst first.</summary>
    public ImmutableArray<Finding> Join(ImmutableArray<Finding> findings, Snapshot cluster, Stock stock) =>
    [
        .. findings.Select(finding => finding with { Usage = Use.Of(finding) })
            .Concat(UnusedGrants.Findings(cluster, Use.Usage, findings, stock))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal)
            .ThenBy(finding => finding.About),
    ];

    /// <summary>The posture with all of it.</summary>
    public Posture Join(Posture posture) => posture with
    {
        Detections = Detections,
        Usage = Use.Usage,
        Policies = [.. posture.Policies.Append(UnusedGrants.Policy).OrderBy(policy => policy.Id, StringComparer.Ordinal)],
        Gaps = [.. posture.Gaps, .. Gaps],
    };
}
