using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// Bindings that add nothing: each of their subjects has the same role by another binding, in the same scope or in the whole cluster, or a
/// role that includes it. They hide who holds what, and survive when the other one is taken away.
/// </summary>
sealed class RedundantBindings(Snapshot snapshot, Authorizer authorizer, Stock stock)
{
    // Comparing roles is for people who read them; a body of more rules than anybody reads is left alone.
    const int MostRules = 100;

    readonly Dictionary<(RuleSet Held, RuleSet Wanted), bool> covers = [];

    public IEnumerable<Observed> Observe()
    {
        var bySubject = (from binding in snapshot.Bindings
                         let role = authorizer.Resolve(binding)
                         where role is not null && !binding.Subjects.IsEmpty
                         from subject in binding.Subjects.Select(subject => subject.Canonical).Distinct()
                         select new Holding(subject, binding, role)).ToLookup(holding => holding.Subject);
        var redundant = new HashSet<Binding>(ReferenceEqualityComparer.Instance);
        // From the last to the first, so that of two copies the first stays.
        for (var i = snapshot.Bindings.Length - 1; i >= 0; i--)
        {
            var binding = snapshot.Bindings[i];
            if (binding.Subjects.IsEmpty || binding.Subjects.Any(subject => stock.Ships(binding, subject)) || authorizer.Resolve(binding) is not { Rules.Count: > 0 } role)
                continue;
            var instead = binding.Subjects.Select(subject => bySubject[subject.Canonical].FirstOrDefault(other => Includes(other, binding, role, redundant))).ToList();
            if (instead.Contains(null) || !redundant.Add(binding))
                continue;
            var others = instead.Select(other => $"{other!.Binding.Kind} {other.Binding.Name} ({other.Role.Name})").Distinct().Order(StringComparer.Ordinal);
            yield return Observed.Of(binding, $"grants {role.Name} to nobody who does not have it, or more, by {string.Join(", ", others)}");
        }
    }

    bool Includes(Holding other, Binding binding, Role role, HashSet<Binding> redundant) =>
        !ReferenceEquals(other.Binding, binding) && !redundant.Contains(other.Binding)
        && (other.Scope.IsCluster || other.Scope == binding.Scope)
        && (ReferenceEquals(other.Role, role) || Covers(other.Role.Rules, role.Rules));

    bool Covers(RuleSet held, RuleSet wanted)
    {
        if (held.Equals(wanted))
            return true;
        if (held.Count > MostRules || wanted.Count > MostRules)
            return false;
        if (!covers.TryGetValue((held, wanted), out var known))
            covers.Add((held, wanted), known = Coverage.Covers(held, wanted));
        return known;
    }
}
