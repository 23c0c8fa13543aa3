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
    /// <summary>The rules that the log was held against.</summary>
    public ImmutableArray<DetectionRule> Rules { get; init; } = [];

    /// <summary>What was used, counted once; null where the log holds no request, which says nothing.</summary>
    public Usage? Usage { get; } = Use.Usage is { Requests: > 0 } counted ? counted : null;

    /// <summary>
    /// Findings with the use of their grants, and those about grants and tokens that nobody used; worst first. A log without any request says
    /// nothing of either.
    /// </summary>
    public ImmutableArray<Finding> Join(ImmutableArray<Finding> findings, Snapshot cluster, Stock stock) => Usage is null ? findings :
    [
        .. findings.Select(finding => finding with { Usage = Use.Of(finding) })
            .Concat(UnusedGrants.Findings(cluster, Usage, findings, stock))
            .Concat(UnusedTokens.Findings(cluster, Usage, findings))
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Policy.Id, StringComparer.Ordinal)
            .ThenBy(finding => finding.About),
    ];

    /// <summary>The posture with all of it.</summary>
    public Posture Join(Posture posture) => posture with
    {
        Detections = Detections,
        DetectionRules = [.. Rules.Select(rule => rule.Texts)],
        Usage = Usage,
        Policies = [.. posture.Policies.Append(UnusedGrants.Policy).Append(UnusedTokens.Policy).OrderBy(policy => policy.Id, StringComparer.Ordinal)],
        Gaps = [.. posture.Gaps, .. Gaps],
    };
}
