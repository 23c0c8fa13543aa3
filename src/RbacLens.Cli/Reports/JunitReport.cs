using System.Text;
using System.Xml;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// The posture as JUnit XML: one suite per policy, one test case per finding. Open findings fail, accepted ones and policies that could not be
/// decided are skipped, and a policy that found nothing passes.
/// </summary>
static class JunitReport
{
    static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        CloseOutput = false,
    };

    public static void Write(Posture posture, Stream output)
    {
        using var xml = XmlWriter.Create(output, Settings);
        var found = posture.Findings.ToLookup(finding => finding.Policy.Id, StringComparer.Ordinal);
        var undecided = posture.Gaps.SelectMany(gap => posture.Undecided(gap).Select(id => (Id: id, gap.Detail)))
            .ToLookup(gap => gap.Id, gap => gap.Detail, StringComparer.Ordinal);
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", $"RBAC posture of {posture.Cluster.Context}");
        Attribute(xml, "tests", $"{posture.Policies.Sum(policy => Math.Max(1, found[policy.Id].Count()))}");
        Attribute(xml, "failures", $"{posture.Findings.Count(IsOpen)}");
        Attribute(xml, "errors", "0");
        foreach (var policy in posture.Policies)
            Write(xml, posture, policy, [.. found[policy.Id]], [.. undecided[policy.Id]]);
        xml.WriteEndElement();
        xml.WriteEndDocument();
        xml.Flush();
        output.Write("\n"u8);
    }

    static bool IsOpen(Finding finding) => finding.Suppression is null;

    static void Write(XmlWriter xml, Posture posture, Policy policy, List<Finding> findings, List<string> missing)
    {
        var skipped = findings.Count == 0 ? (missing.Count > 0 ? 1 : 0) : findings.Count(finding => !IsOpen(finding));
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", policy.Id);
        Attribute(xml, "package", policy.Area);
        Attribute(xml, "tests", $"{Math.Max(1, findings.Count)}");
        Attribute(xml, "failures", $"{findings.Count(IsOpen)}");
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", $"{skipped}");
        Attribute(xml, "timestamp", JsonReport.Time(posture.CollectedAt));
        if (findings.Count == 0)
            WriteSilence(xml, policy, missing);
        foreach (var finding in findings)
            Write(xml, posture, finding);
        xml.WriteEndElement();
    }

    static void WriteSilence(XmlWriter xml, Policy policy, List<string> missing)
    {
        Start(xml, policy, $"Nobody and nothing: {policy.Title}");
        if (missing.Count > 0)
        {
            xml.WriteStartElement("skipped");
            Attribute(xml, "message", $"could not be decided: {string.Join("; ", missing)}");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, Posture posture, Finding finding)
    {
        Start(xml, finding.Policy, $"{Words.Headline(finding)} [{finding.Fingerprint}]");
        xml.WriteStartElement(IsOpen(finding) ? "failure" : "skipped");
        if (finding.Suppression is { } suppression)
            Attribute(xml, "message", Words.Sentence(suppression));
        else
        {
            Attribute(xml, "type", finding.Severity.Word());
            Attribute(xml, "message", $"{finding.Severity.Word()}: {finding.Because}");
            xml.WriteString(SafeText.Of(finding.Policy.Fix.ReplaceLineEndings(" ")));
            foreach (var place in CodePlace.Of(posture, finding).Where(place => place.IsFile))
                xml.WriteString(SafeText.Of($" {place.Path}:{place.Line}"));
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static void Start(XmlWriter xml, Policy policy, string name)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", name);
        Attribute(xml, "classname", $"{policy.Area}.{policy.Id}");
    }

    // XML has no way to write most control characters, not even escaped.
    static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, SafeText.Of(value));
}
