using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs;

/// <summary>Lines of <c>{"spec": SubjectAccessReviewSpec}</c> (authorization.k8s.io/v1), and their answers.</summary>
static class AccessReviews
{
    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers line by line, in order; empty lines are passed over.</summary>
    /// <exception cref="InputException">A line is no review; what came before it is answered.</exception>
    public static async Task AnswerAsync(Authorizer authorizer, string file, Terminal terminal, CancellationToken cancellation)
    {
        if (file != "-" && !File.Exists(file))
            throw new InputException($"--batch {file}: no such file");
        await using var source = file == "-" ? terminal.Input() : File.OpenRead(file);
        var (stream, shape) = await Sniff.PeekAsync(source, cancellation);
        await using var unpacked = shape == Sniff.Shape.Gzip ? new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionMode.Decompress) : stream;
        using var lines = new StreamReader(unpacked);
        var output = new BufferedStream(terminal.Output, 1 << 16);
        var answer = new ArrayBufferWriter<byte>();
        for (var number = 1; await LineAsync(lines, file, cancellation) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (identity, request) = Parse(line, $"{(file == "-" ? "standard input" : file)}: line {number}");
            Write(answer, authorizer.Decide(identity, request));
            output.Write(answer.WrittenSpan);
            answer.ResetWrittenCount();
        }

        await output.FlushAsync(cancellation);
    }

    static async Task<string?> LineAsync(StreamReader lines, string file, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadLineAsync(cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new InputException($"--batch {file}: the gzip data is broken or cut off", e);
        }
    }

    static void Write(ArrayBufferWriter<byte> answer, Decision decision)
    {
        using (var json = new Utf8JsonWriter(answer, Compact))
        {
            json.WriteStartObject();
            json.WriteBoolean("allowed", decision.Allowed);
            json.WriteString("reason", decision.Reason);
            json.WriteEndObject();
        }

        answer.Write("\n"u8);
    }

    /// <summary>Reads one review.</summary>
    /// <param name="line">The JSON.</param>
    /// <param name="place">The file and line, for messages.</param>
    public static (Identity Identity, AccessRequest Request) Parse(string line, string place)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var spec = Object(json.RootElement, "spec", place) ?? throw new InputException($"{place}: spec is missing, expected {{\"spec\": SubjectAccessReviewSpec}}");
            return (new(Text(spec, "user", place, ""), Groups(spec, place)), Request(spec, place));
        }
        catch (JsonException e)
        {
            throw new InputException($"{place}: not valid JSON: {e.Message.Split(" LineNumber:", 2)[0]}", e);
        }
    }

    static ImmutableArray<string> Groups(JsonElement spec, string place) =>
        !spec.TryGetProperty("groups", out var listed) || listed.ValueKind == JsonValueKind.Null ? []
        : listed.ValueKind == JsonValueKind.Array ? [.. listed.EnumerateArray().Select(group => Text(group, "groups", place))]
        : throw new InputException($"{place}: groups is {listed.ValueKind}, expected a list");

    static AccessRequest Request(JsonElement spec, string place)
    {
        if (Object(spec, "resourceAttributes", place) is not null && Object(spec, "nonResourceAttributes", place) is not null)
            throw new InputException($"{place}: spec holds both resourceAttributes and nonResourceAttributes, expected one of them");
        if (Object(spec, "resourceAttributes", place) is { } r)
            return new AccessRequest.Resource(
                Text(r, "verb", place, ""), Text(r, "group", place, ""), Text(r, "resource", place, ""),
                Text(r, "subresource", place, ""), Text(r, "namespace", place, ""), Text(r, "name", place, ""));
        if (Object(spec, "nonResourceAttributes", place) is { } n)
            return new AccessRequest.Path(Text(n, "verb", place, ""), Text(n, "path", place, ""));
        throw new InputException($"{place}: spec holds neither resourceAttributes nor nonResourceAttributes");
    }

    static JsonElement? Object(JsonElement parent, string property, string place) =>
        parent.ValueKind != JsonValueKind.Object ? throw new InputException($"{place}: found no JSON object, expected {{\"spec\": SubjectAccessReviewSpec}}")
        : !parent.TryGetProperty(property, out var found) || found.ValueKind == JsonValueKind.Null ? null
        : found.ValueKind == JsonValueKind.Object ? found
        : throw new InputException($"{place}: {property} is not an object");

    static string Text(JsonElement parent, string property, string place, string otherwise) =>
        parent.TryGetProperty(property, out var found) && found.ValueKind != JsonValueKind.Null ? Text(found, property, place) : otherwise;

    static string Text(JsonElement element, string property, string place) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new InputException($"{place}: {property} is {element.ValueKind}, expected a string");
}
