using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Upgrades;

/// <summary>Who holds what in a snapshot, for questions that change with releases.</summary>
sealed class HeldAccess(Snapshot snapshot, Stock stock)
{
    readonly Authorizer authorizer = new(snapshot.Roles, snapshot.Bindings);
    ImmutableArray<Holder> holders;

    /// <summary>Every subject that a binding names.</summary>
    public ImmutableArray<Holder> Holders => holders.IsDefault ? holders = Holder.All(snapshot, authorizer) : holders;

    /// <summary>Whoever a question is answered with yes for, by its own bindings; one hit for each scope and case.</summary>
    /// <param name="policy">Any texts.</param>
    /// <param name="questions">The questions; each is a case of its own.</param>
    public IEnumerable<(Hit Hit, int Question)> Asked(Policy policy, IEnumerable<Question> questions)
    {
        var cases = questions.Select(question => new Case([question], "", new(null, null, null, null))).ToImmutableArray();
        var search = new RequestSearch(Holders, [policy with { Match = new Match.Requests(cases) }], cluster: null);
        return from holder in Holders
               from hit in search.Search(holder)
               select (hit, cases.FindIndex(hit.Case));
    }

    /// <summary>Whether a subject may do any of this in a scope, implicit groups included.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="question">What.</param>
    /// <param name="scope">Where.</param>
    /// <param name="names">For which objects; empty for any.</param>
    public bool May(Subject subject, Question question, Scope scope, ImmutableArray<string> names)
    {
        var permissions = authorizer.PermissionsOf(Identity.Of(subject));
        return question.Requests.Any(request => names.IsEmpty
            ? permissions.Decide(request with { Namespace = scope.Namespace }).Allowed
            : names.All(name => Question.ForName(request, name) is { } named && permissions.Decide(named with { Namespace = scope.Namespace }).Allowed));
    }

    /// <summary>Whether a subject may do any of this in a scope, for objects of any name or of some.</summary>
    public bool MayForSome(Subject subject, Question question, Scope scope)
    {
        var rules = authorizer.PermissionsOf(Identity.Of(subject)).GrantsIn(scope.Namespace).SelectMany(grant => grant.Role.Rules).ToList();
        return question.Requests.Any(request => rules.Exists(rule =>
            rule.Allows(request) || rule.ResourceNames.Any(name => Question.ForName(request, name) is { } named && rule.Allows(named))));
    }

    /// <summary>Whether everything about these grants ships with Kubernetes.</summary>
    public bool IsStock(IEnumerable<Grant> grants) => grants.All(stock.Ships);

    /// <summary>The bindings that refer to a role, with each of their subjects.</summary>
    public static IEnumerable<Grant> GrantsOf(Role role, Snapshot snapshot) =>
        from binding in snapshot.Bindings
        where binding.RoleRef.Kind == role.Kind && binding.RoleRef.Name == role.Name && (role.Scope.IsCluster || binding.Scope == role.Scope)
        from subject in binding.Subjects
        select new Grant(subject, binding, role, [.. Enumerable.Range(0, role.Rules.Count)]);
}

/// <summary>Looking a case up by what it is, not by what it says: two may say the same.</summary>
static class CaseNumbers
{
    public static int FindIndex(this ImmutableArray<Case> cases, Case wanted)
    {
        for (var i = 0; i < cases.Length; i++)
            if (ReferenceEquals(cases[i], wanted))
                return i;
        throw new System.Diagnostics.UnreachableException();
    }
}
