using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>Decides requests as the API server's RBAC authorizer does, from a fixed set of roles and bindings. Thread-safe.</summary>
public sealed class Authorizer
{
    readonly Dictionary<string, Dictionary<string, Role>> roles = new(StringComparer.Ordinal);
    readonly Lazy<Applying> applying;
    readonly ConcurrentDictionary<Identity, EffectivePermissions> known = [];

    /// <summary>An authorizer over these objects. Of two roles with one name the first counts.</summary>
    public Authorizer(IEnumerable<Role> roles, IEnumerable<Binding> bindings)
    {
        foreach (var role in roles)
        {
            if (!this.roles.TryGetValue(role.Scope.Namespace, out var here))
                this.roles.Add(role.Scope.Namespace, here = new(StringComparer.Ordinal));
            here.TryAdd(role.Name, role);
        }

        // Who only wants to know what bindings refer to need not wait for it.
        applying = new(() => new(bindings, Resolve));
    }

    /// <summary>The role a binding refers to, or null where it does not exist.</summary>
    public Role? Resolve(Binding binding) => binding.RoleRef.Kind switch
    {
        "ClusterRole" => RoleIn("", binding.RoleRef.Name),
        "Role" when !binding.Scope.IsCluster => RoleIn(binding.Scope.Namespace, binding.RoleRef.Name),
        _ => null,
    };

    Role? RoleIn(string @namespace, string name) => roles.TryGetValue(@namespace, out var here) ? here.GetValueOrDefault(name) : null;

    /// <summary>Everything that reaches an identity. To decide many requests of one identity, keep the answer.</summary>
    public EffectivePermissions PermissionsOf(Identity identity) => known.GetOrAdd(identity, asked => applying.Value.Collect(asked));

    /// <summary>Whether the identity may do this, through which binding, and Kubernetes' own words for it.</summary>
    public Decision Decide(Identity identity, AccessRequest request) => PermissionsOf(identity).Decide(request);

    /// <summary>Bindings by whom they name.</summary>
    sealed class Applying
    {
        readonly Dictionary<string, List<Applied>> byUser = new(StringComparer.Ordinal);
        readonly Dictionary<string, List<Applied>> byGroup = new(StringComparer.Ordinal);

        public Applying(IEnumerable<Binding> bindings, Func<Binding, Role?> resolve)
        {
            // ClusterRoleBindings are visited first, as in VisitRulesFor. Within a namespace the server's order is that of its cache; ours
            // is by name, so that the order of the input never matters.
            var ordered = bindings.OrderBy(binding => binding.Scope).ThenBy(binding => binding.Name, StringComparer.Ordinal);
            foreach (var (order, binding) in ordered.Index())
            {
                var role = resolve(binding);
                foreach (var (position, subject) in binding.Subjects.Index())
                    Index(new(order, position, subject, binding, role));
            }
        }

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

        public EffectivePermissions Collect(Identity identity)
        {
            IEnumerable<Applied> entries = byUser.GetValueOrDefault(identity.User) ?? [];
            foreach (var group in identity.Groups)
                if (byGroup.TryGetValue(group, out var further))
                    entries = entries.Concat(further);
            // Only the first applying subject of a binding is ever reported.
            return new(identity, [.. entries.OrderBy(entry => entry.Order).ThenBy(entry => entry.Position).DistinctBy(entry => entry.Order)]);
        }
    }

    /// <summary>One subject of a binding; bindings are numbered by scope and name. <c>Role</c> is null where the reference leads nowhere.</summary>
    internal sealed record Applied(int Order, int Position, Subject Subject, Binding Binding, Role? Role);
}
