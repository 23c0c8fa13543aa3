using System.Text;
using System.Text.Json;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports;

/// <summary>All formats of <c>paths</c>.</summary>
static class PathFormats
{
    public static readonly IReadOnlyList<PathFormat> All =
    [
        new("text", PathText.Write),
        new("json", WriteJson),
        new("svg", (answer, output, _) => output.Write(PathPicture.Of(answer.Paths, PathSvg.Measure(mostHeight: 1800)) is { } picture ? PathSvg.Of(picture) : PathSvg.Empty)),
        new("dot", PathGraphText.WriteDot),
        new("mermaid", PathGraphText.WriteMermaid),
    ];

    /// <summary>Reads <c>FORMAT[=FILE]</c>.</summary>
    /// <exception cref="InputException">There is no such format.</exception>
    public static (PathFormat Format, string? File) Parse(string option)
    {
        var (name, file) = option.Split('=', 2) is [var before, { Length: > 0 } after] ? (before, after) : (option.TrimEnd('='), null);
        return (All.FirstOrDefault(format => format.Name == name)
            ?? throw new InputException($"-o {name}: not a format of paths, expected one of {string.Join(", ", All.Select(format => format.Name))}"), file);
    }

    /// <summary>Writes one of them, to standard output without a file.</summary>
    public static Task WriteAsync(PathFormat format, string? file, PathAnswer answer, Stream standardOutput, ReportStyle style, CancellationToken cancellation) =>
        WholeFile.WriteAsync(file, standardOutput, output =>
        {
            using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
            format.Write(answer, writer, style);
        }, cancellation);

    static void WriteJson(PathAnswer answer, TextWriter output, ReportStyle style)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "rbac-lens/v1");
            json.WriteString("kind", "Paths");
            json.WriteString("tool", answer.Tool);
            JsonReport.WriteCluster(json, answer.Cluster);
            json.WriteString("collectedAt", JsonReport.Time(answer.CollectedAt));
            json.WriteString("question", answer.Question);
            json.WriteNumber("starts", answer.Starts);
            using var pieces = new JsonPieces(json, buffer);
            PathsJson.WritePaths(pieces, answer.Paths);
            PathsJson.WriteChokePoints(json, answer.ChokePoints.Points, answer.ChokePoints.LeftOut);
            GapsJson.Write(json, answer.Gaps);
            json.WriteStartArray("notes");
            foreach (var note in answer.Notes)
                json.WriteStringValue(note);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Write('\n');
    }
}
