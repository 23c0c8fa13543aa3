using System.Text;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Loki;

/// <summary>One answer of <c>query_range</c>: the lines, and what is needed to ask for the next.</summary>
/// <param name="Lines">All lines, one after the other.</param>
/// <param name="Places">Where each begins and how long it is.</param>
/// <param name="Entries">How many entries there were, those of the page before included, which are left out.</param>
/// <param name="Edge">The entries of the latest time, which the next page begins with again.</param>
sealed record LokiPage(byte[] Lines, List<(int Start, int Length)> Places, int Entries, LokiEdge Edge)
{
    /// <summary>The latest nanosecond of an entry; entries come stream by stream, so it need not be that of the last line.</summary>
    public long Last => Edge.Time;

    /// <summary>Reads an answer.</summary>
    /// <param name="stream">The answer.</param>
    /// <param name="origin">Who gave it, for messages.</param>
    /// <param name="before">The end of the page before.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="InputException">It is not what Loki answers to a query for log lines.</exception>
    /// <exception cref="IOException">It breaks off, or is broken somewhere in the middle: another try may be lucky.</exception>
    public static async Task<LokiPage> ReadAsync(Stream stream, string origin, LokiEdge before, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, default, cancellation);
            var data = Member(document.RootElement, "data");
            if (Member(data, "resultType") is not { ValueKind: JsonValueKind.String } type || type.GetString() != "streams" || Member(data, "result") is not { ValueKind: JsonValueKind.Array } result)
                throw new InputException($"{origin}: the answer holds no log lines, expected a query for log lines as in {{job=\"k8s-audit\"}}");
            return Collect(result, before);
        }
        catch (JsonException e) when (e is { LineNumber: > 0 } or { BytePositionInLine: > 0 })
        {
            throw new IOException("the answer breaks off, or is broken in the middle", e);
        }
        catch (JsonException e)
        {
            throw new InputException($"{origin}: the answer is not JSON, expected Loki's HTTP API", e);
        }
    }

    static LokiPage Collect(JsonElement result, LokiEdge before)
    {
        using var lines = new MemoryStream();
        var places = new List<(int, int)>();
        var (entries, edge) = (0, new LokiEdge(long.MinValue, []));
        foreach (var stream in result.EnumerateArray())
            foreach (var entry in Member(stream, "values") is { ValueKind: JsonValueKind.Array } values ? values.EnumerateArray() : default)
            {
                // A third element, structured metadata, may follow.
                if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() < 2 || !long.TryParse(entry[0].ToString(), out var time))
                    continue;
                var text = entry[1].ToString();
                entries++;
                if (time > edge.Time)
                    edge = new(time, time == before.Time ? [.. before.Lines] : []);
                if (time == edge.Time)
                    edge.Lines.Add(text);
                if (time == before.Time && before.Lines.Contains(text))
                    continue;
                var line = Encoding.UTF8.GetBytes(text);
                places.Add(((int)lines.Length, line.Length));
                lines.Write(line);
            }

        return new(lines.ToArray(), places, entries, edge);
    }

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) ? member : null;
}

/// <summary>The entries of one nanosecond. Loki itself keeps one of those that are the same.</summary>
/// <param name="Time">In nanoseconds since 1970.</param>
/// <param name="Lines">The lines.</param>
sealed record LokiEdge(long Time, HashSet<string> Lines);
