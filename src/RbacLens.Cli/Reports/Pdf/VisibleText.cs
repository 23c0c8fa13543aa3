using System.Globalization;
using System.Text;

namespace RbacLens.Cli.Reports.Pdf;

/// <summary>
/// Text from a cluster made safe to print: what would be invisible, would reorder or merge with its neighbours or is missing from the font
/// is spelled out as <c>\u{4E2D}</c>, the character's Unicode number, so that nothing is lost.
/// </summary>
static class VisibleText
{
    /// <summary>What every character that is spelled out begins with, and nothing else.</summary>
    public const string Mark = @"\u{";

    /// <summary>The text with every character visible.</summary>
    /// <param name="text">Any text, unpaired surrogates included.</param>
    /// <param name="draws">Whether the font has a character.</param>
    public static string Of(string text, Func<Rune, bool> draws)
    {
        if (text.All(c => c is >= ' ' and <= '~' and not '\\'))
            return text;
        var visible = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var isPaired = Rune.TryGetRuneAt(text, at, out var rune);
            if (isPaired && IsPlain(rune) && draws(rune) && !LooksSpelledOut(text, at))
                visible.Append(rune.ToString());
            else
                visible.Append($@"\u{{{(isPaired ? rune.Value : text[at]):X}}}");
            at += isPaired ? rune.Utf16SequenceLength : 1;
        }
        return visible.ToString();
    }

    // A name may hold the very text that stands for a character; its backslash is spelled out, so that the two cannot be confused.
    static bool LooksSpelledOut(string text, int at) => text.AsSpan(at).StartsWith(Mark, StringComparison.Ordinal);

    // Accents of their own are placed by rules that this writer does not know. Of all the spaces only the common one: the others look
    // like it, or like nothing.
    static bool IsPlain(Rune character) => character.Value == ' ' || Rune.GetUnicodeCategory(character) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark);
}
