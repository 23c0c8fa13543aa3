using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Detections as findings, for formats that have a place for nothing else: what the audit log shows is never left out.</summary>
static class DetectionFindings
{
    /// <summary>The posture with its detections among the findings, worst first, and the rules that were asked among the policies.</summary>
    public static Posture Joined(Posture posture)
    {
        if (posture.Detections.IsEmpty && posture.Usage is null && posture.Comparison is not { IsAboutDetections: true })
            return posture;
        // Postures of earlier releases do not hold the texts of rules.
        var asked = posture.DetectionRules.IsEmpty ? DetectionFiles.BuiltIn.Select(rule => rule.Texts) : posture.DetectionRules;
        var rules = asked.DistinctBy(rule => rule.Id).ToDictionary(rule => rule.Id, StringComparer.Ordinal);
        var then = posture.Comparison;
        foreach (var detection in posture.Detections.Concat(then?.ResolvedDetections ?? []).Concat(then?.UnclearDetections ?? []))
            rules.TryAdd(detection.Id, Texts(detection));
        return posture with
        {
            Policies = [.. posture.Policies, .. rules.Values],
            Findings = [.. posture.Findings.Concat(posture.Detections.Select(detection => detection.AsFinding(rules[detection.Id]))).OrderByDescending(finding => finding.Severity)],
            Detections = [],
            Comparison = then is null ? null : then with
            {
                Resolved = [.. then.Resolved, .. then.ResolvedDetections.Select(detection => detection.AsFinding(rules[detection.Id]))],
                Unclear = [.. then.Unclear, .. then.UnclearDetections.Select(detection => detection.AsFinding(rules[detection.Id]))],
            },
        };
    }

    // Somebody's own rule, of which nothing holds the texts.
    static Policy Texts(Detection detection) => new()
    {
        Id = detection.Id,
        Area = Detection.Area,
        Title = detection.Title,
        Why = detection.Because,
        Fix = "Ask whoever it was, or whoever looks after the account, whether they did it and why.",
        Match = new Match.Elsewhere(),
    };
}
