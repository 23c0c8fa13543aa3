using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A role that a holder can bind to itself, or write into.</summary>
/// <param name="Role">The role.</param>
/// <param name="Scope">Where it takes effect.</param>
/// <param name="IsEverything">Whether it allows, or can be made to allow, everything there.</param>
/// <param name="IsClusterWide">Whether cluster-scoped resources are among what it gives.</param>
sealed record Rewritten(Role Role, Scope Scope, bool IsEverything, bool IsClusterWide);

/// <summary>The two ways around the API server's escalation check: <c>bind</c> with a binding, and <c>escalate</c> with a role.</summary>
sealed class RoleRewriting
{
    static readonly AccessRequest Everything = new AccessRequest.Resource("*", "*", "*", Name: Question.AnyName);

    static readonly string[] ClusterRoleOnly = ["ClusterRole"];
    static readonly string[] BothKinds = ["ClusterRole", "Role"];

    readonly Snapshot snapshot;
    readonly Dictionary<Subject, Holder> holders;
    readonly Func<Holder, IEnumerable<Hit>> search;
    readonly ILookup<(string Kind, string Name), Role> roles;
    readonly Role? everything;

    /// <summary>Over the roles of a cluster.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="holders">Every subject that a binding names.</param>
    /// <param name="search">Finds what somebody holds.</param>
    public RoleRewriting(Snapshot snapshot, IEnumerable<Holder> holders, Func<Holder, IEnumerable<Hit>> search)
    {
        (this.snapshot, this.search) = (snapshot, search);
        this.holders = holders.ToDictionary(holder => holder.Subject);
        roles = snapshot.Roles.ToLookup(role => (role.Kind, role.Name));
        // The one that everybody knows, if it is what its name says.
        everything = snapshot.Roles.Where(role => role.Scope.IsCluster && IsEverything(role)).OrderBy(role => role.Name != "cluster-admin").FirstOrDefault();
    }

    /// <summary>The roles that a hit about binding or writing roles makes the holder's own.</summary>
    public IEnumerable<Rewritten> Of(Hit hit) => hit.Case.Reaches.HasFlag(Reach.Roles) ? Bindable(hit) : Writable(hit);

    /// <summary>What a role gives that has been bound.</summary>
    public IEnumerable<Hit> UsesOf(Rewritten bound, Hit by)
    {
        var subject = by.Holder.Subject;
        var binding = new Binding(bound.Scope, "", [subject], new(bound.Role.Kind, bound.Role.Name));
        return from hit in search(new(subject, [new Holding(subject, binding, bound.Role)]))
               where hit.Case.Reaches != Reach.Nothing
               where bound.IsClusterWide || hit.Case.All.All(question => question.Place == Question.Places.Namespace)
               select hit;
    }

    static bool IsEverything(Role role) => role.Rules.IndexOfFirstAllowing(Everything) >= 0;

    IEnumerable<Rewritten> Bindable(Hit hit)
    {
        var (bind, write) = (About(hit, "bind"), hit.Case.All.First(question => !question.Verbs.Lists("bind")));
        var inCluster = write.Resources.Lists("clusterrolebindings");
        var scope = inCluster ? Scope.Cluster : hit.Scope;
        // A binding that is there already can be given another subject, but no other role.
        var bound = Asking.Allows(hit, write, "create") ? null : BoundAlready(scope, inCluster, Asking.NamesOf(hit, write));
        var candidates = Asking.NamesOf(hit, bind) is { } names ? Named(hit, names, scope, inCluster)
            : bound is not null ? bound
            : everything is not null ? [everything] : [];
        return from role in candidates
               where bound is null || bound.Contains(role)
               select new Rewritten(role, scope, IsEverything(role), inCluster);
    }

    static Question About(Hit hit, string verb) => hit.Case.All.First(question => question.Verbs.Lists(verb));

    // ClusterRoles may be bound in a namespace, too.
    IEnumerable<Role> Named(Hit hit, ImmutableArray<string> names, Scope scope, bool inCluster) =>
        from name in names
        from kind in inCluster ? ClusterRoleOnly : BothKinds
        where Allows(hit, kind, name)
        from role in roles[(kind, name)]
        where role.Scope.IsCluster || scope.IsCluster || role.Scope == scope
        select role;

    static bool Allows(Hit hit, string kind, string name) =>
        hit.Grants.Any(grant => grant.Rules.Any(rule => grant.Role.Rules[rule].Allows(
            new AccessRequest.Resource("bind", "rbac.authorization.k8s.io", kind == "Role" ? "roles" : "clusterroles", Name: name))));

    HashSet<Role> BoundAlready(Scope scope, bool inCluster, ImmutableArray<string>? names)
    {
        var found = from binding in snapshot.Bindings
                    where binding.Scope.IsCluster == inCluster && (scope.IsCluster || binding.Scope == scope)
                    where names is null || names.Value.Contains(binding.Name)
                    from role in roles[(binding.RoleRef.Kind, binding.RoleRef.Name)]
                    where role.Scope.IsCluster || role.Scope == binding.Scope
                    select role;
        return [.. found];
    }

    // Only a role that one is bound to gives oneself anything, and it must be there to be changed.
    IEnumerable<Rewritten> Writable(Hit hit)
    {
        var (escalate, write) = (About(hit, "escalate"), hit.Case.All.First(question => !question.Verbs.Lists("escalate")));
        if (!Asking.Allows(hit, write, "update") && !Asking.Allows(hit, write, "patch") && hit.ForAnyName)
            return [];
        var kind = write.Resources.Lists("clusterroles") ? "ClusterRole" : "Role";
        var (escalating, writing) = (Asking.NamesOf(hit, escalate), Asking.NamesOf(hit, write));
        return (from holding in Holdings(hit.Holder)
                where holding.Role.Kind == kind && (hit.Scope.IsCluster || holding.Scope == hit.Scope)
                where escalating?.Contains(holding.Role.Name) ?? true
                where writing?.Contains(holding.Role.Name) ?? true
                orderby holding.Scope
                select new Rewritten(holding.Role, holding.Scope, IsEverything: true, holding.Scope.IsCluster)).DistinctBy(role => role.Scope);
    }

    IEnumerable<Holding> Holdings(Holder holder) => holder.Own.Concat(
        from implied in holder.ImplicitGroups
        where holders.ContainsKey(implied)
        from holding in holders[implied].Own
        select holding);
}
