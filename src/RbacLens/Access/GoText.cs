using System.Globalization;
using System.Text;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>The API server's wording, letter by letter, so that reasons can be compared with audit annotations.</summary>
static class GoText
{
    /// <summary>The reason of an allowed request (rbac.go and rule.go: name before namespace).</summary>
    public static string AllowedBy(Grant grant)
    {
        var binding = grant.Binding.Scope.IsCluster ? grant.Binding.Name : $"{grant.Binding.Name}/{grant.Binding.Scope.Namespace}";
        var subject = grant.Subject is Subject.ServiceAccount account ? $"{account.Name}/{account.Namespace}" : grant.Subject.Name;
        var reference = grant.Binding.RoleRef;
        return $"RBAC: allowed by {grant.Binding.Kind} {Quote(binding)} of {reference.Kind} {Quote(reference.Name)} to {grant.Subject.Kind} {Quote(subject)}";
    }

    /// <summary>What looking up a missing role says.</summary>
    public static string MissingRole(RoleRef reference) => reference.Kind switch
    {
        "ClusterRole" or "Role" => $"{reference.Kind.ToLowerInvariant()}.rbac.authorization.k8s.io {Quote(reference.Name)} not found",
        _ => $"unsupported role reference kind: {Quote(reference.Kind)}",
    };

    /// <summary>Several errors as one (apimachinery util/errors): each once, in brackets when more than one.</summary>
    public static string Aggregate(IReadOnlyCollection<string> errors)
    {
        var distinct = errors.Distinct().ToList();
        return distinct is [var only] ? only : $"[{string.Join(", ", distinct)}]";
    }

    /// <summary>Go's %q.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
            _ = Escape(rune) is { } escaped ? quoted.Append(escaped) : quoted.Append(rune.ToString());
        return quoted.Append('"').ToString();
    }

    static string? Escape(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\v' => "\\v",
        < 0x20 or 0x7f => $"\\x{rune.Value:x2}",
        _ when IsPrintable(rune) => null,
        < 0x10000 => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };

    // strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space.
    static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);

    /// <summary>Takes a text in Go's %q off the front; null, and nothing taken, where there is none.</summary>
    public static string? TakeQuoted(ref ReadOnlySpan<char> text)
    {
        if (text is not ['"', .. var rest])
            return null;
        var plain = new StringBuilder();
        while (rest is [var first, .. var next])
        {
            rest = next;
            if (first == '"')
            {
                text = rest;
                return plain.ToString();
            }

            if (first != '\\')
                plain.Append(first);
            else if (TakeEscaped(ref rest) is { } rune)
                plain.Append(rune.ToString());
            else
                return null;
        }

        return null;
    }

    static Rune? TakeEscaped(ref ReadOnlySpan<char> text)
    {
        if (text is not [var letter, .. var rest])
            return null;
        var digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        text = rest.Length < digits ? rest : rest[digits..];
        if (digits == 0)
            return "\"\\abfnrtv".IndexOf(letter, StringComparison.Ordinal) is >= 0 and var i ? new("\"\\\a\b\f\n\r\t\v"[i]) : null;
        return rest.Length >= digits
            && uint.TryParse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && Rune.TryCreate(value, out var rune)
            ? rune
            : null;
    }
}
