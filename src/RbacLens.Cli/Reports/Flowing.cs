namespace RbacLens.Cli.Reports;

/// <summary>Texts of policies without the line ends of the file they were written in.</summary>
static class Flowing
{
    /// <summary>Lines of a paragraph joined by a space. Between paragraphs stays an empty line, and an entry of a list begins one of its own.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny('\r', '\n'))
            return text;
        var paragraphs = from paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                         select Joined(paragraph);
        return string.Join("\n\n", paragraphs);
    }

    static string Joined(string paragraph)
    {
        var lines = paragraph.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.Select((line, i) => i == 0 ? line : line.StartsWith("- ", StringComparison.Ordinal) ? $"\n{line}" : $" {line}"));
    }
}
