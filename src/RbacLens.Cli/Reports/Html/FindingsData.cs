using System.Globalization;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>
/// What the script of the page reads: one row per finding to search, filter and group by, and the markup of those findings that are
/// not in the page itself. Markup comes from the same templates; evidence and policies that findings share are written once.
/// </summary>
/// <param name="findings">The findings, in the order of the page.</param>
/// <param name="render">Renders a partial.</param>
sealed class FindingsData(DisplayedFindings findings, Func<string, Dictionary<string, object?>, string> render)
{
    readonly Dictionary<string, int> evidenceNumbers = new(StringComparer.Ordinal);
    readonly List<Evidence> evidence = [];
    readonly Dictionary<string, int> policyNumbers =
        findings.Policies.Index().ToDictionary(policy => policy.Item.Id, policy => policy.Index, StringComparer.Ordinal);

    /// <summary>The JSON text, a line at a time.</summary>
    public IEnumerable<string> Lines()
    {
        yield return "{\"statuses\":{" + string.Join(',', Statuses()) + "},\n\"findings\":[\n";
        for (var i = 0; i < findings.All.Length; i++)
            yield return (i == 0 ? "" : ",\n") + Row(findings.All[i], i >= DisplayedFindings.Inline);
        yield return "\n],\n\"evidence\":[\n";
        for (var i = 0; i < evidence.Count; i++)
            yield return (i == 0 ? "" : ",\n") + $"[{Json.Text(evidence[i].SearchText)},{Json.Text(evidence[i].Markup)}]";
        yield return "\n],\n\"policies\":[\n";
        for (var i = 0; i < findings.Policies.Length; i++)
            yield return (i == 0 ? "" : ",\n") + Row(findings.Policies[i]);
        yield return "\n],\n";
        foreach (var line in new SubjectsData(findings.Posture).Lines())
            yield return line;
        yield return ",\n";
        foreach (var line in SubjectLog.Lines(findings.Posture, render))
            yield return line;
        yield return "}\n";
    }

    static IEnumerable<string> Statuses() =>
        SeverityModel.All.Select(severity => $"{Json.Text(SeverityModel.Id(severity))}:{Json.Text(SeverityModel.Name(severity))}")
            .Append("\"accepted\":\"Accepted\"");

    // fingerprint, status, policy, kind, subject, where, places, because, evidence, markup, use, change
    string Row(Finding finding, bool deferred) => "[" + string.Join(',',
    [
        Json.Text(finding.Fingerprint),
        Json.Text(DisplayedFindings.Status(finding)),
        policyNumbers[finding.Policy.Id].ToString(CultureInfo.InvariantCulture),
        Json.Text(SafeText.Of(finding.About.Kind)),
        Json.Text(SubjectModel.Text(finding.About)),
        Json.Text(FindingModel.Where(finding)),
        $"[{string.Join(',', Places(finding).Select(Json.Text))}]",
        Json.Text(SafeText.Of(finding.Because)),
        $"[{string.Join(',', finding.Grants.Select(grant => EvidenceNumber(finding, grant, deferred)))}]",
        Json.Text(deferred ? render("finding", FindingModel.Shared(findings, finding)) : null),
        Json.Text(findings.Posture.Usage is null ? null : AuditModel.UseWord(finding.Usage)),
        Json.Text(findings.Posture.Comparison?.Of(finding).Word()),
    ]) + "]";

    string Row(Policy policy) =>
        $"[{Json.Text(policy.Id)},{Json.Text(SafeText.Of(policy.Title))},{Json.Text(SafeText.Of(policy.Area))},"
        + $"[{string.Join(',', Frameworks(policy).Select(Json.Text))}],{Json.Text(findings.Deferred > 0 ? render("advice", PolicyModel.Of(policy)) : null)}]";

    /// <summary>What the framework filter finds a policy by: <c>CIS</c>, <c>CIS 5.1.1</c>.</summary>
    public static IEnumerable<string> Frameworks(Policy policy) =>
        policy.References.Where(reference => reference.Framework is not null)
            .SelectMany(reference => new[] { SafeText.Of(reference.Framework!), FrameworkModel.Name(reference.Framework!, reference.Id) }).Distinct();

    int EvidenceNumber(Finding finding, Access.Grant grant, bool deferred)
    {
        var text = EvidenceModel.SearchText(grant, finding.About);
        if (!evidenceNumbers.TryGetValue(text, out var number))
        {
            evidenceNumbers[text] = number = evidence.Count;
            evidence.Add(new(text, null));
        }
        if (deferred && evidence[number].Markup is null)
            evidence[number] = new(text, render("evidence", EvidenceModel.Of(grant, finding.About)));
        return number;
    }

    /// <summary>What the namespace filter finds it by: where it holds, and where its subject lives; <c>*</c> for the cluster.</summary>
    public static IEnumerable<string> Places(Finding finding) =>
        finding.Scopes.Select(scope => SafeText.Of(scope.ToString()))
            .Concat(finding.About.Namespace.Length == 0 ? [] : [SafeText.Of(finding.About.Namespace)])
            .Distinct();

    sealed record Evidence(string SearchText, string? Markup);
}
