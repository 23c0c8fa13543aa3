using RbacLens.Rbac;

namespace RbacLens.Policies.Remedies;

/// <summary>Takes out of a rule what a policy asks for, and leaves the rest.</summary>
static class Narrowing
{
    /// <summary>The rule without what the question asks for, as one or two rules or none.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="question">What it must no longer allow.</param>
    /// <param name="choices">What stands for stars, and for nodes/proxy.</param>
    /// <returns>The rules instead; null where a star for resources or groups cannot be taken apart.</returns>
    public static IEnumerable<PolicyRule>? Without(PolicyRule rule, Question question, RemedyChoices choices)
    {
        if (!question.Requests.Any(request => Allows(rule, request)))
            return [rule];
        if (!question.Urls.IsEmpty)
            return rule.NonResourceUrls.AdmitsAll ? null : WithoutUrls(rule, question);
        var asked = question.Resources.Where(rule.Resources.Lists).ToHashSet(StringComparer.Ordinal);
        // A star covers what has no name yet, so nothing can be taken out of it.
        if (asked.Count == 0 || question.Resources.Any(resource => !asked.Contains(resource) && question.Requests.Any(request => request is AccessRequest.Resource one && one.Spelling == resource && Allows(rule, request))))
            return null;
        var verbs = rule.Verbs.AdmitsAll ? choices.Verbs : rule.Verbs;
        var others = Names.Of(rule.Resources.Where(resource => !asked.Contains(resource)).Concat(Instead(asked, choices)).Distinct(StringComparer.Ordinal));
        var left = Names.Of(verbs.Where(verb => !question.Verbs.Admits(verb)));
        return new[]
        {
            rule with { Resources = others, Verbs = verbs },
            rule with { Resources = Names.Of(asked.Order(StringComparer.Ordinal)), Verbs = left },
        }.Where(part => !part.Resources.IsEmpty && !part.Verbs.IsEmpty);
    }

    static Names Instead(HashSet<string> asked, RemedyChoices choices) => asked.Contains("nodes/proxy") ? choices.InsteadOfNodesProxy : Names.None;

    static IEnumerable<PolicyRule> WithoutUrls(PolicyRule rule, Question question)
    {
        var urls = Names.Of(rule.NonResourceUrls.Where(pattern => !question.Urls.Any(url => PolicyRule.Covers(pattern, url))));
        return urls.IsEmpty && rule.Resources.IsEmpty ? [] : [rule with { NonResourceUrls = urls }];
    }

    static bool Allows(PolicyRule rule, AccessRequest request) =>
        rule.Allows(request) || rule.ResourceNames.Any(name => Question.ForName(request, name) is { } named && rule.Allows(named));
}
