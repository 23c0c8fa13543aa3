using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Decides requests as the API server's RBAC authorizer does, from a fixed set of roles and bindings. Thread-safe.</summary>
public sealed class Authorizer
{
    readonly Dictionary<(string Kind, Scope Scope, string Name), Role> roles = [];
    readonly Dictionary<string, List<Applied>> byUser = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Applied>> byGroup = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<Identity, EffectivePermissions> known = [];

    /// <summary>An authorizer over these objects. Of two roles with one name the first counts.</summary>
    public Authorizer(IEnumerable<Role> roles, IEnumerable<Binding> bindings)
    {
        foreach (var role in roles)
            this.roles.TryAdd((role.Kind, role.Scope, role.Name), role);

        // ClusterRoleBindings are visited first, as in VisitRulesFor. Within a namespace the server's order is that of its cache; ours
        // is by name, so that the order of the input never matters.
        var ordered = bindings.OrderBy(binding => binding.Scope).ThenBy(binding => binding.Name, StringComparer.Ordinal);
        foreach (var (order, binding) in ordered.Index())
        {
            var role = Resolve(binding);
            foreach (var (position, subject) in binding.Subjects.Index())
                Index(new(order, position, subject, binding, role));
        }
    }

    /// <summary>The role a binding refers to, or null where it does not exist.</summary>
    public Role? Resolve(Binding binding) => roles.GetValueOrDefault(
        (binding.RoleRef.Kind, binding.RoleRef.IsClusterRole ? Scope.Cluster : binding.Scope, binding.RoleRef.Name));

    /// <summary>Everything that reaches an identity. To decide many requests of one identity, keep the answer.</summary>
    public EffectivePermissions PermissionsOf(Identity identity) => known.GetOrAdd(identity, Collect);

    /// <summary>Whether the identity may do this, through which binding, and Kubernetes' own words for it.</summary>
    public Decision Decide(Identity identity, AccessRequest request) => PermissionsOf(identity).Decide(request);

    // The same cases as Identity.Is: what applies to nobody is not indexed.
    void Index(Applied entry)
    {
        var (index, key) = entry.Subject switch
        {
            Subject.User user => (byUser, user.Name),
            Subject.Group group => (byGroup, group.Name),
            Subject.ServiceAccount { Namespace.Length: > 0 } account => (byUser, WellKnown.Username(account.Namespace, account.Name)),
            _ => (null, ""),
        };
        if (index is null)
            return;
        if (!index.TryGetValue(key, out var entries))
            index.Add(key, entries = []);
        entries.Add(entry);
    }

    EffectivePermissions Collect(Identity identity)
    {
        IEnumerable<Applied> entries = byUser.GetValueOrDefault(identity.User) ?? [];
        foreach (var group in identity.Groups)
            if (byGroup.TryGetValue(group, out var further))
                entries = entries.Concat(further);
        // Only the first applying subject of a binding is ever reported.
        return new(identity, [.. entries.OrderBy(entry => entry.Order).ThenBy(entry => entry.Position).DistinctBy(entry => entry.Order)]);
    }

    /// <summary>One subject of a binding; bindings are numbered by scope and name. <c>Role</c> is null where the reference leads nowhere.</summary>
    internal sealed record Applied(int Order, int Position, Subject Subject, Binding Binding, Role? Role);
}
