using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The numbers of a posture in one line.</summary>
static class Totals
{
    /// <summary>
    /// <c>2 new, 1 reopened, 1 changed, 3 resolved, 1 cannot be told, 9 unchanged since 2026-10-01</c>; where an audit log was looked at both times
    /// <c>findings: 2 new, 0 resolved, 9 unchanged; detections: 1 new, 0 resolved, 4 unchanged since 2026-10-01</c>, without findings where
    /// there were none.
    /// </summary>
    public static string Of(Comparison comparison)
    {
        var findings = Findings(comparison);
        var isWithoutFindings = comparison.Changes.IsEmpty && comparison.Resolved.All(finding => finding.Detection is not null) && comparison.Unclear.All(finding => finding.Detection is not null);
        var counts = !comparison.IsAboutDetections ? findings : $"{(isWithoutFindings ? "" : $"findings: {findings}; ")}detections: {Detections(comparison)}";
        return $"{counts} since {JsonReport.Time(comparison.CollectedAt)[..10]}";
    }

    // Detections may stand among the findings, and are counted apart.
    static string Findings(Comparison comparison) => Counted(
        (comparison.Count(Change.New), "new", true),
        (comparison.Count(Change.Reopened), "reopened", false),
        (comparison.Count(Change.Changed), "changed", false),
        (comparison.Count(Change.Accepted), "accepted since", false),
        (comparison.Resolved.Count(finding => finding.Detection is null), "resolved", true),
        (comparison.Unclear.Count(finding => finding.Detection is null) + comparison.Count(Change.Unknown), "cannot be told", false),
        (comparison.Count(Change.Unchanged), "unchanged", true));

    static string Detections(Comparison comparison) => Counted(
        (comparison.NewDetections.Count, "new", true),
        (comparison.ResolvedDetections.Length, "resolved", true),
        (comparison.UnclearDetections.Length, "cannot be told", false),
        (comparison.UnchangedDetections, "unchanged", true));

    static string Counted(params (int Count, string Word, bool IsAlwaysSaid)[] counts) =>
        string.Join(", ", from count in counts where count.Count > 0 || count.IsAlwaysSaid select $"{count.Count} {count.Word}");

    /// <summary><c>D at best</c>.</summary>
    public static string Of(Grade grade) => grade.Letter.Length == 0 ? "none" : grade.IsAtBest ? $"{grade.Letter} at best" : grade.Letter;

    /// <summary><c>D at best</c>, and of what where that is not everything: <c>D at best (CIS controls only)</c>.</summary>
    public static string Grade(Posture posture) =>
        Of(RbacLens.Policies.Grade.Of(posture)) + (posture.View is { } view ? $" ({view.Id} controls only)" : "");

    /// <summary><c>3 critical, 9 high, 0 medium, 4 low, 0 info; 1 accepted; 2 gaps</c>.</summary>
    public static string Of(Posture posture) =>
        string.Join(", ", Enum.GetValues<Severity>().Reverse().Select(severity => $"{posture.Count(severity)} {severity.Word()}"))
        + (posture.Suppressed == 0 ? "" : $"; {posture.Suppressed} accepted")
        + (posture.Gaps.IsEmpty ? "" : $"; {posture.Gaps.Length} {(posture.Gaps.Length == 1 ? "gap" : "gaps")}");
}
