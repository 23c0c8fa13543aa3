using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Upgrades;

/// <summary>Subjects who may do one thing, and not another that will be asked for as well.</summary>
sealed class RequestShifts(HeldAccess access, Affects.Requests requests)
{
    public IEnumerable<Finding> Findings(Policy policy) =>
        from asked in access.Asked(policy, requests.Cases.Select(shift => shift.Has))
        let shift = requests.Cases[asked.Question]
        let hit = asked.Hit
        where !shift.Lacks.Any(question => IsAbout(question, shift.Has)
            ? access.May(hit.Holder.Subject, question, hit.Scope, hit.Names)
            : access.MayForSome(hit.Holder.Subject, question, hit.Scope))
        let severity = IsSpelledOut(hit.Grants, shift.Has) ? shift.Severity : shift.ByWildcard
        where severity is not null
        group (hit, shift) by (hit.Holder.Subject, severity.Value) into ofSubject
        from alike in ofSubject.GroupBy(found => found.hit.Scope).GroupBy(inScope => string.Join("; ", inScope.Select(found => Because(found.hit, found.shift)).Distinct()))
        let grants = alike.SelectMany(inScope => inScope).SelectMany(found => found.hit.Grants).Distinct().ToImmutableArray()
        select new Finding(policy, Target.Of(ofSubject.Key.Subject), [.. alike.Select(inScope => inScope.Key).Order()], ofSubject.Key.Value, alike.Key)
        {
            Grants = grants,
            IsStock = access.IsStock(grants),
        };

    // Of another kind of object other names are known: a driver's, not a claim's.
    static bool IsAbout(Question lacking, Question has) => lacking.Resources.Any(has.Resources.Lists);

    // A role that reads everything by a wildcard was hardly meant to run commands.
    static bool IsSpelledOut(IEnumerable<Grant> grants, Question question) =>
        grants.SelectMany(grant => grant.Rules.Select(rule => grant.Role.Rules[rule])).Any(rule => question.Resources.Any(rule.Resources.Lists));

    static string Because(Hit hit, Shift shift)
    {
        var limits = hit.ForAnyName ? "" : $" (only {string.Join(", ", hit.Names)})";
        return $"{string.Join(", ", shift.Has.Verbs)} on {string.Join(", ", shift.Has.Resources)}{limits} {shift.Means}";
    }
}
