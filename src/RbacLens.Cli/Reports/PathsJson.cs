using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports;

/// <summary>The parts of the JSON report that say where things lead.</summary>
static class PathsJson
{
    public static void WritePaths(JsonPieces pieces, ImmutableArray<Paths.Path> paths) =>
        pieces.WriteArray("paths", paths.Length, piece => i => WritePath(piece, paths[i]));

    public static void WriteChokePoints(Utf8JsonWriter json, IEnumerable<ChokePoint> points, ChokePointsLeftOut leftOut)
    {
        json.WriteStartArray("chokePoints");
        foreach (var point in points)
        {
            json.WriteStartObject();
            JsonReport.WriteBinding(json, JsonReport.Binding, point.Binding);
            json.WriteStartArray("cuts");
            foreach (var from in point.Cuts)
                JsonReport.WriteTarget(json, from);
            json.WriteEndArray();
            WriteLowers(json, point);
            json.WriteNumber("of", point.Of);
            json.WriteString("breaks", point.Breaks);
            AuditJson.WriteUse(json, "usage", point.Usage);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (leftOut == default)
            return;
        json.WriteStartObject("chokePointsLeftOut");
        json.WriteNumber("further", leftOut.Further);
        json.WriteNumber("notLookedAt", leftOut.NotLookedAt);
        json.WriteEndObject();
    }

    static void WriteLowers(Utf8JsonWriter json, ChokePoint point)
    {
        if (point.Lowers.IsEmpty)
            return;
        json.WriteStartArray("lowers");
        foreach (var (from, to) in point.Lowers)
        {
            json.WriteStartObject();
            json.WritePropertyName("from");
            JsonReport.WriteTarget(json, from);
            WriteEnd(json, to);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WritePath(Utf8JsonWriter json, Paths.Path path)
    {
        json.WriteStartObject();
        json.WritePropertyName("from");
        JsonReport.WriteTarget(json, path.From);
        WriteEnd(json, path.To);
        json.WriteStartArray("steps");
        foreach (var step in path.Steps)
            WriteStep(json, step);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteEnd(Utf8JsonWriter json, Target to)
    {
        json.WritePropertyName("to");
        if (to.Kind == "Goal")
            json.WriteStringValue(to.Name);
        else
            JsonReport.WriteTarget(json, to);
    }

    static void WriteStep(Utf8JsonWriter json, Step step)
    {
        json.WriteStartObject();
        json.WriteString("policy", step.Policy);
        json.WriteString("sentence", step.Sentence);
        json.WritePropertyName("request");
        if (step.Requests is [var first, ..])
        {
            WriteRequest(json, first.Request);
            json.WritePropertyName("grant");
            JsonReport.WriteGrant(json, first.Grant);
        }
        else
        {
            json.WriteNullValue();
            json.WriteNull("grant");
        }

        if (step.Requests.Length > 1)
            WriteFurther(json, step);
        if (step.Through is { } through)
            WriteThrough(json, through);
        json.WritePropertyName("becomes");
        JsonReport.WriteTarget(json, step.Becomes);
        if (step.IsBorrowed)
            json.WriteBoolean("impersonated", true);
        json.WriteEndObject();
    }

    static void WriteFurther(Utf8JsonWriter json, Step step)
    {
        json.WriteStartArray("and");
        foreach (var (request, grant) in step.Requests.Skip(1))
        {
            json.WriteStartObject();
            json.WritePropertyName("request");
            WriteRequest(json, request);
            json.WritePropertyName("grant");
            JsonReport.WriteGrant(json, grant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // The role need not exist: a write that fills it is what the binding waits for.
    static void WriteThrough(Utf8JsonWriter json, Grant through)
    {
        json.WriteStartObject("through");
        JsonReport.WriteBinding(json, JsonReport.Binding, through.Binding);
        JsonReport.WriteRole(json, JsonReport.Role, through.Role);
        json.WriteEndObject();
    }

    /// <summary>A request in the words of SubjectAccessReview; what is empty is left out, except the API group.</summary>
    public static void WriteRequest(Utf8JsonWriter json, AccessRequest request)
    {
        json.WriteStartObject();
        json.WriteString("verb", request.Verb);
        if (request is AccessRequest.Path url)
            json.WriteString("path", url.Url);
        if (request is AccessRequest.Resource resource)
        {
            json.WriteString("group", resource.ApiGroup);
            json.WriteString("resource", resource.Plural);
            WriteIfAny(json, "subresource", resource.Subresource);
            WriteIfAny(json, "namespace", resource.Namespace);
            WriteIfAny(json, "name", resource.Name);
        }

        json.WriteEndObject();
    }

    static void WriteIfAny(Utf8JsonWriter json, string property, string value)
    {
        if (value.Length > 0)
            json.WriteString(property, value);
    }
}
