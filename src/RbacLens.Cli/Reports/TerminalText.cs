using System.Globalization;
using System.Text;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>Text measured in the cells of a terminal.</summary>
static class TerminalText
{
    /// <summary>How many cells a text takes: two for East Asian wide characters and emoji, none for marks that sit on others.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>
    /// The text as Spectre.Console shows it unchanged: neither markup nor <c>:key:</c>, which it takes for a picture unless a tag stands inside.
    /// </summary>
    public static string Escaped(string text) =>
        Markup.Escape(text) is var escaped && text.AsSpan().Count(':') > 1 ? escaped.Replace(":", ":[default][/]", StringComparison.Ordinal) : escaped;

    /// <summary>The text in exactly so many cells: its middle is left out where it is too long, for names differ at their ends.</summary>
    public static string Fit(string text, int cells)
    {
        var width = Width(text);
        if (width <= cells)
            return text + new string(' ', cells - width);
        if (cells < 3)
            return new string('…', Math.Max(0, cells));
        var head = Head(text, (cells - 1) / 2);
        var tail = Tail(text, cells - 1 - Width(head));
        return $"{head}…{tail}" + new string(' ', cells - 1 - Width(head) - Width(tail));
    }

    /// <summary>As much of its beginning as fits, with an ellipsis where something is left out.</summary>
    public static string Cut(string text, int cells) => Width(text) <= cells ? text : cells < 2 ? "" : Head(text, cells - 1) + "…";

    /// <summary>The text in lines of at most so many cells, between words where that is possible.</summary>
    public static IEnumerable<string> Wrap(string text, int cells)
    {
        var line = new StringBuilder();
        var used = 0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var rest = word;
            while (true)
            {
                var width = Width(rest);
                if (used > 0 && used + 1 + width > cells)
                {
                    yield return line.ToString();
                    (used, _) = (0, line.Clear());
                }

                if (used > 0 || width <= Math.Max(2, cells))
                {
                    line.Append(used > 0 ? " " : "").Append(rest);
                    used += width + (used > 0 ? 1 : 0);
                    break;
                }

                var head = Head(rest, Math.Max(2, cells));
                yield return head;
                rest = rest[head.Length..];
            }
        }

        if (used > 0)
            yield return line.ToString();
    }

    static string Head(string text, int cells)
    {
        var head = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            cells -= Width(rune);
            if (cells < 0)
                break;
            head.Append(rune);
        }

        return head.ToString();
    }

    static string Tail(string text, int cells)
    {
        var runes = text.EnumerateRunes().ToList();
        var at = runes.Count;
        while (at > 0 && Width(runes[at - 1]) <= cells)
            cells -= Width(runes[--at]);
        return string.Concat(runes.Skip(at));
    }

    // The blocks of Unicode's EastAsianWidth W and F, and of emoji shown as pictures, coarsely.
    static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0
        : rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
}
