using System.Text;
using System.Text.Json;

namespace RbacLens.Cli.Inputs.Loki;

/// <summary>One answer of <c>query_range</c>: the lines, and what is needed to ask for the next.</summary>
/// <param name="Lines">All lines, one after the other.</param>
/// <param name="Places">Where each begins and how long it is.</param>
/// <param name="Last">The latest nanosecond of an entry; entries come stream by stream, so it need not be that of the last line.</param>
sealed record LokiPage(byte[] Lines, List<(int Start, int Length)> Places, long Last)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="InputException">It is not what Loki answers to a query for log lines.</exception>
    public static async Task<LokiPage> ReadAsync(Stream stream, string origin, CancellationToken cancellation)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, default, cancellation);
            var data = Member(document.RootElement, "data");
            if (Member(data, "resultType") is not { ValueKind: JsonValueKind.String } type || type.GetString() != "streams" || Member(data, "result") is not { ValueKind: JsonValueKind.Array } result)
                throw new InputException($"{origin}: the answer holds no log lines, expected a query for log lines as in {{job=\"k8s-audit\"}}");
            return Collect(result);
        }
        catch (JsonException e)
        {
            throw new InputException($"{origin}: the answer is not JSON, expected Loki's HTTP API", e);
        }
    }

    static LokiPage Collect(JsonElement result)
    {
        using var lines = new MemoryStream();
        var places = new List<(int, int)>();
        var last = long.MinValue;
        foreach (var stream in result.EnumerateArray())
            foreach (var entry in Member(stream, "values") is { ValueKind: JsonValueKind.Array } values ? values.EnumerateArray() : default)
            {
                // A third element, structured metadata, may follow.
                if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() < 2 || !long.TryParse(entry[0].ToString(), out var time))
                    continue;
                var line = Encoding.UTF8.GetBytes(entry[1].ToString());
                places.Add(((int)lines.Length, line.Length));
                lines.Write(line);
                last = Math.Max(last, time);
            }

        return new(lines.ToArray(), places, last);
    }

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) ? member : null;
}
