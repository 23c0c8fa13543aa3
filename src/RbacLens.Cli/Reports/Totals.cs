using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The numbers of a posture in one line.</summary>
static class Totals
{
    /// <summary>
    /// <c>2 new, 1 reopened, 1 changed, 3 resolved, 1 cannot be told, 9 unchanged since 2026-10-01</c>; where there are new detections, the
    /// first of it is <c>2 findings new, 35 detections new</c>.
    /// </summary>
    public static string Of(Comparison comparison)
    {
        var parts = new List<string> { New(comparison) };
        AddIfAny(comparison.Count(Change.Reopened), "reopened");
        AddIfAny(comparison.Count(Change.Changed), "changed");
        AddIfAny(comparison.Count(Change.Accepted), "accepted since");
        parts.Add($"{comparison.Resolved.Length} resolved");
        AddIfAny(comparison.Unclear.Length + comparison.Count(Change.Unknown), "cannot be told");
        parts.Add($"{comparison.Count(Change.Unchanged)} unchanged");
        return $"{string.Join(", ", parts)} since {JsonReport.Time(comparison.CollectedAt)[..10]}";

        void AddIfAny(int count, string word)
        {
            if (count > 0)
                parts.Add($"{count} {word}");
        }
    }

    static string New(Comparison comparison) => (comparison.Count(Change.New), comparison.NewDetections.Count) switch
    {
        (var findings, 0) => $"{findings} new",
        var (findings, detections) => $"{findings} {(findings == 1 ? "finding" : "findings")} new, {detections} {(detections == 1 ? "detection" : "detections")} new",
    };

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
