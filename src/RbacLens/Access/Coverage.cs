using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// Whether rights one holds include rights one wants to hand on: the API server's escalation check
/// (component-helpers auth/rbac/validation, policy_comparator.go).
/// </summary>
public static class Coverage
{
    /// <summary>Whether everything wanted is held.</summary>
    public static bool Covers(IEnumerable<PolicyRule> held, IEnumerable<PolicyRule> wanted) => !Uncovered(held, wanted).Any();

    /// <summary>
    /// What is wanted but not held, as rules of one verb on one resource (of one name) or one URL each, in the order they were written.
    /// Lazy: a rule stands for the product of its fields, which may be large.
    /// </summary>
    /// <param name="held">Each part of what is wanted must be covered by one of these alone.</param>
    /// <param name="wanted">Any rules.</param>
    public static IEnumerable<PolicyRule> Uncovered(IEnumerable<PolicyRule> held, IEnumerable<PolicyRule> wanted)
    {
        var owned = held.ToList();
        return wanted.SelectMany(Atoms).Where(atom => !owned.Exists(rule => Covers(rule, atom)));
    }

    /// <summary>A rule broken down into rules with one value in each field.</summary>
    public static IEnumerable<PolicyRule> Atoms(PolicyRule rule) => Resources(rule).Concat(
        from url in rule.NonResourceUrls
        from verb in rule.Verbs
        select new PolicyRule { Verbs = Names.Of(verb), NonResourceUrls = Names.Of(url) });

    static IEnumerable<PolicyRule> Resources(PolicyRule rule) =>
        from apiGroup in rule.ApiGroups
        from resource in rule.Resources
        from verb in rule.Verbs
        from name in rule.ResourceNames.IsEmpty ? [Names.None] : rule.ResourceNames.Select(name => Names.Of(name))
        select new PolicyRule
        {
            Verbs = Names.Of(verb),
            ApiGroups = Names.Of(apiGroup),
            Resources = Names.Of(resource),
            ResourceNames = name,
        };

    /// <summary>Whether one of the held rules covers all of a rule by itself.</summary>
    /// <param name="held">Rules that are held.</param>
    /// <param name="part">A rule, usually of one value in each field.</param>
    public static bool CoversPart(List<PolicyRule> held, PolicyRule part) => held.Exists(rule => Covers(rule, part));

    static bool Covers(PolicyRule held, PolicyRule atom) =>
        atom.Verbs.All(held.Verbs.Admits)
        && atom.ApiGroups.All(held.ApiGroups.Admits)
        && atom.Resources.All(resource => CoversResource(held.Resources, resource))
        && CoversName(held.ResourceNames, atom.ResourceNames)
        && atom.NonResourceUrls.All(url => held.NonResourceUrls.Any(pattern => PolicyRule.Covers(pattern, url)));

    static bool CoversResource(Names held, string resource) =>
        held.Admits(resource) || (resource.Split('/', 2) is [_, var subresource] && held.Lists("*/" + subresource));

    // Rights on every name include rights on one; rights on some names never include rights on all.
    static bool CoversName(Names held, Names wanted) => held.IsEmpty || (!wanted.IsEmpty && wanted.All(held.Lists));
}
