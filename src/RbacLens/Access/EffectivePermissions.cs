using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>All grants an identity holds.</summary>
public sealed class EffectivePermissions
{
    readonly ImmutableArray<Authorizer.Applied> applied;
    readonly bool isMaster;

    // One of these is kept for each of tens of thousands of identities, so it is an array that is sorted by scope, and no more.
    internal EffectivePermissions(Identity identity, ImmutableArray<Authorizer.Applied> applied)
    {
        Identity = identity;
        this.applied = applied;
        isMaster = identity.Groups.Contains(WellKnown.Masters);
    }

    /// <summary>Whose permissions these are.</summary>
    public Identity Identity { get; }

    /// <summary>The grants, cluster-wide ones first; bindings to missing roles grant nothing and are not among them.</summary>
    public IEnumerable<Grant> Grants =>
        from entry in applied
        let role = entry.Role
        where role is not null
        select new Grant(entry.Subject, entry.Binding, role, [.. Enumerable.Range(0, role.Rules.Count)]);

    /// <summary>The grants that count for requests in a namespace: cluster-wide ones first, then those of its RoleBindings.</summary>
    /// <param name="namespace">A namespace; the empty string for requests without one.</param>
    public IEnumerable<Grant> GrantsIn(string @namespace) =>
        Grants.Where(grant => grant.Binding.Scope.IsCluster || grant.Binding.Scope.Namespace == @namespace);

    /// <summary>The grants that allow a request, each with those of its rules that do; none for system:masters, who need none.</summary>
    public IEnumerable<Grant> GrantsAllowing(AccessRequest request) =>
        from grant in GrantsIn(request.Namespace)
        let rules = grant.Rules.Where(rule => grant.Role.Rules[rule].Allows(request)).ToImmutableArray()
        where rules.Length > 0
        select grant with { Rules = rules };

    /// <summary>Bindings that would grant something in a namespace if the roles they refer to existed.</summary>
    /// <param name="namespace">A namespace; the empty string for requests without one.</param>
    public IEnumerable<Binding> DanglingIn(string @namespace) =>
        from entry in applied
        where entry.Role is null && (entry.Binding.Scope.IsCluster || entry.Binding.Scope.Namespace == @namespace)
        select entry.Binding;

    /// <summary>The decision of the API server, system:masters included, with the reason in its own wording.</summary>
    public Decision Decide(AccessRequest request)
    {
        // The authorizer for this group stands before RBAC and gives no reason.
        if (isMaster)
            return new(Allowed: true, Grant: null, Reason: "");

        List<string>? errors = null;
        if (Visit("", request, ref errors) is { } everywhere)
            return everywhere;
        if (request.Namespace.Length > 0 && Visit(request.Namespace, request, ref errors) is { } here)
            return here;
        return new(Allowed: false, Grant: null, errors is null ? "" : "RBAC: " + GoText.Aggregate(errors));
    }

    // A role that does not exist is an error of its own and never keeps the next binding from granting.
    Decision? Visit(string @namespace, AccessRequest request, ref List<string>? errors)
    {
        for (var i = FirstIn(@namespace); i < applied.Length && applied[i].Binding.Scope.Namespace == @namespace; i++)
        {
            var entry = applied[i];
            if (entry.Role is null)
                (errors ??= []).Add(GoText.MissingRole(entry.Binding.RoleRef));
            else if (entry.Role.Rules.IndexOfFirstAllowing(request) is >= 0 and var rule)
                return Allowed(new(entry.Subject, entry.Binding, entry.Role, [rule]));
        }

        return null;
    }

    static Decision Allowed(Grant grant) => new(Allowed: true, grant, GoText.AllowedBy(grant));

    int FirstIn(string @namespace)
    {
        var (low, high) = (0, applied.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(applied[middle].Binding.Scope.Namespace, @namespace) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

/// <summary>What the API server would answer.</summary>
/// <param name="Allowed">Yes or no.</param>
/// <param name="Grant">What allows it; null when refused, and for system:masters.</param>
/// <param name="Reason">As in SubjectAccessReview's <c>status.reason</c>.</param>
public sealed record Decision(bool Allowed, Grant? Grant, string Reason);
