using System.Collections.Immutable;
using System.Text;

namespace RbacLens.Policies;

/// <summary>
/// Text in which <c>*</c> stands for any text. A name may hold a star itself (a user's may hold anything): <c>\*</c> is that star, <c>\\</c> a
/// backslash. A backslash before anything else is itself, as in <c>CORP\alice</c>.
/// </summary>
public static class TextPattern
{
    /// <summary>Whether a text is what a pattern says, from its first character to its last.</summary>
    public static bool Fits(string pattern, string text)
    {
        var parts = Parts(pattern);
        if (parts.Length == 1)
            return parts[0] == text;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || !text.EndsWith(parts[^1], StringComparison.Ordinal)
            || text.Length < parts[0].Length + parts[^1].Length)
            return false;
        // What stands between two stars must come in order; taking the first place for each is enough.
        var (at, end) = (parts[0].Length, text.Length - parts[^1].Length);
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, at, end - at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return true;
    }

    /// <summary>The pattern that a text fits, and no other.</summary>
    public static string Only(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("*", @"\*", StringComparison.Ordinal);

    // What stands between the stars that are wildcards.
    static ImmutableArray<string> Parts(string pattern)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var part = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*')
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            if (pattern[i] == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '\\')
                i++;
            part.Append(pattern[i]);
        }

        parts.Add(part.ToString());
        return parts.ToImmutable();
    }
}
