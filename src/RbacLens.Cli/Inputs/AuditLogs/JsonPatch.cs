using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// What a JSON patch (RFC 6902) writes, as the object it would have written: <c>add /spec/hostPID true</c> becomes
/// <c>{"spec": {"hostPID": true}}</c>. What it removes, tests, moves or copies is left out, since it is not to be seen.
/// </summary>
static class JsonPatch
{
    const int Deepest = 64;

    /// <summary>The object. Steps that are numbers, or the end of a list, make lists of what is written.</summary>
    public static JsonElement AsObject(JsonElement operations)
    {
        var root = new Node();
        foreach (var operation in operations.EnumerateArray())
            if (BodyReader.Text(BodyReader.Member(operation, "op")) is "add" or "replace" && BodyReader.Member(operation, "value") is { } value
                && BodyReader.Text(BodyReader.Member(operation, "path")).Split('/') is ["", .. { Length: <= Deepest } steps])
                root.Write(steps, value);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
            root.WriteTo(writer);
        using var document = JsonDocument.Parse(json.WrittenMemory, new() { MaxDepth = 2 * Deepest + 64 });
        return document.RootElement.Clone();
    }

    /// <summary>A value, or a place below which values were written.</summary>
    sealed class Node
    {
        readonly Dictionary<string, Node> below = new(StringComparer.Ordinal);
        JsonElement? value;
        int appended;
        int? length;

        public void Write(ReadOnlySpan<string> steps, JsonElement written)
        {
            if (steps.IsEmpty)
            {
                below.Clear();
                value = written;
                return;
            }

            Open();
            var step = steps[0].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var key = step == "-" ? Appended() : step;
            if (length is { } known && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                length = Math.Max(known, index + 1);
            if (!below.TryGetValue(key, out var next))
                below.Add(key, next = new());
            next.Write(steps[1..], written);
        }

        // What is written below a value that was written before changes a part of it.
        void Open()
        {
            if (value is not { } whole)
                return;
            value = null;
            if (whole.ValueKind == JsonValueKind.Object)
                foreach (var property in whole.EnumerateObject())
                    below[property.Name] = new() { value = property.Value };
            else if (whole.ValueKind == JsonValueKind.Array)
            {
                length = whole.GetArrayLength();
                foreach (var (i, item) in whole.EnumerateArray().Index())
                    below[$"{i}"] = new() { value = item };
            }
        }

        // How long a list was that the patch did not write is not known, and so not which number its new end has.
        string Appended() => length is { } known ? $"{known}" : $"-{appended++}";

        public void WriteTo(Utf8JsonWriter writer)
        {
            if (value is { } whole)
            {
                whole.WriteTo(writer);
                return;
            }

            var isList = below.Count > 0 && below.Keys.All(key => key is ['-', ..] ? int.TryParse(key.AsSpan(1), out _) : int.TryParse(key, out _));
            if (isList)
                writer.WriteStartArray();
            else
                writer.WriteStartObject();
            foreach (var (key, node) in below.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                if (!isList)
                    writer.WritePropertyName(key);
                node.WriteTo(writer);
            }

            if (isList)
                writer.WriteEndArray();
            else
                writer.WriteEndObject();
        }
    }
}
