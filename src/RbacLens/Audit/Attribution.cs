using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Audit;

/// <summary>
/// Which binding allowed a deed: the one that the log's annotation names; in logs without annotations, the one the authorizer finds among those
/// that were there then.
/// </summary>
/// <param name="authorizer">Of the cluster; null where there is none to ask.</param>
/// <param name="cluster">The cluster; null likewise.</param>
sealed class Attribution(Authorizer? authorizer, Snapshot? cluster)
{
    readonly Dictionary<Target, Binding> bindings = (cluster?.Bindings ?? []).DistinctBy(TargetOf).ToDictionary(TargetOf);

    /// <summary>What a binding is called.</summary>
    public static Target TargetOf(Binding binding) => new(binding.Kind, binding.Scope.Namespace, binding.Name);

    /// <summary>What a binding that the log names is called.</summary>
    public static Target TargetOf(AllowReason reason) => new(reason.Scope.IsCluster ? "ClusterRoleBinding" : "RoleBinding", reason.Scope.Namespace, reason.Binding);

    /// <summary>The binding, or null where RBAC did not allow it or nothing says so.</summary>
    public Target? BindingOf(DeedCount count)
    {
        var deed = count.Deed;
        if (deed.Outcome != Outcome.Allowed)
            return null;
        if (deed.AllowedBy is { } reason)
            return TargetOf(reason);
        return !deed.IsAnnotated && GrantOf(deed.Effective, deed.Request, count) is { } grant ? TargetOf(grant.Binding) : null;
    }

    /// <summary>The bindings that allowed the impersonation itself; the log never names them.</summary>
    public IEnumerable<Target> BindingsOfImpersonation(DeedCount count) =>
        from request in Impersonation.Requests(count.Deed)
        let grant = GrantOf(count.Deed.User, request, count)
        where grant is not null
        select TargetOf(grant.Binding);

    /// <summary>The first grant that allows a request, of a binding that was there when the last of the requests came; null for none.</summary>
    public Grant? GrantOf(Identity identity, AccessRequest request, DeedCount count)
    {
        var first = authorizer?.Decide(identity, request).Grant;
        return first?.Binding.Created > count.Last
            ? authorizer!.PermissionsOf(identity).GrantsAllowing(request).FirstOrDefault(grant => !(grant.Binding.Created > count.Last))
            : first;
    }

    /// <summary>
    /// When the binding of today was made that has the name of the one that allowed a deed, in .NET ticks: requests before that were another's. 0 where
    /// nothing says so.
    /// </summary>
    public long MadeAt(Deed deed) => deed.AllowedBy is { } reason && bindings.GetValueOrDefault(TargetOf(reason)) is { Created: { } created } ? created.UtcTicks : 0;

    /// <summary>Whether the binding that allowed all requests of a deed is not the one that has its name today.</summary>
    public bool IsReplaced(DeedCount count) =>
        count.Deed.AllowedBy is { } reason && bindings.GetValueOrDefault(TargetOf(reason)) is { } today && IsOther(today, reason, count);

    /// <summary>The requests of a deed that the binding allowed that has its name today: a binding keeps its role for life.</summary>
    public UseCount UseOfToday(DeedCount count)
    {
        if (count.Deed.AllowedBy is not { } reason || bindings.GetValueOrDefault(TargetOf(reason)) is not { } today)
            return count.Use;
        return IsOther(today, reason, count) ? default : count.Since;
    }

    static bool IsOther(Binding today, AllowReason reason, DeedCount count) => today.RoleRef != reason.RoleRef || today.Created > count.Last;
}
