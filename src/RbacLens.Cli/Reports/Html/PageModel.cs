using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RbacLens.Access;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What <c>page.hbs</c> sees; templates/README.md lists every name.</summary>
static class PageModel
{
    /// <summary>The whole page, except for the data of the script, which is written as it is made.</summary>
    public static Dictionary<string, object?> Of(Posture posture, DisplayedFindings findings, Templates templates, ReportStyle? style = null)
    {
        var undecided = posture.Gaps.Distinct().SelectMany(posture.Undecided).ToHashSet(StringComparer.Ordinal);
        return new()
        {
            ["title"] = SafeText.Of(style?.Title ?? ReportTitle.Of(posture)),
            ["kind"] = ReportTitle.Kind(posture),
            ["ownTitle"] = style?.Title is { } own ? SafeText.Of(own) : null,
            ["logo"] = style?.Logo?.DataUri,
            ["grade"] = GradeModel.Of(RbacLens.Policies.Grade.Of(posture), posture.View),
            ["change"] = ChangeModel.Of(posture),
            ["holders"] = HolderModel.Worst(posture),
            ["heat"] = HeatModel.Of(posture),
            ["frameworks"] = Frameworks(posture).Select(FrameworkModel.Of).ToList(),
            ["acceptances"] = AcceptanceModel.Of(posture),
            ["idleAcceptances"] = AcceptanceModel.Idle(posture),
            ["asksPaths"] = PathWords.AreAsked(posture),
            ["noPath"] = posture.Paths.IsEmpty ? PathWords.None(posture) : null,
            ["picture"] = PathModel.Picture(posture),
            ["paths"] = PathModel.Of(posture),
            ["morePaths"] = PathModel.More(posture),
            ["chokes"] = PathModel.Chokes(posture),
            ["moreChokes"] = PathWords.Of(posture.ChokePointsLeftOut),
            ["detections"] = AuditModel.Detections(posture),
            ["moreDetections"] = AuditModel.More(posture),
            ["log"] = AuditModel.Window(posture),
            ["scope"] = ScopeModel.Of(posture).Select(SafeText.Of).ToList(),
            ["cluster"] = Cluster(posture.Cluster),
            ["collectedAt"] = posture.CollectedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["collectedOn"] = posture.CollectedAt.ToUniversalTime().ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["tool"] = SafeText.Of(posture.Tool),
            ["verdict"] = VerdictModel.Of(posture, undecided.Count),
            ["severities"] = SeverityModel.All.Select(severity => SeverityModel.Of(severity, posture.Count(severity))).ToList(),
            ["total"] = Counted.Of(findings.All.Length, "finding"),
            ["accepted"] = posture.Suppressed,
            ["hiddenStock"] = posture.HiddenStockFindings == 0 ? null : Counted.Of(posture.HiddenStockFindings, "finding"),
            ["risks"] = RiskModel.Worst(posture),
            ["gaps"] = GapModel.Of(posture),
            ["noGap"] = posture.IsJudged ? "Everything that was asked for could be read." : Words.WithoutGaps(posture),
            ["undecided"] = undecided.Count == 0 ? null : Counted.Of(undecided.Count, "policy", "policies"),
            ["areas"] = AreaModel.Of(posture),
            ["idleAreas"] = AreaModel.Idle(posture),
            ["counts"] = posture.Counts.Select(Count).ToList(),
            ["filters"] = Filters(findings),
            ["groups"] = Groups(findings),
            ["inline"] = Counted.Number(Math.Min(findings.All.Length, DisplayedFindings.Inline)),
            ["deferred"] = findings.Deferred == 0 ? null : Counted.Number(findings.Deferred),
            ["policies"] = Policies(findings, undecided),
            ["style"] = templates.Style,
            ["script"] = templates.Script,
            ["contentSecurityPolicy"] = ContentSecurityPolicy(templates.Style, templates.Script),
        };
    }

    /// <summary>The frameworks a report for people shows: an upgrade asks too few policies to say anything of controls.</summary>
    public static IEnumerable<RbacLens.Policies.FrameworkResult> Frameworks(Posture posture) => posture.Upgrade is null ? posture.Frameworks : [];

    static Dictionary<string, object?> Cluster(ClusterInfo cluster) => new()
    {
        ["context"] = SafeText.Of(cluster.Context),
        ["version"] = cluster.Version is { } version ? SafeText.Of(version) : null,
        ["source"] = cluster.Source switch
        {
            "live" => "live cluster",
            "dump" => "dump of a cluster",
            "manifests" => "manifests",
            "kubeconfig" => "kubeconfig files",
            var other => SafeText.Of(other),
        },
    };

    static Dictionary<string, object?> Count(KeyValuePair<string, int> read) =>
        new() { ["kind"] = SafeText.Of(read.Key), ["count"] = Counted.Number(read.Value) };

    static Dictionary<string, object?> Filters(DisplayedFindings findings) => new()
    {
        ["areas"] = Sorted(findings.All.Select(finding => SafeText.Of(finding.Policy.Area))),
        ["frameworks"] = Sorted(findings.All.Select(finding => finding.Policy).Distinct().SelectMany(FindingsData.Frameworks)),
        ["uses"] = findings.Posture.Usage is not null,
        ["changes"] = findings.Posture.Comparison is not null,
        ["kinds"] = Sorted(findings.All.Select(finding => SafeText.Of(finding.About.Kind))),
        ["namespaces"] = Sorted(findings.All.SelectMany(FindingsData.Places).Where(place => place != "*")),
    };

    static List<string> Sorted(IEnumerable<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];

    static List<Dictionary<string, object?>> Groups(DisplayedFindings findings)
    {
        var counts = findings.All.CountBy(DisplayedFindings.Status).ToDictionary();
        return
        [
            .. from finding in findings.InPage
               group finding by DisplayedFindings.Status(finding) into shown
               select new Dictionary<string, object?>
               {
                   ["id"] = shown.Key,
                   ["name"] = shown.Key == "accepted" ? "Accepted" : SeverityModel.Name(shown.First().Severity),
                   ["count"] = Counted.Number(counts[shown.Key]),
                   ["findings"] = shown.Select(finding => FindingModel.Whole(findings, finding)),
               },
        ];
    }

    static List<Dictionary<string, object?>> Policies(DisplayedFindings findings, HashSet<string> undecided)
    {
        var counts = findings.All.CountBy(finding => finding.Policy.Id).ToDictionary();
        return
        [
            .. from policy in findings.Policies
               orderby policy.Area, policy.Id
               select PolicyModel.WithOutcome(policy, counts.GetValueOrDefault(policy.Id), undecided.Contains(policy.Id)),
        ];
    }

    /// <summary>Only the style and the script that are in the page count; nothing is fetched, framed, submitted or connected to.</summary>
    public static string ContentSecurityPolicy(string style, string? script) =>
        $"default-src 'none'; img-src data:; style-src '{Hash(style)}'; {(script is null ? "" : $"script-src '{Hash(script)}'; ")}"
        + "base-uri 'none'; form-action 'none'";

    static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
