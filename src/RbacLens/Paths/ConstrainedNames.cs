using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>
/// Tells whether constrained impersonation gives anything: what is done in somebody's name is decided as theirs, so somebody whose name may be
/// used must be allowed to do the same (KEP-5284). Followed where any name may be used, and for what that somebody may do to every object there.
/// </summary>
sealed class ConstrainedNames(Snapshot snapshot)
{
    const string On = "impersonate-on:";
    const string Users = On + "user-info:";
    const string AnyNode = On + "arbitrary-node:";

    readonly Lazy<Authorizer> authorizer = new(() => new(snapshot.Roles, snapshot.Bindings));

    // Built once; a snapshot's bindings name the same few again and again.
    readonly Lazy<ImmutableArray<Subject>> bound = new(() => [.. snapshot.Bindings.SelectMany(binding => binding.Subjects).Select(subject => subject.Canonical).Distinct()]);

    /// <summary>Whether a hit is no constrained impersonation, or one by which somebody can be used.</summary>
    public bool Serve(Hit hit)
    {
        if (hit.Case.All.FirstOrDefault(question => question.Verbs.Any(IsOn)) is not { } question)
            return true;
        return hit.ForAnyName && question.Requests.OfType<AccessRequest.Resource>().Any(asked => Serves(hit, asked with { Namespace = hit.Scope.Namespace }));
    }

    // The node authorizer gives each node the tokens of its own pods, whatever RBAC says.
    bool Serves(Hit hit, AccessRequest.Resource asked) => Allows(hit.Holder.Subject, asked)
        && (asked.Verb.StartsWith(AnyNode, StringComparison.Ordinal)
            || bound.Value.Any(subject => CanBeUsed(subject, asked.Verb, hit.Scope) && Allows(subject, asked with { Verb = asked.Verb[(asked.Verb.LastIndexOf(':') + 1)..] })));

    bool Allows(Subject subject, AccessRequest asked) => authorizer.Value.Decide(Identity.Of(subject), asked).Allowed;

    static bool CanBeUsed(Subject subject, string verb, Scope scope) => subject switch
    {
        Subject.Group { Name: WellKnown.Authenticated } => true,
        Subject.User => verb.StartsWith(Users, StringComparison.Ordinal),
        _ when verb.StartsWith(Users, StringComparison.Ordinal) => false,
        Subject.ServiceAccount account => scope.IsCluster || scope.Namespace == account.Namespace,
        Subject.Group group => group.Name == WellKnown.ServiceAccounts || (scope.IsCluster && group.Name.StartsWith(WellKnown.ServiceAccounts + ":", StringComparison.Ordinal))
            || group.Name == $"{WellKnown.ServiceAccounts}:{scope.Namespace}",
        _ => false,
    };

    static bool IsOn(string verb) => verb.StartsWith(On, StringComparison.Ordinal);
}
