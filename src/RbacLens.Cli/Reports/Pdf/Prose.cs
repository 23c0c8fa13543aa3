namespace RbacLens.Cli.Reports.Pdf;

/// <summary>Texts of policies: paragraphs between empty lines, and lists whose entries begin with a dash.</summary>
static class Prose
{
    /// <summary>Writes such a text.</summary>
    public static void Write(Flow flow, string text, TextStyle style, double indent)
    {
        foreach (var (chunk, i) in Chunks(text).Select((chunk, i) => (chunk, i)))
            if (chunk.IsList)
                flow.List(chunk.Entries.Select(entry => new Block(entry, style)), indent);
            else
                flow.Write(new(chunk.Entries[0], style) { Before = i == 0 ? 0 : 4 }, indent);
    }

    /// <summary>The parts of a text in order; a part that is no list has one entry.</summary>
    public static IReadOnlyList<(bool IsList, List<string> Entries)> Chunks(string text)
    {
        var chunks = new List<(bool IsList, List<string> Entries)>();
        var isNew = true;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim().Replace('\u00A0', ' ')))
        {
            var isEntry = line.StartsWith("- ", StringComparison.Ordinal);
            if (line.Length > 0)
                Append(chunks, isEntry ? line[2..].Trim() : line, isEntry, isNew);
            isNew = line.Length == 0;
        }
        return chunks;
    }

    static void Append(List<(bool IsList, List<string> Entries)> chunks, string line, bool isEntry, bool isNew)
    {
        var isInList = chunks.Count > 0 && chunks[^1].IsList;
        if (isEntry && isInList)
            chunks[^1].Entries.Add(line);
        else if (isEntry || isNew || chunks.Count == 0)
            chunks.Add((isEntry, [line]));
        else
            chunks[^1].Entries[^1] += $" {line}";
    }
}
