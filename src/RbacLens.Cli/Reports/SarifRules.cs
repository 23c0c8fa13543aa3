using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The policies as a SARIF tool's rules.</summary>
static class SarifRules
{
    /// <summary>Writes the <c>tool</c>, and returns the index of each rule.</summary>
    public static Dictionary<string, int> Write(Utf8JsonWriter json, Posture posture)
    {
        var policies = posture.Policies.Concat(posture.Findings.Select(finding => finding.Policy)).DistinctBy(policy => policy.Id).ToList();
        var worst = posture.Findings.GroupBy(finding => finding.Policy.Id)
            .ToDictionary(found => found.Key, found => found.Max(finding => finding.Severity), StringComparer.Ordinal);
        var (name, version) = Words.Tool(posture);
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", name);
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (var policy in policies)
            Write(json, policy, worst.TryGetValue(policy.Id, out var severity) ? severity : null);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        return policies.Index().ToDictionary(policy => policy.Item.Id, policy => policy.Index, StringComparer.Ordinal);
    }

    static void Write(Utf8JsonWriter json, Policy policy, Severity? worst)
    {
        json.WriteStartObject();
        json.WriteString("id", policy.Id);
        SarifReport.WriteMessage(json, "shortDescription", policy.Title);
        SarifReport.WriteMessage(json, "fullDescription", policy.Why);
        if (policy.References.FirstOrDefault(reference => WebAddress.Is(reference.Id)) is { } page)
            json.WriteString("helpUri", page.Id);
        SarifReport.WriteMessage(
            json, "help", $"{policy.Why}\n\nWhat to change: {policy.Fix}", $"{policy.Why}\n\n**What to change:** {policy.Fix}{Links(policy)}");
        if (worst is { } severity)
        {
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", SarifReport.Level(severity));
            json.WriteEndObject();
        }

        WriteProperties(json, policy, worst);
        json.WriteEndObject();
    }

    static void WriteProperties(Utf8JsonWriter json, Policy policy, Severity? worst)
    {
        json.WriteStartObject("properties");
        json.WriteStartArray("tags");
        json.WriteStringValue("security");
        json.WriteStringValue(policy.Area);
        // GitHub refuses rules with more than twenty tags; a set it must be as well.
        foreach (var tag in policy.References.Where(reference => reference.Framework is not null)
            .Select(reference => $"{reference.Framework}/{reference.Id}").Distinct(StringComparer.Ordinal).Take(18))
            json.WriteStringValue(tag);
        json.WriteEndArray();
        if (worst is { } severity)
            json.WriteString("security-severity", SarifReport.Score(severity));
        json.WriteEndObject();
    }

    static string Links(Policy policy) => string.Concat(
        policy.References.Where(reference => WebAddress.Is(reference.Id)).Select(reference => $"\n\n<{reference.Id}>"));
}
