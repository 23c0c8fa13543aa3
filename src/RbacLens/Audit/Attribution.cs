using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Audit;

/// <summary>
/// Which binding allowed a deed: the one that the log's annotation names; in logs without annotations, the one the authorizer finds.
/// </summary>
/// <param name="authorizer">Of the cluster; null where there is none to ask.</param>
sealed class Attribution(Authorizer? authorizer)
{
    /// <summary>The binding, or null where RBAC did not allow it or nothing says so.</summary>
    public Target? BindingOf(Deed deed)
    {
        if (deed.Outcome != Outcome.Allowed)
            return null;
        if (deed.AllowedBy is { } reason)
            return new(reason.Scope.IsCluster ? "ClusterRoleBinding" : "RoleBinding", reason.Scope.Namespace, reason.Binding);
        return deed.IsAnnotated ? null : TargetOf(authorizer?.Decide(deed.Effective, deed.Request).Grant);
    }

    /// <summary>The bindings that allowed the impersonation itself; the log never names them.</summary>
    public IEnumerable<Target> BindingsOfImpersonation(Deed deed) =>
        from request in Impersonation.Requests(deed)
        let target = TargetOf(authorizer?.Decide(deed.User, request).Grant)
        where target is not null
        select target;

    static Target? TargetOf(Grant? grant) => grant is null ? null : new(grant.Binding.Kind, grant.Binding.Scope.Namespace, grant.Binding.Name);
}
