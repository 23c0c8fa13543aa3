using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Reads a rule's examples: audit events with the fields that matter. What each event needs besides is filled in: an id, a time one second after
/// the one before, a stage, a URL, and <c>times</c> makes many of one.
/// </summary>
static class EventExamples
{
    static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    public static IEnumerable<EventExample> Read(PolicyNode rule, string key)
    {
        foreach (var node in rule.Nodes(key))
        {
            var text = new StringBuilder();
            var number = 0;
            foreach (var written in node.Nodes("events"))
                for (var times = written.Has("times") ? written.Number("times") : 1; times > 0; times--)
                    text.Append(Whole(written, number++)).Append('\n');
            if (number == 0)
                throw node.Error("events", "is missing");
            yield return new(node.Text("title"), text.ToString(), node.OptionalText("objects"), node.Severity("severity"));
            node.Complete();
        }
    }

    static string Whole(PolicyNode written, int number)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "Event");
            foreach (var property in written.Properties)
                if (property.Name != "times")
                    property.WriteTo(writer);
            Default(writer, written, "auditID", $"example-{number}");
            Default(writer, written, "stage", "ResponseComplete");
            Default(writer, written, "requestReceivedTimestamp", Start.AddSeconds(number).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            Default(writer, written, "requestURI", Url(written));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    static void Default(Utf8JsonWriter writer, PolicyNode written, string property, string value)
    {
        if (!written.Has(property))
            writer.WriteString(property, value);
    }

    static string Url(PolicyNode written)
    {
        var reference = written.Raw("objectRef");
        var (ns, group) = (Part("namespace"), Part("apiGroup"));
        return $"/{(group.Length == 0 ? "api" : $"apis/{group}")}/v1{(ns.Length == 0 ? "" : $"/namespaces/{ns}")}/{Part("resource")}"
            + $"{(Part("name").Length == 0 ? "" : $"/{Part("name")}")}{(Part("subresource").Length == 0 ? "" : $"/{Part("subresource")}")}";

        string Part(string name) => BodyReader.Text(BodyReader.Member(reference, name));
    }
}
