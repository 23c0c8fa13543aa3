using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// Bindings that add nothing: each of their subjects has the same role by another binding, in the same scope or in the whole cluster, or a
/// role that includes it. They hide who holds what, and survive when the other one is taken away.
/// </summary>
sealed class RedundantBindings(Snapshot snapshot, Authorizer authorizer, ImmutableArray<Holder> holders, Stock stock)
{
    // Comparing roles is for people who read them; a body of more rules than anybody reads is left alone.
    const int MostRules = 100;

    // Whoever has one binding has no other that makes it redundant. A group may be bound in every namespace.
    readonly Dictionary<Subject, ILookup<string, Holding>> byNamespace = holders
        .Where(holder => holder.Own.Length > 1)
        .ToDictionary(holder => holder.Subject, holder => holder.Own.ToLookup(holding => holding.Scope.Namespace));

    readonly Dictionary<RuleSet, Dictionary<RuleSet, bool>> covers = [];

    public IEnumerable<Observed> Observe()
    {
        var redundant = new HashSet<Binding>(ReferenceEqualityComparer.Instance);
        // From the last to the first, so that of two copies the first stays.
        foreach (var binding in snapshot.Bindings.Reverse())
        {
            if (authorizer.Resolve(binding) is not { Rules.Count: > 0 } role || Instead(binding, role, redundant) is not { Count: > 0 } instead)
                continue;
            redundant.Add(binding);
            var others = instead.Select(other => $"{other.Binding.Kind} {other.Binding.Name} ({other.Role.Name})").Distinct().Order(StringComparer.Ordinal);
            yield return Observed.Of(binding, $"grants {role.Name} to nobody who does not have it, or more, by {string.Join(", ", others)}");
        }
    }

    /// <summary>By what each subject has the role anyway; null where one has not.</summary>
    List<Holding>? Instead(Binding binding, Role role, HashSet<Binding> redundant)
    {
        var instead = new List<Holding>();
        foreach (var subject in binding.Subjects)
        {
            if (stock.Ships(binding, subject) || Instead(subject.Canonical, binding, role, redundant) is not { } other)
                return null;
            instead.Add(other);
        }

        return instead;
    }

    Holding? Instead(Subject subject, Binding binding, Role role, HashSet<Binding> redundant)
    {
        if (!byNamespace.TryGetValue(subject, out var held))
            return null;
        var others = binding.Scope.IsCluster ? held[""] : held[""].Concat(held[binding.Scope.Namespace]);
        return others.FirstOrDefault(other =>
            !ReferenceEquals(other.Binding, binding) && !redundant.Contains(other.Binding)
            && (ReferenceEquals(other.Role, role) || Covers(other.Role.Rules, role.Rules)));
    }

    bool Covers(RuleSet held, RuleSet wanted)
    {
        if (held.Equals(wanted))
            return true;
        if (held.Count > MostRules || wanted.Count > MostRules)
            return false;
        if (!covers.TryGetValue(held, out var known))
            covers.Add(held, known = []);
        if (!known.TryGetValue(wanted, out var isCovered))
            known.Add(wanted, isCovered = Coverage.Covers(held, wanted));
        return isCovered;
    }
}
