using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>Facts about bindings: what they refer to and whom they name.</summary>
sealed class BindingFacts(Snapshot snapshot, Authorizer authorizer, HashSet<Subject.ServiceAccount> existing, Power power, Stock stock)
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
        var known = snapshot.Namespaces.Select(ns => ns.Name).Concat(existing.Select(account => account.Namespace)).ToHashSet(StringComparer.Ordinal);
        return from binding in snapshot.Bindings
               where HasMissing(binding)
               let missing = binding.Subjects.Where(subject => IsMissing(binding, subject)).Select(subject => (Subject.ServiceAccount)subject.Canonical).ToList()
               let names = string.Join(", ", missing)
               select Observed.Of(binding, $"names {names}, which does not exist: whoever may create it gets what is bound", missing.Find(account => power.Has(account)) ?? missing[0]);

        bool HasMissing(Binding binding)
        {
            foreach (var subject in binding.Subjects)
                if (IsMissing(binding, subject))
                    return true;
            return false;
        }

        bool IsMissing(Binding binding, Subject subject) =>
            subject.Canonical is Subject.ServiceAccount { Namespace.Length: > 0 } account && !existing.Contains(account) && !stock.Ships(binding, subject)
            && (!snapshot.Cluster.IsManifests || (known.Contains(account.Namespace) && account.Name != "default"));
    }

    public IEnumerable<Observed> Empty() =>
        from binding in snapshot.Bindings
        where binding.Subjects.IsEmpty && !stock.KnowsReference(binding)
        select Observed.Of(binding, $"grants {binding.RoleRef.Kind} {binding.RoleRef.Name} to nobody");

    public IEnumerable<Observed> Dead()
    {
        var known = new Dictionary<RuleSet, string>();
        foreach (var binding in snapshot.Bindings)
        {
            if (binding.Scope.IsCluster || authorizer.Resolve(binding) is not { Scope.IsCluster: true } role)
                continue;
            if (!known.TryGetValue(role.Rules, out var dead))
                known.Add(role.Rules, dead = string.Join("; ", DeadRules.Through(role)));
            if (dead.Length > 0 && !stock.Ships(role))
                yield return Observed.Of(binding, dead);
        }
    }

    public IEnumerable<Observed> Nobody() =>
        from binding in snapshot.Bindings
        where binding.Subjects.Any(IsNobody)
        let nobody = binding.Subjects.Where(IsNobody)
        select Observed.Of(
            binding, $"names ServiceAccount {string.Join(", ", nobody.Select(account => account.Name))} without a namespace, which in a ClusterRoleBinding is nobody");

    static bool IsNobody(Subject subject) => subject is Subject.ServiceAccount { Namespace.Length: 0 };
}
