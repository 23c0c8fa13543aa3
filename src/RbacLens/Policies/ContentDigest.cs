using System.Security.Cryptography;
using System.Text;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// What a role allows or a binding says, as sixteen hex digits. Neither the order of rules and subjects nor that of the words in a rule
/// matters; a rule that is split in two does, for nobody rewrites what is installed.
/// </summary>
public static class ContentDigest
{
    /// <summary>Of a role's rules; of what it aggregates where its rules are made from others.</summary>
    public static string Of(Role role) => Digest(role.Aggregates.IsEmpty
        ? role.Rules.Select(rule => Spell(rule.Verbs, rule.ApiGroups, rule.Resources, rule.ResourceNames, rule.NonResourceUrls))
        : role.Aggregates.Select(selector => Spell(
            [Names.Of(selector.MatchLabels.Select(label => $"{label.Key}={label.Value}")),
            .. selector.MatchExpressions.OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => new[] { Names.Of(one.Key, one.Operator), one.Values })])));

    /// <summary>Of a binding's role and subjects.</summary>
    public static string Of(Binding binding) => Digest(
        binding.Subjects.Select(subject => Spell(Names.Of(subject.Kind), Names.Of(subject.NamespaceOrEmpty), Names.Of(subject.Name)))
            .Append(Spell(Names.Of(binding.RoleRef.Kind), Names.Of(binding.RoleRef.Name))));

    // Every word says how long it is, so that no word can be taken for two, nor two for one.
    static string Spell(params ReadOnlySpan<Names> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            foreach (var word in field.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                text.Append(word.Length).Append(':').Append(word).Append(' ');
            text.Append(';');
        }

        return text.ToString();
    }

    static string Digest(IEnumerable<string> lines)
    {
        var text = string.Join('\n', lines.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
