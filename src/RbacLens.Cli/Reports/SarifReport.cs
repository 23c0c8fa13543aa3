using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The posture as SARIF 2.1.0 (OASIS), for code scanning. Gaps are notifications of the invocation, so that silence is not success.</summary>
static class SarifReport
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    const int EnoughToWrite = 1 << 16;

    public static void Write(Posture posture, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        var rules = SarifRules.Write(json, posture);
        WriteInvocation(json, posture);
        WriteBases(json);
        json.WriteStartObject("automationDetails");
        json.WriteString("id", $"rbac-lens/{SafeText.Of(posture.Cluster.Context).Replace('/', '_')}/");
        json.WriteEndObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (var finding in posture.Findings)
        {
            WriteResult(json, posture, finding, rules[finding.Policy.Id]);
            if (json.BytesPending > EnoughToWrite)
                json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>SARIF knows three levels.</summary>
    public static string Level(Severity severity) => severity switch
    {
        Severity.Critical or Severity.High => "error",
        Severity.Medium => "warning",
        _ => "note",
    };

    static void WriteInvocation(Utf8JsonWriter json, Posture posture)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", true);
        json.WriteString("endTimeUtc", JsonReport.Time(posture.CollectedAt));
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var gap in posture.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("level", "warning");
            var undecided = posture.Undecided(gap).ToList();
            WriteMessage(json, "message", SafeText.Of($"{gap.Detail}{(undecided.Count == 0 ? "" : $"; undecided for it: {string.Join(", ", undecided)}")}"));
            json.WriteStartObject("descriptor");
            json.WriteString("id", $"gap/{gap.Reason}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static void WriteBases(Utf8JsonWriter json)
    {
        json.WriteStartObject("originalUriBaseIds");
        json.WriteStartObject("CLUSTER");
        WriteMessage(json, "description", "Objects of a cluster by kind and name; there are no such files.");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteResult(Utf8JsonWriter json, Posture posture, Finding finding, int rule)
    {
        var places = CodePlace.Of(posture, finding);
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Policy.Id);
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("level", Level(finding.Severity));
        WriteMessage(json, "message", Words.Sentence(finding));
        json.WriteStartArray("locations");
        WriteLocation(json, places[0], finding.About);
        json.WriteEndArray();
        if (places.Count > 1)
        {
            json.WriteStartArray("relatedLocations");
            foreach (var place in places.Skip(1))
                WriteLocation(json, place, null);
            json.WriteEndArray();
        }

        json.WriteStartObject("partialFingerprints");
        json.WriteString("primaryLocationLineHash", $"{finding.Fingerprint}:1");
        json.WriteString("rbacLens/v1", finding.Fingerprint);
        json.WriteEndObject();
        if (posture.Comparison is { } comparison && comparison.Of(finding) != Change.Unknown)
            json.WriteString("baselineState", comparison.Of(finding) switch { Change.New => "new", Change.Unchanged => "unchanged", _ => "updated" });
        WriteSuppressions(json, finding.Suppression);
        json.WriteStartObject("properties");
        json.WriteString("severity", finding.Severity.Word());
        json.WriteStartArray("scopes");
        foreach (var scope in finding.Scopes)
            json.WriteStringValue(scope.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteLocation(Utf8JsonWriter json, CodePlace place, Target? about)
    {
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", place.Uri);
        if (!place.IsFile)
            json.WriteString("uriBaseId", "CLUSTER");
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", place.Line);
        json.WriteEndObject();
        json.WriteEndObject();
        if (about is not null)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("name", SafeText.Of(about.Name.Length == 0 ? about.Kind : about.Name));
            json.WriteString("fullyQualifiedName", SafeText.Of(about.ToString()));
            json.WriteString("kind", "object");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteSuppressions(Utf8JsonWriter json, Suppression? suppression)
    {
        json.WriteStartArray("suppressions");
        if (suppression is not null)
        {
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteString("justification", Words.Sentence(suppression));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A message or multi-format text.</summary>
    public static void WriteMessage(Utf8JsonWriter json, string property, string text, string? markdown = null)
    {
        json.WriteStartObject(property);
        json.WriteString("text", text);
        if (markdown is not null)
            json.WriteString("markdown", markdown);
        json.WriteEndObject();
    }

    /// <summary>GitHub's scale: above 9 is critical, from 7 high, from 4 medium.</summary>
    public static string Score(Severity severity) => (severity switch
    {
        Severity.Critical => 9.5,
        Severity.High => 8.0,
        Severity.Medium => 5.5,
        Severity.Low => 3.0,
        _ => 0.1,
    }).ToString("0.0", CultureInfo.InvariantCulture);
}
