using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>
/// The open findings as a GitLab code quality report (the fields GitLab documents of the Code Climate format). It has no place for what could
/// not be read, so gaps are issues, too.
/// </summary>
static class GitLabReport
{
    public static void Write(Posture posture, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default });
        json.WriteStartArray();
        foreach (var finding in posture.Findings.Where(finding => finding.Suppression is null))
        {
            var place = CodePlace.Of(posture, finding)[0];
            Write(json, Words.Sentence(finding), finding.Policy.Id, finding.Fingerprint, Severity(finding.Severity), SafeText.Of(place.Path), place.Line);
            json.Flush();
        }

        foreach (var gap in posture.Gaps.Distinct())
            Write(json, SafeText.Of($"Not checked: {gap.Detail}"), $"gap-{gap.Reason}", Digest.Of("gap", gap.Kind, gap.Reason, gap.Detail), "info", "cluster/gaps", 1);
        json.WriteEndArray();
    }

    static void Write(Utf8JsonWriter json, string description, string check, string fingerprint, string severity, string path, int line)
    {
        json.WriteStartObject();
        json.WriteString("description", description);
        json.WriteString("check_name", check);
        json.WriteString("fingerprint", fingerprint);
        json.WriteString("severity", severity);
        json.WriteStartObject("location");
        json.WriteString("path", path);
        json.WriteStartObject("lines");
        json.WriteNumber("begin", line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // GitLab's five: info, minor, major, critical, blocker.
    static string Severity(Severity severity) => severity switch
    {
        Policies.Severity.Critical => "blocker",
        Policies.Severity.High => "critical",
        Policies.Severity.Medium => "major",
        Policies.Severity.Low => "minor",
        _ => "info",
    };
}
