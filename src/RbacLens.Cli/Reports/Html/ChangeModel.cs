using System.Globalization;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a comparison.</summary>
static class ChangeModel
{
    const int Shown = 20;

    /// <summary>What changed; null where nothing was compared.</summary>
    public static Dictionary<string, object?>? Of(Posture posture) => posture.Comparison is not { } comparison ? null : new()
    {
        ["since"] = comparison.CollectedAt.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        ["context"] = comparison.Cluster.Context == posture.Cluster.Context || comparison.Cluster.Source == "audit" ? null : SafeText.Of(comparison.Cluster.Context),
        ["tool"] = comparison.Tool == posture.Tool ? null : SafeText.Of(comparison.Tool),
        ["tallies"] = Tallies(comparison),
        ["resolved"] = Gone(comparison.Resolved, comparison.ResolvedDetections),
        ["moreResolved"] = More(comparison.Resolved.Length + comparison.ResolvedDetections.Length),
        ["unclear"] = Gone(comparison.Unclear, comparison.UnclearDetections),
        ["moreUnclear"] = More(comparison.Unclear.Length + comparison.UnclearDetections.Length),
    };

    static List<Dictionary<string, object?>> Gone(IEnumerable<Finding> findings, IEnumerable<Detection> detections) =>
        [.. findings.Select(Gone).Concat(detections.Select(Gone)).Take(Shown)];

    static List<Dictionary<string, object?>> Tallies(Comparison comparison) =>
    [
        Tally("New", comparison.Count(Change.New), "new"),
        .. comparison.NewDetections.Count is > 0 and var seen ? [Tally(seen == 1 ? "New detection" : "New detections", seen, null)] : Array.Empty<Dictionary<string, object?>>(),
        .. comparison.Count(Change.Reopened) is > 0 and var reopened ? [Tally("Reopened", reopened, "reopened")] : Array.Empty<Dictionary<string, object?>>(),
        Tally("Changed", comparison.Count(Change.Changed), "changed"),
        Tally("Resolved", comparison.Resolved.Length, null),
        .. comparison.Unclear.Length > 0 ? [Tally("Gone, cannot be told", comparison.Unclear.Length, null)] : Array.Empty<Dictionary<string, object?>>(),
        .. comparison.Count(Change.Unknown) is > 0 and var unknown ? [Tally("Not asked before", unknown, null)] : Array.Empty<Dictionary<string, object?>>(),
        Tally("Unchanged", comparison.Count(Change.Unchanged), "unchanged"),
        .. comparison.UnchangedDetections > 0 || !comparison.ResolvedDetections.IsEmpty
            ? [Tally("Resolved detections", comparison.ResolvedDetections.Length, null), Tally("Unchanged detections", comparison.UnchangedDetections, null)] : Array.Empty<Dictionary<string, object?>>(),
        .. comparison.UnclearDetections.Length > 0 ? [Tally("Detections gone, cannot be told", comparison.UnclearDetections.Length, null)] : Array.Empty<Dictionary<string, object?>>(),
    ];

    static Dictionary<string, object?> Tally(string name, int count, string? filter) => new()
    {
        ["name"] = name,
        ["count"] = Counted.Number(count),
        ["link"] = filter is null || count == 0 ? null : FilterLink.To(("change", filter)),
    };

    static Dictionary<string, object?> Gone(Finding finding) => new()
    {
        ["severity"] = SeverityModel.Of(finding.Severity),
        ["subject"] = SubjectModel.Of(finding.About),
        ["title"] = SafeText.Of(finding.Policy.Title),
        ["where"] = FindingModel.Where(finding),
    };

    static Dictionary<string, object?> Gone(Detection detection) => new()
    {
        ["severity"] = SeverityModel.Of(detection.Severity),
        ["subject"] = SubjectModel.Of(WellKnown.TryServiceAccount(detection.User) is { } account ? Target.Of(account) : new("User", "", detection.User)),
        ["title"] = SafeText.Of(detection.Title),
        ["where"] = SafeText.Of(detection.Target.ToString()),
    };

    static string? More(int count) => count <= Shown ? null : Counted.Number(count - Shown);
}
