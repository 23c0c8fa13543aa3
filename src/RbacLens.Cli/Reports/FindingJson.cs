using System.Text;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>Findings as JSON. A report holds thousands of a few policies, so what is the same in all is encoded once.</summary>
sealed class FindingJson(Utf8JsonWriter json)
{
    static readonly JsonEncodedText Fingerprint = JsonEncodedText.Encode("fingerprint");
    static readonly JsonEncodedText Policy = JsonEncodedText.Encode("policy");
    static readonly JsonEncodedText Severity = JsonEncodedText.Encode("severity");
    static readonly JsonEncodedText Title = JsonEncodedText.Encode("title");
    static readonly JsonEncodedText Scopes = JsonEncodedText.Encode("scopes");
    static readonly JsonEncodedText Grants = JsonEncodedText.Encode("grants");
    static readonly JsonEncodedText Because = JsonEncodedText.Encode("because");
    static readonly JsonEncodedText Fix = JsonEncodedText.Encode("fix");
    static readonly JsonEncodedText Lead = JsonEncodedText.Encode("lead");

    readonly Dictionary<Policy, Texts> known = new(ReferenceEqualityComparer.Instance);

    sealed record Texts(JsonEncodedText Id, JsonEncodedText Title, JsonEncodedText Fix);

    /// <summary>Writes one.</summary>
    public void Write(Finding finding, string fingerprint)
    {
        var texts = TextsOf(finding.Policy);
        json.WriteStartObject();
        json.WriteString(Fingerprint, fingerprint);
        json.WriteString(Policy, texts.Id);
        json.WriteString(Severity, finding.Severity.Word());
        json.WriteString(Title, texts.Title);
        JsonReport.WriteTarget(json, JsonReport.Subject, finding.About);
        json.WriteStartArray(Scopes);
        foreach (var scope in finding.Scopes)
            json.WriteStringValue(scope.ToString());
        json.WriteEndArray();
        json.WriteStartArray(Grants);
        foreach (var grant in finding.Grants)
            JsonReport.WriteGrant(json, grant, finding.About);
        json.WriteEndArray();
        json.WriteString(Because, finding.Because);
        json.WriteString(Fix, texts.Fix);
        JsonReport.WriteReferences(json, finding.Policy);
        if (finding.IsStock)
            json.WriteBoolean("stock", true);
        if (finding.Platform is { } platform)
            json.WriteString("platform", platform);
        if (finding.Lead is { } lead)
            json.WriteString(Lead, lead);
        if (finding.ByItself is { } byItself)
            json.WriteString("byItself", byItself.Word());
        AuditJson.WriteUse(json, "usage", finding.Usage);
        JsonReport.WriteSuppression(json, finding.Suppression);
        json.WriteEndObject();
    }

    Texts TextsOf(Policy policy)
    {
        if (!known.TryGetValue(policy, out var texts))
            known.Add(policy, texts = new(Encoded(policy.Id), Encoded(policy.Title), Encoded(Flowing.Of(policy.Fix))));
        return texts;
    }

    // By way of UTF-8, where half a surrogate pair becomes the replacement character.
    static JsonEncodedText Encoded(string text) => JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text));
}
