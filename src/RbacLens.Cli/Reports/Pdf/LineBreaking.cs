using System.Buffers;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>Breaks text into lines: at spaces, else after punctuation that divides names, else anywhere.</summary>
static class LineBreaking
{
    static readonly SearchValues<char> Dividers = SearchValues.Create("/:-._,@}");

    /// <summary>The lines of a text; their concatenation is the text again, spaces at the ends included.</summary>
    /// <param name="text">The text, without line breaks.</param>
    /// <param name="style">How it looks.</param>
    /// <param name="width">How wide a line may be, in points; a single character may be wider.</param>
    public static List<string> Break(string text, TextStyle style, double width)
    {
        var lines = new List<string>();
        var limit = width * 1000 / style.Size;
        for (var rest = text.AsSpan(); ;)
        {
            var end = Fitting(rest, style.Font, limit);
            if (end < rest.Length)
                end = Opportunity(rest, end);
            lines.Add(rest[..end].ToString());
            rest = rest[end..];
            if (rest.IsEmpty)
                return lines;
        }
    }

    /// <summary>The first lines of a text, the last of them ending in an ellipsis where more would follow.</summary>
    public static List<string> Break(string text, TextStyle style, double width, int atMost)
    {
        var lines = Break(text, style, width);
        if (lines.Count <= atMost)
            return lines;
        var rest = string.Concat(lines.Skip(atMost - 1)).AsSpan();
        var fitting = Fitting(rest, style.Font, (width - style.Width("…")) * 1000 / style.Size);
        return [.. lines.Take(atMost - 1), $"{rest[..fitting].TrimEnd()}…"];
    }

    // How much fits on a line; spaces may hang over its end.
    static int Fitting(ReadOnlySpan<char> text, PdfFont font, double limit)
    {
        var (at, width) = (0, 0.0);
        foreach (var character in text.EnumerateRunes())
        {
            width += font.Width(character);
            if (width > limit && at > 0 && character.Value != ' ')
                return at;
            at += character.Utf16SequenceLength;
        }
        return at;
    }

    // A space wins wherever it is; a name is only broken after punctuation when that leaves a good part of the line filled.
    static int Opportunity(ReadOnlySpan<char> text, int end)
    {
        var space = text[..end].LastIndexOf(' ');
        if (space > 0 && !text[..space].Trim().IsEmpty)
            return space + 1;
        var mark = text[..end].LastIndexOfAny(Dividers);
        return mark > end / 2 ? mark + 1 : end;
    }
}
