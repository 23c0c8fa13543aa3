using System.Buffers;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RbacLens.Cli.Inputs;

/// <summary>
/// YAML documents as JSON, so that one reader serves both. Works on parser events, never on objects: nothing is built that the text
/// does not spell out, nesting is bounded, and aliases may not blow a document up.
/// </summary>
static class YamlDocuments
{
    const int Deepest = 100;
    const int MostEvents = 2_000_000;
    const int MostDocuments = 100_000;

    /// <summary>
    /// The documents of a file, each with the line it starts on. A line that begins with <c>---</c> always starts a document, so one that
    /// is broken leaves the others readable.
    /// </summary>
    /// <exception cref="InputException">There are more documents than any real file holds.</exception>
    public static IEnumerable<(int Line, string Text)> Split(TextReader text, string origin)
    {
        var document = new StringBuilder();
        var (first, line, count) = (1, 0, 0);
        while (text.ReadLine() is { } read)
        {
            line++;
            if (read.StartsWith("---", StringComparison.Ordinal) && (read.Length == 3 || read[3] is ' ' or '\t'))
            {
                yield return (first, document.ToString());
                if (++count > MostDocuments)
                    throw new InputException($"{origin}: more than {MostDocuments} YAML documents");
                document.Clear();
                first = line;
            }

            document.Append(read).Append('\n');
        }

        yield return (first, document.ToString());
    }

    /// <summary>A document as JSON, or null when there is nothing in it.</summary>
    /// <param name="document">The text of one document.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <param name="firstLine">The line of the file that the document starts on.</param>
    /// <exception cref="InputException">The YAML is broken, too deep, or grows too large through aliases.</exception>
    public static ReadOnlyMemory<byte>? ToJson(string document, string origin, int firstLine) => ToJson(document, origin, firstLine, out _);

    /// <inheritdoc cref="ToJson(string, string, int)"/>
    /// <param name="document">The text of one document.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <param name="firstLine">The line of the file that the document starts on.</param>
    /// <param name="lines">Where its objects begin; null when there is nothing in it.</param>
    public static ReadOnlyMemory<byte>? ToJson(string document, string origin, int firstLine, out YamlLines? lines)
    {
        var events = Events(document, origin, firstLine);
        lines = null;
        if (events is [] or [Scalar { Style: ScalarStyle.Plain, Value: "" or "null" or "~" }])
            return null;
        lines = YamlLines.Of(events, firstLine);
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json, new() { SkipValidation = true, MaxDepth = Deepest + 1 }))
            new YamlAsJson(events, origin, firstLine).Write(writer);
        return json.WrittenMemory;
    }

    static List<ParsingEvent> Events(string document, string origin, int firstLine)
    {
        var events = new List<ParsingEvent>();
        var depth = 0;
        try
        {
            var parser = new Parser(new StringReader(document));
            while (parser.MoveNext())
            {
                if (parser.Current is not { } parsed || parsed is StreamStart or StreamEnd or DocumentStart or DocumentEnd)
                    continue;
                depth += parsed.NestingIncrease;
                events.Add(parsed);
                if (depth > Deepest)
                    throw new InputException($"{origin}: line {Line(parsed)}: nested deeper than {Deepest} levels");
                if (events.Count > MostEvents)
                    throw new InputException($"{origin}: line {Line(parsed)}: a document with more than {MostEvents} parts");
            }
        }
        catch (YamlException e)
        {
            var reason = (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
            // The parser places a tab where the mapping around it began; people look for the tab.
            var tab = reason.Contains("tab", StringComparison.Ordinal) ? LineWithTab(document) : 0;
            var place = tab > 0 ? $"line {tab + firstLine - 1}" : $"line {e.Start.Line + firstLine - 1}, column {e.Start.Column}";
            throw new InputException($"{origin}: {place}: not valid YAML: {reason}", e);
        }

        return events;

        static int LineWithTab(string document) =>
            Array.FindIndex(document.Split('\n'), line => line[..^line.TrimStart().Length].Contains('\t')) + 1;

        long Line(ParsingEvent parsed) => parsed.Start.Line + firstLine - 1;
    }
}
