using System.Text.RegularExpressions;

namespace RbacLens.Cli.Reports;

/// <summary>Text of a cluster in Markdown: it can neither format, link, mention anybody nor leave its table cell.</summary>
static partial class MarkdownText
{
    /// <summary>A name, as code; where it is too long, its beginning.</summary>
    public static string Code(string text, int atMost = 120)
    {
        // A table ends a cell at a bar even inside code, unless it is escaped.
        var safe = Cut(SafeText.Of(text), atMost).Replace("|", "\\|", StringComparison.Ordinal);
        var longest = Backticks().Matches(safe).Select(match => match.Length).DefaultIfEmpty(0).Max();
        var fence = new string('`', longest + 1);
        var room = longest > 0 || safe.Length == 0 ? " " : "";
        return $"{fence}{room}{safe}{room}{fence}";
    }

    /// <summary>A sentence: words of plain letters stay, everything else is code.</summary>
    public static string Sentence(string text, int atMost = 300)
    {
        var cut = Cut(SafeText.Of(text), atMost);
        return string.Join(' ', cut.Split(' ').Select(word => Plain().IsMatch(word) ? word : word.Length == 0 ? "" : Worded(word)));
    }

    // Punctuation after a name is the sentence's, not the name's.
    static string Worded(string word)
    {
        var core = word.AsSpan().TrimEnd(",.:;)").Length;
        var begin = word.StartsWith('(') ? 1 : 0;
        return core <= begin ? Code(word) : word[..begin] + Code(word[begin..core]) + word[core..];
    }

    static string Cut(string text, int atMost)
    {
        if (text.Length <= atMost)
            return text;
        var end = char.IsHighSurrogate(text[atMost - 2]) ? atMost - 2 : atMost - 1;
        return text[..end] + "…";
    }

    [GeneratedRegex("`+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Backticks();

    // A word may have an apostrophe or a hyphen inside, and punctuation behind; www.example would become a link.
    [GeneratedRegex(@"^\(?[A-Za-z0-9]+(?:['’/-][A-Za-z0-9]+)*['’]?[,.:;)]*$|^[“”–—…&]+$", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Plain();
}
