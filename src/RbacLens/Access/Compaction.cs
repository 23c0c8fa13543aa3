using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Rules made fewer for reading, as kubectl does for <c>auth can-i --list</c> (registry/rbac/validation, policy_compact.go).</summary>
public static class Compaction
{
    /// <summary>
    /// Rules for one resource of one group, and of at most one name, become one rule with all their verbs; other rules stay as they are,
    /// and stand first. Verbs are not sorted, nor are repeated ones dropped.
    /// </summary>
    public static RuleSet Compact(IEnumerable<PolicyRule> rules)
    {
        var bySimplicity = rules.ToLookup(rule => TryKey(rule) is not null);
        var merged = bySimplicity[true]
            .GroupBy(TryKey)
            .Select(same => same.First() with { Verbs = Names.Of(same.SelectMany(rule => rule.Verbs)) });
        return RuleSet.Of(bySimplicity[false].Concat(merged));
    }

    /// <summary>What a simple rule is about, or null for a rule that is never merged.</summary>
    internal static Key? TryKey(PolicyRule rule) =>
        rule is { NonResourceUrls.IsEmpty: true, ApiGroups: [var group], Resources: [var resource], ResourceNames.Count: <= 1 }
            ? new(group, resource, rule.ResourceNames.IsEmpty ? null : rule.ResourceNames[0])
            : null;

    /// <summary>One resource; <c>Name</c> is null where the rule names no object.</summary>
    internal readonly record struct Key(string ApiGroup, string Resource, string? Name);
}
