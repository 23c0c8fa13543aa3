using System.Buffers;
using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports;

/// <summary>Text of a cluster made safe to look at: characters that hide, reorder or break text show as their number.</summary>
static class SafeText
{
    /// <summary>The text with control, formatting (among them right-to-left overrides) and broken characters as <c>\u{202E}</c>.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, i, out var rune);
            Append(visible, isWhole ? rune.Value : text[i], isWhole && !IsDeceptive(rune));
            i += isWhole ? rune.Utf16SequenceLength : 1;
        }
        return visible.ToString();
    }

    /// <summary>YAML with formatting and the like as <c>\u202E</c>. All text beyond ASCII must stand in double quotes there; line ends stay.</summary>
    public static string InYaml(string yaml)
    {
        if (!yaml.AsSpan().ContainsAnyExcept(Harmless))
            return yaml;
        var escaped = new StringBuilder(yaml.Length + 16);
        foreach (var rune in yaml.EnumerateRunes())
            if (rune.Value == '\n' || !IsDeceptive(rune))
                escaped.Append(rune.ToString());
            else
                escaped.Append(rune.IsBmp ? "\\u" : "\\U").Append(rune.Value.ToString(rune.IsBmp ? "X4" : "X8", CultureInfo.InvariantCulture));
        return escaped.ToString();
    }

    static readonly SearchValues<char> Harmless = SearchValues.Create([.. Enumerable.Range(' ', 95).Select(code => (char)code), '\n']);

    static void Append(StringBuilder visible, int value, bool asItIs)
    {
        if (asItIs)
            visible.Append(new Rune(value).ToString());
        else
            visible.Append(CultureInfo.InvariantCulture, $"\\u{{{value:X4}}}");
    }

    static bool IsDeceptive(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
