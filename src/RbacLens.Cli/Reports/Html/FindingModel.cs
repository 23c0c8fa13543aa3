using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What <c>finding.hbs</c> sees.</summary>
static class FindingModel
{
    /// <summary>A finding that is in the page itself, whole.</summary>
    public static Dictionary<string, object?> Whole(DisplayedFindings all, Finding finding) => new(Head(all, finding))
    {
        ["deferred"] = false,
        ["policy"] = PolicyModel.Of(finding.Policy),
        ["evidence"] = finding.Grants.Select(grant => EvidenceModel.Of(grant, finding.About)).ToList(),
    };

    /// <summary>
    /// A finding that travels as data. What many findings share, the evidence and the policy's texts, is left out; the script fills it in
    /// where the template says <c>data-evidence</c> and <c>data-advice</c>.
    /// </summary>
    public static Dictionary<string, object?> Shared(DisplayedFindings all, Finding finding) => new(Head(all, finding))
    {
        ["deferred"] = true,
        ["policy"] = PolicyModel.Name(finding.Policy),
        ["evidence"] = finding.Grants.Length > 0,
    };

    /// <summary>Where it holds, in a word or two.</summary>
    public static string Where(Finding finding) => finding.Scopes switch
    {
        [] => "",
        [{ IsCluster: true }, ..] => "Whole cluster",
        [var only] => SafeText.Of(only.Namespace),
        var several => Counted.Of(several.Length, "namespace"),
    };

    static Dictionary<string, object?> Head(DisplayedFindings all, Finding finding) => new()
    {
        ["fingerprint"] = finding.Fingerprint,
        ["severity"] = SeverityModel.Of(finding.Severity),
        ["subject"] = SubjectModel.Of(finding.About),
        ["where"] = Where(finding),
        ["wholeCluster"] = finding.Scopes is [{ IsCluster: true }, ..],
        ["namespaces"] = finding.Scopes.Length > 1 ? finding.Scopes.Select(scope => SafeText.Of(scope.ToString())).ToList() : [],
        ["because"] = SafeText.Of(finding.Because),
        ["stock"] = finding.IsStock,
        ["change"] = all.Posture.Comparison?.Of(finding) is { } change and not Change.Unchanged ? change.Word() : null,
        ["lead"] = finding.Lead,
        ["use"] = AuditModel.Use(all.Posture, finding.Usage),
        ["holder"] = HolderModel.Link(finding.About, all.Known),
        ["places"] = all.Posture.Places(finding).Select(place => SafeText.Of(place.Line is { } line ? $"{place.File}:{line}" : place.File)).ToList(),
        ["acceptance"] = finding.Suppression is { } suppression ? Acceptance(suppression) : null,
    };

    /// <summary>Who accepted it.</summary>
    public static Dictionary<string, object?> Acceptance(Suppression suppression) => new()
    {
        ["by"] = SafeText.Of(suppression.AcceptedBy),
        ["reason"] = SafeText.Of(suppression.Reason),
        ["until"] = suppression.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}
