using System.Globalization;
using System.Text.Encodings.Web;
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
            yield return (i == 0 ? "" : ",\n") + $"[{Text(evidence[i].SearchText)},{Text(evidence[i].Markup)}]";
        yield return "\n],\n\"policies\":[\n";
        for (var i = 0; i < findings.Policies.Length; i++)
            yield return (i == 0 ? "" : ",\n") + Row(findings.Policies[i]);
        yield return "\n]}\n";
    }

    static IEnumerable<string> Statuses() =>
        SeverityModel.All.Select(severity => $"{Text(SeverityModel.Id(severity))}:{Text(SeverityModel.Name(severity))}")
            .Append("\"accepted\":\"Accepted\"");

    // fingerprint, status, policy, kind, subject, where, places, because, evidence, markup
    string Row(Finding finding, bool deferred) => "[" + string.Join(',',
    [
        Text(finding.Fingerprint),
        Text(DisplayedFindings.Status(finding)),
        policyNumbers[finding.Policy.Id].ToString(CultureInfo.InvariantCulture),
        Text(SafeText.Of(finding.About.Kind)),
        Text(SubjectModel.Text(finding.About)),
        Text(FindingModel.Where(finding)),
        $"[{string.Join(',', Places(finding).Select(Text))}]",
        Text(SafeText.Of(finding.Because)),
        $"[{string.Join(',', finding.Grants.Select(grant => EvidenceNumber(finding, grant, deferred)))}]",
        Text(deferred ? render("finding", FindingModel.Shared(finding)) : null),
    ]) + "]";

    string Row(Policy policy) =>
        $"[{Text(policy.Id)},{Text(SafeText.Of(policy.Title))},{Text(SafeText.Of(policy.Area))},"
        + $"{Text(findings.Deferred > 0 ? render("advice", PolicyModel.Of(policy)) : null)}]";

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

    // Inside a script element only "</script" and "<!--" mean anything to the HTML parser; without their "<" they do not occur.
    static string Text(string? value) => value is null ? "null" : "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)
        .Replace("</", "<\\/", StringComparison.Ordinal).Replace("<!", "\\u003c!", StringComparison.Ordinal) + "\"";

    sealed record Evidence(string SearchText, string? Markup);
}
