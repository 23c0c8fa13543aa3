using System.Buffers;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// A row of the tables that Azure Monitor keeps for Kubernetes audit logs (AKSAudit, AKSAuditAdmin, ArcK8sAudit): the fields of an event as columns,
/// of which those that hold objects come as JSON or as text, depending on what exported them. There is no column for impersonation.
/// </summary>
static class AzureRow
{
    // learn.microsoft.com/azure/azure-monitor/reference/tables/aksaudit
    static readonly (string Column, string Field)[] Columns =
    [
        ("Level", "level"), ("AuditId", "auditID"), ("Stage", "stage"), ("RequestUri", "requestURI"), ("Verb", "verb"), ("User", "user"),
        ("ImpersonatedUser", "impersonatedUser"), ("SourceIps", "sourceIPs"), ("UserAgent", "userAgent"), ("ObjectRef", "objectRef"),
        ("ResponseStatus", "responseStatus"), ("RequestObject", "requestObject"), ("ResponseObject", "responseObject"),
        ("RequestReceivedTime", "requestReceivedTimestamp"), ("StageReceivedTime", "stageTimestamp"), ("Annotations", "annotations"),
    ];

    static readonly string[] Objects = ["user", "impersonatedUser", "sourceIPs", "objectRef", "responseStatus", "requestObject", "responseObject", "annotations"];

    /// <summary>The row as the event it was made of; an empty object where it is not valid.</summary>
    public static ReadOnlySpan<byte> AsEvent(ReadOnlySpan<byte> row)
    {
        var written = new ArrayBufferWriter<byte>(row.Length);
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            try
            {
                using var document = JsonDocument.Parse(row.ToArray());
                Write(json, document.RootElement);
            }
            catch (JsonException)
            {
                // A row that only looked like JSON holds nothing.
            }

            json.WriteEndObject();
        }

        return written.WrittenSpan;
    }

    static void Write(Utf8JsonWriter json, JsonElement row)
    {
        foreach (var (column, field) in Columns)
        {
            if (!row.TryGetProperty(column, out var value) || value.ValueKind == JsonValueKind.Null)
                continue;
            if (value.ValueKind != JsonValueKind.String || !Objects.Contains(field))
            {
                json.WritePropertyName(field);
                value.WriteTo(json);
            }
            else if (Parsed(value.GetString()!) is { } inner)
            {
                json.WritePropertyName(field);
                inner.WriteTo(json);
            }
        }
    }

    // Bodies that are too large are replaced by words.
    static JsonElement? Parsed(string text)
    {
        try
        {
            return text.TrimStart() is ['{' or '[', ..] ? JsonElement.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
