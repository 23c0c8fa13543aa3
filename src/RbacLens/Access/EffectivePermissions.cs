using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>All grants an identity holds.</summary>
public sealed class EffectivePermissions
{
    readonly ImmutableArray<Authorizer.Applied> applied;
    readonly ILookup<Scope, Authorizer.Applied> byScope;

    internal EffectivePermissions(Identity identity, ImmutableArray<Authorizer.Applied> applied)
    {
        Identity = identity;
        this.applied = applied;
        byScope = applied.ToLookup(entry => entry.Binding.Scope);
    }

    /// <summary>Whose permissions these are.</summary>
    public Identity Identity { get; }

    /// <summary>The grants, cluster-wide ones first; bindings to missing roles grant nothing and are not among them.</summary>
    public IEnumerable<Grant> Grants =>
        from entry in applied
        let role = entry.Role
        where role is not null
        select new Grant(entry.Subject, entry.Binding, role, [.. Enumerable.Range(0, role.Rules.Count)]);

    /// <summary>The decision of the API server, system:masters included, with the reason in its own wording.</summary>
    public Decision Decide(AccessRequest request)
    {
        // The authorizer for this group stands before RBAC and gives no reason.
        if (Identity.Groups.Contains(WellKnown.Masters))
            return new(Allowed: true, Grant: null, Reason: "");

        var visited = request.Namespace.Length == 0
            ? byScope[Scope.Cluster]
            : byScope[Scope.Cluster].Concat(byScope[new(request.Namespace)]);
        var errors = new List<string>();
        foreach (var entry in visited)
        {
            if (entry.Role is null)
                errors.Add(GoText.MissingRole(entry.Binding.RoleRef));
            else if (entry.Role.Rules.IndexOfFirstAllowing(request) is >= 0 and var rule)
            {
                var grant = new Grant(entry.Subject, entry.Binding, entry.Role, [rule]);
                return new(Allowed: true, grant, GoText.AllowedBy(grant));
            }
        }

        return new(Allowed: false, Grant: null, errors.Count == 0 ? "" : "RBAC: " + GoText.Aggregate(errors));
    }
}

/// <summary>What the API server would answer.</summary>
/// <param name="Allowed">Yes or no.</param>
/// <param name="Grant">What allows it; null when refused, and for system:masters.</param>
/// <param name="Reason">As in SubjectAccessReview's <c>status.reason</c>.</param>
public sealed record Decision(bool Allowed, Grant? Grant, string Reason);
