using System.Globalization;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The part of the JSON report that says what became of the entries of the suppressions file.</summary>
static class SuppressionsJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<RiskStatus> suppressions)
    {
        json.WriteStartArray("suppressions");
        foreach (var (risk, state, findings) in suppressions)
        {
            json.WriteStartObject();
            json.WriteString("policy", risk.Policy);
            json.WriteString("subject", risk.Subject);
            JsonReport.WriteStrings(json, "scopes", risk.Scopes);
            json.WriteString("acceptedBy", risk.Suppression.AcceptedBy);
            json.WriteString("reason", risk.Suppression.Reason);
            json.WriteString("until", risk.Suppression.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("state", state switch { RiskState.Active => "active", RiskState.Expired => "expired", _ => "unused" });
            json.WriteNumber("findings", findings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
