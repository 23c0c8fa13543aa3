using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>The formats that every question is answered in.</summary>
static class AnswerFormats
{
    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default };

    static readonly (string Name, Action<Answer, Stream, ReportStyle> Write)[] All =
    [
        ("table", AnswerTable.Write),
        ("json", (answer, output, _) => output.Write([.. Json(answer), (byte)'\n'])),
        ("yaml", (answer, output, _) => JsonAsYaml.Write(Json(answer), output)),
        ("csv", (answer, output, _) => CsvText.Write(answer.Csv, output)),
    ];

    /// <summary>The option that chooses.</summary>
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--output", "-o")
        {
            Description = $"How to answer: {string.Join(", ", All.Select(format => format.Name))}. To a file with =FILE. Repeats.",
            HelpName = "FORMAT[=FILE]",
        };
        option.CompletionSources.Add([.. All.Select(format => format.Name)]);
        return option;
    }

    /// <summary>Refuses formats there are none of, before anything is read.</summary>
    public static IReadOnlyList<AnswerTarget> Targets(ParseResult parsed, Option<string[]> option)
    {
        var asked = parsed.GetValue(option) is { Length: > 0 } given ? given : ["table"];
        var targets = asked.Select(text => text.Split('=', 2) is [var name, { Length: > 0 } file] ? Target(name, file) : Target(text.TrimEnd('='), null)).ToList();
        if (targets.CountBy(target => target.File is null ? "standard output" : Path.GetFullPath(target.File)).FirstOrDefault(place => place.Value > 1) is { Key: { } twice })
            throw new InputException($"-o: two answers go to {twice}; give them different files");
        return targets;
    }

    static AnswerTarget Target(string name, string? file) =>
        All.FirstOrDefault(format => format.Name == name) is { Write: { } write }
            ? new(name, file, write)
            : throw new InputException($"-o {name}: not a format of answers, expected one of {string.Join(", ", All.Select(format => format.Name))}");

    static byte[] Json(Answer answer)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 12);
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            answer.WriteJson(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>One <c>-o FORMAT[=FILE]</c> of a question.</summary>
sealed record AnswerTarget(string Name, string? File, Action<Answer, Stream, ReportStyle> Write)
{
    /// <summary>Writes the answer everywhere it was asked for.</summary>
    public static async Task WriteAllAsync(IEnumerable<AnswerTarget> targets, Answer answer, Terminal terminal, CancellationToken cancellation)
    {
        foreach (var target in targets)
        {
            var style = target.File is null ? terminal.Style(null) : terminal.Style(null) with { Width = 200, Colour = false };
            await WholeFile.WriteAsync(target.File, terminal.Output, output => target.Write(answer, output, style), cancellation);
        }
    }
}
