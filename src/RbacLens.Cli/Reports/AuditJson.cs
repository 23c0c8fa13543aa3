using System.Globalization;
using System.Text.Json;
using RbacLens.Audit;

namespace RbacLens.Cli.Reports;

/// <summary>The parts of the JSON report that come from the audit log.</summary>
static class AuditJson
{
    public static void WriteDetections(Utf8JsonWriter json, Posture posture)
    {
        WriteDetections(json, "detections", posture.Detections);
        if (!posture.DetectionRules.IsEmpty)
            JsonReport.WritePolicies(json, "detectionRules", posture.DetectionRules);
    }

    /// <summary>Detections as a list of this name.</summary>
    public static void WriteDetections(Utf8JsonWriter json, string property, IEnumerable<Detection> detections)
    {
        json.WriteStartArray(property);
        foreach (var detection in detections)
        {
            WriteDetection(json, detection);
            JsonReport.FlushIfMuch(json);
        }

        json.WriteEndArray();
    }

    static void WriteDetection(Utf8JsonWriter json, Detection detection)
    {
        json.WriteStartObject();
        json.WriteString("fingerprint", detection.Fingerprint);
        json.WriteString("detection", detection.Id);
        json.WriteString("title", detection.Title);
        json.WriteString("severity", detection.Severity.Word());
        json.WriteString("because", detection.Because);
        json.WriteString("user", detection.User);
        if (detection.ActingAs is { } actingAs)
            json.WriteString("actingAs", actingAs);
        WriteTarget(json, detection.Target);
        json.WriteNumber("requests", detection.Requests);
        json.WriteStartObject("codes");
        foreach (var (code, count) in detection.Codes)
            json.WriteNumber(code.ToString(CultureInfo.InvariantCulture), count);
        json.WriteEndObject();
        WriteTime(json, "first", detection.First);
        WriteTime(json, "last", detection.Last);
        json.WriteStartArray("allowedBy");
        foreach (var binding in detection.AllowedBy)
            JsonReport.WriteTarget(json, binding);
        json.WriteEndArray();
        json.WriteStartObject("detail");
        foreach (var (name, detail) in detection.Details)
            WriteDetail(json, name, detail);
        json.WriteEndObject();
        JsonReport.WriteSuppression(json, detection.Suppression);
        json.WriteEndObject();
    }

    static void WriteTarget(Utf8JsonWriter json, DetectionTarget target)
    {
        json.WriteStartObject("target");
        json.WriteString("resource", target.Resource);
        if (target.Namespace.Length > 0)
            json.WriteString("namespace", target.Namespace);
        if (target.Name.Length > 0)
            json.WriteString("name", target.Name);
        json.WriteEndObject();
    }

    static void WriteDetail(Utf8JsonWriter json, string name, Detail detail)
    {
        switch (detail)
        {
            case Detail.Number number:
                json.WriteNumber(name, number.Value);
                break;
            case Detail.Texts texts:
                json.WriteStartArray(name);
                foreach (var text in texts.Values)
                    json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default:
                json.WriteBoolean(name, true);
                break;
        }
    }

    public static void WriteUsage(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is null)
        {
            json.WriteNull("usage");
            return;
        }

        json.WriteStartObject("usage");
        WriteTime(json, "from", usage.From);
        WriteTime(json, "to", usage.To);
        json.WriteNumber("requests", usage.Requests);
        json.WriteString("log", usage.Log);
        WriteAccounts(json, usage);
        json.WriteStartArray("bindings");
        foreach (var binding in usage.Bindings)
        {
            WriteBinding(json, binding);
            JsonReport.FlushIfMuch(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteAccounts(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartArray("accounts");
        foreach (var account in usage.Accounts)
        {
            json.WriteStartObject();
            json.WritePropertyName("account");
            JsonReport.WriteTarget(json, Policies.Target.Of(account.Account));
            json.WriteStartArray("mountedIn");
            foreach (var workload in account.MountedIn)
                json.WriteStringValue(workload);
            json.WriteEndArray();
            WriteCounts(json, account.Used);
            json.WriteBoolean("observable", account.IsObservable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteBinding(Utf8JsonWriter json, BindingUsage usage)
    {
        json.WriteStartObject();
        json.WritePropertyName("binding");
        JsonReport.WriteTarget(json, new(usage.Kind, usage.Scope.Namespace, usage.Name));
        json.WritePropertyName("role");
        JsonReport.WriteTarget(json, new(usage.RoleRef.Kind, usage.RoleRef.IsClusterRole ? "" : usage.Scope.Namespace, usage.RoleRef.Name));
        WriteCounts(json, usage.Used);
        json.WriteNumber("alsoAllowed", usage.AlsoAllowed);
        json.WriteBoolean("observable", usage.IsObservable);
        json.WriteBoolean("gone", usage.IsGone);
        json.WriteStartArray("rules");
        foreach (var rule in usage.Rules)
            WriteRule(json, rule);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteRule(Utf8JsonWriter json, RuleUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("rule", usage.Rule);
        WriteCounts(json, usage.Used);
        json.WriteNumber("alsoAllowed", usage.AlsoAllowed);
        json.WriteBoolean("observable", usage.IsObservable);
        json.WriteStartArray("members");
        foreach (var member in usage.Members)
            json.WriteStringValue(member);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A count as an object of its own, or null.</summary>
    public static void WriteUse(Utf8JsonWriter json, string property, UseCount? use)
    {
        if (use is not { } count)
        {
            json.WriteNull(property);
            return;
        }

        json.WriteStartObject(property);
        WriteCounts(json, count);
        json.WriteEndObject();
    }

    static void WriteCounts(Utf8JsonWriter json, UseCount use)
    {
        json.WriteNumber("requests", use.Requests);
        WriteTime(json, "first", use.First);
        WriteTime(json, "last", use.Last);
    }

    static void WriteTime(Utf8JsonWriter json, string property, DateTimeOffset? time) => json.WriteString(property, time is { } known ? JsonReport.Time(known) : null);
}
