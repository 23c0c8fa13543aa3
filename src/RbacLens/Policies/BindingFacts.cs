using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Facts about bindings: what they refer to and whom they name.</summary>
sealed class BindingFacts(Snapshot snapshot, Authorizer authorizer, Power power, Stock stock)
{
    public IEnumerable<Observed> MissingRoles() =>
        from binding in snapshot.Bindings
        where authorizer.Resolve(binding) is null && snapshot.IsComplete(binding.RoleRef.Kind)
        let why = binding.Scope.IsCluster && !binding.RoleRef.IsClusterRole
            ? "which a ClusterRoleBinding cannot: it can never grant anything"
            : "which does not exist: whoever may create it decides what it grants"
        select Observed.Of(binding, $"refers to {binding.RoleRef.Kind} {binding.RoleRef.Name}, {why}");

    public IEnumerable<Observed> MissingSubjects()
    {
        if (!snapshot.IsComplete("ServiceAccount"))
            return [];
        var existing = snapshot.Accounts.Select(account => account.Subject).ToHashSet();
        var known = snapshot.Namespaces.Select(ns => ns.Name).Concat(existing.Select(account => account.Namespace)).ToHashSet(StringComparer.Ordinal);
        return from binding in snapshot.Bindings
               where binding.Subjects.Any(subject => IsMissing(binding, subject))
               let missing = binding.Subjects.Where(subject => IsMissing(binding, subject)).Select(subject => (Subject.ServiceAccount)subject.Canonical).ToList()
               let names = string.Join(", ", missing)
               select Observed.Of(binding, $"names {names}, which does not exist: whoever may create it gets what is bound", missing.Find(account => power.Has(account)) ?? missing[0]);

        bool IsMissing(Binding binding, Subject subject) =>
            subject.Canonical is Subject.ServiceAccount { Namespace.Length: > 0 } account && !existing.Contains(account) && !stock.Ships(binding, subject)
            && (!snapshot.Cluster.IsManifests || (known.Contains(account.Namespace) && account.Name != "default"));
    }

    public IEnumerable<Observed> Empty() =>
        from binding in snapshot.Bindings
        where binding.Subjects.IsEmpty && !stock.KnowsReference(binding)
        select Observed.Of(binding, $"grants {binding.RoleRef.Kind} {binding.RoleRef.Name} to nobody");

    public IEnumerable<Observed> Dead() =>
        from binding in snapshot.Bindings
        where !binding.Scope.IsCluster
        let role = authorizer.Resolve(binding)
        where role is not null && role.Scope.IsCluster
        group (binding, role) by role.Rules into alike
        let dead = string.Join("; ", DeadRules.Through(alike.First().role))
        where dead.Length > 0
        from bound in alike
        where !stock.Ships(bound.role)
        select Observed.Of(bound.binding, dead);

    public IEnumerable<Observed> Nobody() =>
        from binding in snapshot.Bindings
        let nobody = binding.Subjects.Where(subject => subject is Subject.ServiceAccount { Namespace.Length: 0 }).ToList()
        where nobody.Count > 0
        select Observed.Of(
            binding, $"names ServiceAccount {string.Join(", ", nobody.Select(account => account.Name))} without a namespace, which in a ClusterRoleBinding is nobody");
}
