using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>How reports spell things.</summary>
static class Words
{
    /// <summary><c>critical</c>, <c>high</c>, …</summary>
    public static string Word(this Severity severity) => severity switch
    {
        Severity.Critical => "critical",
        Severity.High => "high",
        Severity.Medium => "medium",
        Severity.Low => "low",
        _ => "info",
    };

    /// <summary>
    /// Text from a cluster as a terminal may show it: control characters and marks that turn the reading direction become visible escapes, so
    /// that a name can neither move the cursor nor pose as another.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.Any(IsUnsafe))
            return text;
        var printable = new StringBuilder();
        foreach (var c in text)
            _ = IsUnsafe(c) ? printable.Append($"\\u{(int)c:x4}") : printable.Append(c);
        return printable.ToString();
    }

    static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
