using System.Collections.Concurrent;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// The part of a question that a hit's grants really allow, in words, as in "get, create on services/proxy". Thousands of hits allow the same
/// part, which is put into words once. Thread-safe.
/// </summary>
sealed class AllowedParts
{
    // So many requests fit into one number; a question of more is put into words each time.
    const int MostRequests = 64;

    readonly ConcurrentDictionary<Question, Part> known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Some of a question's requests, in words, with a bit for each of them; and what other parts were met.</summary>
    sealed record Part(ulong Requests, string Words, Part? Other);

    /// <summary>The part of all questions of the hit's case.</summary>
    public string Of(Hit hit) => hit.Case.All is [var only] ? Of(only, hit) : string.Join(" and ", hit.Case.All.Select(question => Of(question, hit)));

    string Of(Question question, Hit hit)
    {
        if (question.Requests.Length > MostRequests)
            return Spell(Allowed(question, hit));
        var requests = 0UL;
        for (var i = 0; i < question.Requests.Length; i++)
            if (IsAllowed(question.Requests[i], hit))
                requests |= 1UL << i;
        var met = known.GetValueOrDefault(question);
        for (var part = met; part is not null; part = part.Other)
            if (part.Requests == requests)
                return part.Words;
        var words = Spell(Allowed(question, hit));
        // Of two that do this at once one is forgotten, and will be put into words again.
        known[question] = new(requests, words, met);
        return words;
    }

    static List<AccessRequest> Allowed(Question question, Hit hit) => [.. question.Requests.Where(request => IsAllowed(request, hit))];

    static bool IsAllowed(AccessRequest request, Hit hit)
    {
        foreach (var grant in hit.Grants)
            foreach (var rule in grant.Rules)
                if (IsAllowed(request, grant.Role.Rules[rule]))
                    return true;
        return false;
    }

    // Of a rule that is limited to names, for these.
    static bool IsAllowed(AccessRequest request, PolicyRule rule) =>
        rule.Allows(request) || (!rule.ResourceNames.IsEmpty && Question.CanName(request) && rule.AllowsForSomeName(request));

    static string Spell(List<AccessRequest> allowed)
    {
        var verbs = allowed.Select(request => request.Verb == "*" ? "every verb" : request.Verb).Distinct();
        var things = allowed.Select(request => request switch
        {
            AccessRequest.Resource { Plural: "*" } => "every resource",
            AccessRequest.Resource resource => resource.Spelling,
            AccessRequest.Path path => path.Url,
            _ => "",
        }).Distinct();
        return $"{string.Join(", ", verbs)} on {string.Join(", ", things)}";
    }
}
