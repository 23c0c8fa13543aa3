using System.Text.RegularExpressions;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Html;

/// <summary>A rule as its author would write it in YAML, one line per field that is set.</summary>
static partial class RuleText
{
    /// <summary>The lines, joined by line feeds.</summary>
    public static string Of(PolicyRule rule) => string.Join('\n',
        from field in Fields(rule)
        where !field.Values.IsEmpty
        select $"{field.Name}: [{string.Join(", ", field.Values.Select(Scalar))}]");

    static (string Name, Names Values)[] Fields(PolicyRule rule) =>
    [
        ("apiGroups", rule.ApiGroups),
        ("resources", rule.Resources),
        ("resourceNames", rule.ResourceNames),
        ("nonResourceURLs", rule.NonResourceUrls),
        ("verbs", rule.Verbs),
    ];

    static string Scalar(string value) => PlainScalar().IsMatch(value) ? value : $"\"{Quotable(value)}\"";

    static string Quotable(string value) =>
        SafeText.Of(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));

    // Narrower than YAML's own rule on purpose: what looks like a number, a wildcard or punctuation is quoted.
    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9./_-]*$", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PlainScalar();
}
