using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a comparison.</summary>
static class ChangeModel
{
    const int Shown = 20;

    /// <summary>What changed; null where nothing was compared.</summary>
    public static Dictionary<string, object?>? Of(Posture posture) => posture.Comparison is not { } comparison ? null : new()
    {
        ["since"] = comparison.CollectedAt.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        ["context"] = comparison.Cluster.Context == posture.Cluster.Context ? null : SafeText.Of(comparison.Cluster.Context),
        ["tool"] = comparison.Tool == posture.Tool ? null : SafeText.Of(comparison.Tool),
        ["tallies"] = Tallies(comparison),
        ["resolved"] = comparison.Resolved.Take(Shown).Select(Gone).ToList(),
        ["moreResolved"] = More(comparison.Resolved.Length),
        ["unclear"] = comparison.Unclear.Take(Shown).Select(Gone).ToList(),
        ["moreUnclear"] = More(comparison.Unclear.Length),
    };

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

    static string? More(int count) => count <= Shown ? null : Counted.Number(count - Shown);
}
