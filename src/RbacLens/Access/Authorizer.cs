using System.Collections.Concurrent;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Decides requests as the API server's RBAC authorizer does, from a fixed set of roles and bindings.</summary>
public sealed class Authorizer
{
    readonly Dictionary<(string Kind, Scope Scope, string Name), Role> roles = [];
    readonly Dictionary<Subject, List<Applied>> bySubject = [];
    readonly ConcurrentDictionary<Identity, EffectivePermissions> known = [];

    /// <summary>An authorizer over these objects. Of two roles with one name the first counts.</summary>
    public Authorizer(IEnumerable<Role> roles, IEnumerable<Binding> bindings)
    {
        foreach (var role in roles)
            this.roles.TryAdd((role.Kind, role.Scope, role.Name), role);

        // ClusterRoleBindings are visited first, as in VisitRulesFor; within a kind the order is ours.
        var ordered = bindings.OrderBy(binding => binding.Scope.IsCluster ? 0 : 1);
        foreach (var (order, binding) in ordered.Index())
        {
            var role = Resolve(binding);
            foreach (var (position, subject) in binding.Subjects.Index())
            {
                if (!bySubject.TryGetValue(subject.Canonical, out var applied))
                    bySubject.Add(subject.Canonical, applied = []);
                applied.Add(new(order, position, subject, binding, role));
            }
        }
    }

    /// <summary>The role a binding refers to, or null where it does not exist.</summary>
    public Role? Resolve(Binding binding) => roles.GetValueOrDefault(
        (binding.RoleRef.Kind, binding.RoleRef.IsClusterRole ? Scope.Cluster : binding.Scope, binding.RoleRef.Name));

    /// <summary>Everything that reaches an identity.</summary>
    public EffectivePermissions PermissionsOf(Identity identity) => known.GetOrAdd(identity, Collect);

    /// <summary>Whether the identity may do this, through which binding, and Kubernetes' own words for it.</summary>
    public Decision Decide(Identity identity, AccessRequest request) => PermissionsOf(identity).Decide(request);

    EffectivePermissions Collect(Identity identity)
    {
        var subjects = identity.Groups.Select(group => (Subject)new Subject.Group(group)).Append(new Subject.User(identity.User).Canonical);
        var applied = from subject in subjects.Distinct()
                      from entry in bySubject.GetValueOrDefault(subject) ?? []
                      where identity.Is(entry.Subject)
                      orderby entry.Order, entry.Position
                      select entry;
        // Only the first applying subject of a binding is ever reported.
        return new(identity, [.. applied.DistinctBy(entry => entry.Order)]);
    }

    /// <summary>One binding that applies to an identity; <c>Role</c> is null where the reference leads nowhere.</summary>
    internal readonly record struct Applied(int Order, int Position, Subject Subject, Binding Binding, Role? Role);
}
