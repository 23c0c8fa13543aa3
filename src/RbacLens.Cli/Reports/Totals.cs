using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The numbers of a posture in one line.</summary>
static class Totals
{
    /// <summary><c>3 critical, 9 high, 0 medium, 4 low, 0 info; 1 accepted; 2 gaps</c>.</summary>
    public static string Of(Posture posture) =>
        string.Join(", ", Enum.GetValues<Severity>().Reverse().Select(severity => $"{posture.Count(severity)} {severity.Word()}"))
        + (posture.Suppressed == 0 ? "" : $"; {posture.Suppressed} accepted")
        + (posture.Gaps.IsEmpty ? "" : $"; {posture.Gaps.Length} {(posture.Gaps.Length == 1 ? "gap" : "gaps")}");
}
