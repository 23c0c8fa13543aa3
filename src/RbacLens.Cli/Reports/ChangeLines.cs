using System.Collections.Immutable;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What changed since an earlier posture, one line per finding, for reports that people read in a terminal.</summary>
static class ChangeLines
{
    const int MostShown = 10;

    /// <summary>What is new, reopened or changed.</summary>
    public static IEnumerable<string> News(Posture posture) => posture.Comparison is not { } comparison ? [] :
        from change in new[] { Change.New, Change.Reopened, Change.Changed }
        from line in Lines(change.Word(), posture.Findings.Where(finding => finding.Suppression is null && comparison.Of(finding) == change))
        select line;

    /// <summary>What is gone, and what cannot be told to be.</summary>
    public static IEnumerable<string> Gone(Posture posture) => posture.Comparison is not { } comparison ? [] :
        Lines("resolved", comparison.Resolved, comparison.ResolvedDetections).Concat(Lines("cannot be told", comparison.Unclear, comparison.UnclearDetections))
            .Concat(Lines("cannot be told, not asked before", posture.Findings.Where(finding => finding is { Suppression: null, Detection: null } && comparison.Of(finding) == Change.Unknown)));

    // Where detections stand among the findings they are told there.
    static IEnumerable<string> Lines(string word, IEnumerable<Finding> findings, ImmutableArray<Detection> detections = default)
    {
        var all = findings.Where(finding => finding.Detection is null || detections.IsDefault).Select(Line).Concat(detections.IsDefault ? [] : detections.Select(Line)).ToList();
        foreach (var line in all.Take(MostShown))
            yield return $"{word}: {line}";
        if (all.Count > MostShown)
            yield return $"{word}: and {all.Count - MostShown} more";
    }

    static string Line(Finding finding) => finding.Detection is { } detection ? Line(detection)
        : $"{finding.Severity.Word()} {finding.Policy.Id}, {finding.About} in {string.Join(", ", finding.Scopes.Select(scope => scope.IsCluster ? "the whole cluster" : scope.Namespace))}";

    static string Line(Detection detection) =>
        $"{detection.Severity.Word()} {detection.Id}, {Words.Short(detection.User)}{(detection.ActingAs is { } actingAs ? $" as {Words.Short(actingAs)}" : "")}: {Words.Short(detection.Target.ToString())}";
}
