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

    // Comparing small ones is as quick as remembering what came out.
    const int FewRules = 10;

    // Whoever has one binding has no other that makes it redundant.
    readonly Dictionary<Subject, Holder> bySubject = holders.Where(holder => holder.Own.Length > 1).ToDictionary(holder => holder.Subject);

    readonly Dictionary<(RuleSet Held, RuleSet Wanted), bool> covers = [];

    public IEnumerable<Observed> Observe()
    {
        var (observed, redundant) = (new List<Observed>(), new HashSet<Binding>(ReferenceEqualityComparer.Instance));
        // From the last to the first, so that of two copies the first stays.
        foreach (var binding in snapshot.Bindings.Reverse())
        {
            if (authorizer.Resolve(binding) is not { Rules.Count: > 0 } role || Instead(binding, role, redundant) is not { Count: > 0 } instead)
                continue;
            redundant.Add(binding);
            var others = instead is [var only] ? Spell(only) : string.Join(", ", instead.Select(Spell).Distinct().Order(StringComparer.Ordinal));
            observed.Add(Observed.Of(binding, $"grants {role.Name} to nobody who does not have it, or more, by {others}"));
        }

        observed.Reverse();
        return observed;
    }

    static string Spell(Holding other) => $"{other.Binding.Kind} {other.Binding.Name} ({other.Role.Name})";

    /// <summary>By what each subject has the role anyway; null where one has not.</summary>
    List<Holding>? Instead(Binding binding, Role role, HashSet<Binding> redundant)
    {
        List<Holding>? instead = null;
        foreach (var subject in binding.Subjects)
        {
            if (stock.Ships(binding, subject) || Instead(subject.Canonical, binding, role, redundant) is not { } other)
                return null;
            (instead ??= []).Add(other);
        }

        return instead;
    }

    Holding? Instead(Subject subject, Binding binding, Role role, HashSet<Binding> redundant)
    {
        if (!bySubject.TryGetValue(subject, out var holder))
            return null;
        return Among(holder.OwnIn(""), binding, role, redundant)
            ?? (binding.Scope.IsCluster ? null : Among(holder.OwnIn(binding.Scope.Namespace), binding, role, redundant));
    }

    Holding? Among(ReadOnlySpan<Holding> others, Binding binding, Role role, HashSet<Binding> redundant)
    {
        foreach (var other in others)
            if (!ReferenceEquals(other.Binding, binding) && !redundant.Contains(other.Binding)
                && (ReferenceEquals(other.Role, role) || Covers(other.Role.Rules, role.Rules)))
                return other;
        return null;
    }

    bool Covers(RuleSet held, RuleSet wanted)
    {
        if (held.Equals(wanted))
            return true;
        if (held.Count > MostRules || wanted.Count > MostRules)
            return false;
        if (held.Count + wanted.Count <= FewRules)
            return Coverage.Covers(held, wanted);
        if (!covers.TryGetValue((held, wanted), out var isCovered))
            covers.Add((held, wanted), isCovered = Coverage.Covers(held, wanted));
        return isCovered;
    }
}
