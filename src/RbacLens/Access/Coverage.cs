using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>
/// Whether rights one holds include rights one wants to hand on: the API server's escalation check
/// (component-helpers auth/rbac/validation, policy_comparator.go).
/// </summary>
public static class Coverage
{
    /// <summary>Whether everything wanted is held.</summary>
    public static bool Covers(IEnumerable<PolicyRule> held, IEnumerable<PolicyRule> wanted) => Covers([.. held], [.. wanted]);

    /// <summary>Whether everything that one role body allows is in the other.</summary>
    public static bool Covers(RuleSet held, RuleSet wanted) => Covers(held.AsSpan(), wanted.AsSpan());

    static bool Covers(ReadOnlySpan<PolicyRule> held, ReadOnlySpan<PolicyRule> wanted)
    {
        foreach (var rule in wanted)
            if (!CoversRule(held, rule))
                return false;
        return true;
    }

    // The same parts as Atoms, of which there may be thousands, without an object for each.
    static bool CoversRule(ReadOnlySpan<PolicyRule> held, PolicyRule rule)
    {
        foreach (var verb in rule.Verbs)
        {
            foreach (var url in rule.NonResourceUrls)
                if (!CoversUrl(held, verb, url))
                    return false;
            foreach (var apiGroup in rule.ApiGroups)
                foreach (var resource in rule.Resources)
                    if (rule.ResourceNames.IsEmpty ? !CoversObject(held, verb, apiGroup, resource, name: null) : !CoversObjects(held, verb, apiGroup, resource, rule.ResourceNames))
                        return false;
        }

        return true;
    }

    static bool CoversUrl(ReadOnlySpan<PolicyRule> held, string verb, string url)
    {
        foreach (var rule in held)
            if (rule.Verbs.Admits(verb) && rule.ResourceNames.IsEmpty && CoversUrl(rule, url))
                return true;
        return false;
    }

    static bool CoversObjects(ReadOnlySpan<PolicyRule> held, string verb, string apiGroup, string resource, Names names)
    {
        foreach (var name in names)
            if (!CoversObject(held, verb, apiGroup, resource, name))
                return false;
        return true;
    }

    // Rights on every name include rights on one; rights on some names never include rights on all.
    static bool CoversObject(ReadOnlySpan<PolicyRule> held, string verb, string apiGroup, string resource, string? name)
    {
        foreach (var rule in held)
            if (rule.Verbs.Admits(verb) && rule.ApiGroups.Admits(apiGroup) && CoversResource(rule.Resources, resource)
                && (rule.ResourceNames.IsEmpty || (name is not null && rule.ResourceNames.Lists(name))))
                return true;
        return false;
    }

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
        && (held.ResourceNames.IsEmpty || (!atom.ResourceNames.IsEmpty && atom.ResourceNames.All(held.ResourceNames.Lists)))
        && atom.NonResourceUrls.All(url => CoversUrl(held, url));

    static bool CoversResource(Names held, string resource) =>
        held.Admits(resource) || (resource.IndexOf('/') is >= 0 and var slash && held.Lists("*" + resource[slash..]));

    static bool CoversUrl(PolicyRule held, string url)
    {
        foreach (var pattern in held.NonResourceUrls)
            if (PolicyRule.Covers(pattern, url))
                return true;
        return false;
    }
}
