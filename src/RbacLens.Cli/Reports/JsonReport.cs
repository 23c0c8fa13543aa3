using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>The posture as JSON, <c>rbac-lens/v1</c>.</summary>
static class JsonReport
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    const int EnoughToWrite = 1 << 16;

    // Names that are written a hundred thousand times.
    internal static readonly JsonEncodedText Subject = JsonEncodedText.Encode("subject");
    internal static readonly JsonEncodedText Binding = JsonEncodedText.Encode("binding");
    internal static readonly JsonEncodedText Role = JsonEncodedText.Encode("role");
    static readonly JsonEncodedText Rules = JsonEncodedText.Encode("rules");
    static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    static readonly JsonEncodedText Namespace = JsonEncodedText.Encode("namespace");
    static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");

    public static void Write(Posture posture, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        using var pieces = new JsonPieces(json, output);
        json.WriteStartObject();
        json.WriteString("apiVersion", "rbac-lens/v1");
        json.WriteString("kind", "Posture");
        json.WriteString("tool", posture.Tool);
        WriteCluster(json, posture.Cluster);
        json.WriteString("collectedAt", Time(posture.CollectedAt));
        WriteUpgrade(json, posture);
        json.WriteString("inputDigest", posture.InputDigest);
        WriteCounts(json, posture);
        WriteSummary(json, posture);
        WriteGrade(json, Grade.Of(posture));
        var fingerprints = WriteFindings(pieces, posture.Findings);
        WritePolicies(json, "policies", posture.Policies);
        FrameworksJson.Write(json, pieces, posture.Frameworks, posture.View, fingerprints);
        PathsJson.WritePaths(pieces, posture.Paths);
        PathsJson.WriteChokePoints(json, posture.ChokePoints, posture.ChokePointsLeftOut);
        AuditJson.WriteDetections(json, posture);
        AuditJson.WriteUsage(json, posture.Usage);
        EvidenceJson.WriteSubjects(pieces, posture);
        EvidenceJson.WriteRoles(pieces, posture);
        EvidenceJson.WriteSources(json, posture);
        ComparisonJson.Write(json, posture.Comparison);
        SuppressionsJson.Write(json, posture.Suppressions);
        GapsJson.Write(json, posture.Gaps, posture.Undecided);
        json.WriteEndObject();
    }

    /// <summary>Writes them, and says what their fingerprints are.</summary>
    static Dictionary<Finding, string> WriteFindings(JsonPieces pieces, ImmutableArray<Finding> findings)
    {
        var fingerprints = new string[findings.Length];
        pieces.WriteArray("findings", findings.Length, piece =>
        {
            var encoding = new FindingJson(piece);
            return i => encoding.Write(findings[i], fingerprints[i] = findings[i].Fingerprint);
        });
        var known = new Dictionary<Finding, string>(findings.Length, ReferenceEqualityComparer.Instance);
        for (var i = 0; i < fingerprints.Length; i++)
            known[findings[i]] = fingerprints[i];
        return known;
    }

    /// <summary>Writes what is pending. Left alone, the writer keeps the whole report in memory.</summary>
    public static void FlushIfMuch(Utf8JsonWriter json)
    {
        if (json.BytesPending > EnoughToWrite)
            json.Flush();
    }

    /// <summary>RFC 3339, in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time that a log is of, in words: <c>between … and …</c>, or that nobody knows.</summary>
    public static string Window(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } first && to is { } last ? $"between {Time(first)} and {Time(last)}" : "at times that the log does not say";

    /// <summary>Which cluster.</summary>
    public static void WriteCluster(Utf8JsonWriter json, ClusterInfo cluster)
    {
        json.WriteStartObject("cluster");
        json.WriteString("context", cluster.Context);
        json.WriteString("version", cluster.Version);
        json.WriteString("source", cluster.Source);
        if (cluster.Uid is { } uid)
            json.WriteString("uid", uid);
        json.WriteEndObject();
    }

    static void WriteUpgrade(Utf8JsonWriter json, Posture posture)
    {
        if (posture.Upgrade is not { } path)
            return;
        json.WriteStartObject("upgrade");
        json.WriteString("from", path.From.ToString());
        json.WriteString("to", path.To.ToString());
        json.WriteEndObject();
    }

    static void WriteCounts(Utf8JsonWriter json, Posture posture)
    {
        json.WriteStartObject("objects");
        foreach (var (kind, count) in posture.Counts)
            json.WriteNumber(kind, count);
        json.WriteEndObject();
    }

    static void WriteSummary(Utf8JsonWriter json, Posture posture)
    {
        json.WriteStartObject("summary");
        foreach (var severity in Enum.GetValues<Severity>().Reverse())
            json.WriteNumber(severity.Word(), posture.Count(severity));
        json.WriteNumber("suppressed", posture.Suppressed);
        json.WriteNumber("hiddenStock", posture.HiddenStockFindings);
        json.WriteEndObject();
    }

    static void WriteGrade(Utf8JsonWriter json, Grade grade)
    {
        json.WriteStartObject("grade");
        json.WriteString("letter", grade.Letter);
        json.WriteBoolean("atBest", grade.IsAtBest);
        WriteStrings(json, "reasons", grade.Reasons);
        json.WriteEndObject();
    }

    /// <summary>A subject or an object, as a property.</summary>
    public static void WriteTarget(Utf8JsonWriter json, JsonEncodedText property, Target target)
    {
        json.WritePropertyName(property);
        WriteTarget(json, target);
    }

    /// <summary>A subject or an object: kind, namespace where it has one, and name.</summary>
    public static void WriteTarget(Utf8JsonWriter json, Target target) => WriteTarget(json, target.Kind, target.Namespace, target.Name);

    /// <summary>A binding, as a property.</summary>
    public static void WriteBinding(Utf8JsonWriter json, JsonEncodedText property, Binding binding)
    {
        json.WritePropertyName(property);
        WriteTarget(json, binding.Kind, binding.Scope.Namespace, binding.Name);
    }

    /// <summary>A role, as a property.</summary>
    public static void WriteRole(Utf8JsonWriter json, JsonEncodedText property, Role role)
    {
        json.WritePropertyName(property);
        WriteTarget(json, role.Kind, role.Scope.Namespace, role.Name);
    }

    static void WriteTarget(Utf8JsonWriter json, string kind, string @namespace, string name)
    {
        json.WriteStartObject();
        json.WriteString(Kind, kind);
        if (@namespace.Length > 0)
            json.WriteString(Namespace, @namespace);
        json.WriteString(Name, name);
        json.WriteEndObject();
    }

    /// <summary>A grant as evidence: binding, role, and the numbers of the role's rules.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="about">Whom it is evidence about; another subject of the grant, such as a group, is named.</param>
    public static void WriteGrant(Utf8JsonWriter json, Grant grant, Target? about = null)
    {
        json.WriteStartObject();
        if (grant.Subject.Canonical is var subject && !(about?.IsOf(subject) ?? false))
            WriteTarget(json, Subject, Target.Of(subject));
        WriteBinding(json, Binding, grant.Binding);
        WriteRole(json, Role, grant.Role);
        json.WriteStartArray(Rules);
        foreach (var rule in grant.Rules)
            json.WriteNumberValue(rule);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What a policy refers to.</summary>
    public static void WriteReferences(Utf8JsonWriter json, Policy policy)
    {
        json.WriteStartArray("references");
        foreach (var reference in policy.References)
        {
            json.WriteStartObject();
            if (reference.Framework is null)
                json.WriteString("url", reference.Id);
            else
            {
                json.WriteString("framework", reference.Framework);
                json.WriteString("id", reference.Id);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Who accepted it, or null.</summary>
    public static void WriteSuppression(Utf8JsonWriter json, Suppression? suppression)
    {
        if (suppression is null)
        {
            json.WriteNull("suppression");
            return;
        }

        json.WriteStartObject("suppression");
        json.WriteString("acceptedBy", suppression.AcceptedBy);
        json.WriteString("reason", suppression.Reason);
        json.WriteString("until", suppression.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    /// <summary>The texts of policies, or of detection rules.</summary>
    public static void WritePolicies(Utf8JsonWriter json, string property, IEnumerable<Policy> policies)
    {
        json.WriteStartArray(property);
        foreach (var policy in policies)
        {
            json.WriteStartObject();
            json.WriteString("id", policy.Id);
            json.WriteString("area", policy.Area);
            json.WriteString("title", policy.Title);
            json.WriteString("why", policy.Why);
            json.WriteString("fix", policy.Fix);
            WriteReferences(json, policy);
            WriteStrings(json, "needs", policy.Needs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A list of texts.</summary>
    public static void WriteStrings(Utf8JsonWriter json, string property, IEnumerable<string> values)
    {
        json.WriteStartArray(property);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
