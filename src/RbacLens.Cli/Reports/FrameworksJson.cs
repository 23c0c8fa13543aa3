using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The frameworks of the posture as JSON.</summary>
static class FrameworksJson
{
    public static void Write(Utf8JsonWriter json, JsonPieces pieces, ImmutableArray<FrameworkResult> frameworks, Framework? view, IReadOnlyDictionary<Finding, string> fingerprints)
    {
        if (view is not null)
            json.WriteString("view", view.Id);
        // There are few, and each names most findings.
        pieces.WriteArray("frameworks", frameworks.Length, piece => i => Write(piece, frameworks[i], fingerprints), inPiece: 1);
    }

    static void Write(Utf8JsonWriter json, FrameworkResult result, IReadOnlyDictionary<Finding, string> fingerprints)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Framework.Id);
        json.WriteString("title", result.Framework.Title);
        json.WriteString("version", result.Framework.Version);
        json.WriteString("url", result.Framework.Url);
        json.WriteStartArray("controls");
        foreach (var control in result.Controls)
            Write(json, control, fingerprints);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ControlResult result, IReadOnlyDictionary<Finding, string> fingerprints)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Control.Id);
        json.WriteString("title", result.Control.Title);
        json.WriteString("status", Word(result.Status));
        json.WriteString("because", result.Because);
        JsonReport.WriteStrings(json, "policies", result.Policies);
        JsonReport.WriteStrings(json, "findings", result.Findings.Select(finding => fingerprints[finding]));
        json.WriteEndObject();
    }

    static string Word(ControlStatus status) => status switch
    {
        ControlStatus.Pass => "pass",
        ControlStatus.Fail => "fail",
        _ => "notAssessed",
    };
}
