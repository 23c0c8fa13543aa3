using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The part of the JSON report that says what changed.</summary>
static class ComparisonJson
{
    public static void Write(Utf8JsonWriter json, Comparison? comparison)
    {
        if (comparison is null)
        {
            json.WriteNull("comparison");
            return;
        }

        json.WriteStartObject("comparison");
        json.WriteStartObject("earlier");
        json.WriteString("context", comparison.Cluster.Context);
        json.WriteString("version", comparison.Cluster.Version);
        json.WriteString("source", comparison.Cluster.Source);
        json.WriteString("collectedAt", JsonReport.Time(comparison.CollectedAt));
        json.WriteString("tool", comparison.Tool);
        json.WriteBoolean("hadAuditLog", comparison.HadLog);
        json.WriteEndObject();
        json.WriteStartObject("changes");
        foreach (var (fingerprint, change) in comparison.Changes)
            json.WriteString(fingerprint, change.Word());
        json.WriteEndObject();
        JsonReport.WriteStrings(json, "newDetections", comparison.NewDetections);
        json.WriteNumber("unchangedDetections", comparison.UnchangedDetections);
        AuditJson.WriteDetections(json, "resolvedDetections", comparison.ResolvedDetections);
        AuditJson.WriteDetections(json, "unclearDetections", comparison.UnclearDetections);
        WriteFindings(json, "resolved", comparison.Resolved);
        WriteFindings(json, "unclear", comparison.Unclear);
        json.WriteEndObject();
    }

    static void WriteFindings(Utf8JsonWriter json, string property, IEnumerable<Finding> findings)
    {
        json.WriteStartArray(property);
        var writer = new FindingJson(json);
        foreach (var finding in findings)
        {
            writer.Write(finding, finding.Fingerprint);
            JsonReport.FlushIfMuch(json);
        }

        json.WriteEndArray();
    }
}
