using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// What Kubernetes ships by itself. Objects are recognised by their content alone: anyone can set a bootstrap label or a
/// <c>system:</c> name, and the API server never removes what was added to its own roles.
/// </summary>
public sealed class Stock
{
    // The largest rule that ships has fifty parts. A hostile role could be made of billions.
    const double MostParts = 10_000;

    // By name: most objects of a cluster are called like none that ships, and asking that is all they cost.
    readonly FrozenDictionary<string, Body[]> bodies;
    readonly FrozenDictionary<string, Reference[]> references;

    /// <summary>Stock made of shipped objects; those of several versions together are allowed side by side.</summary>
    /// <param name="roles">Shipped roles. Aggregated ones need no rules: what aggregates into them is allowed in them.</param>
    /// <param name="bindings">Shipped bindings.</param>
    public Stock(IEnumerable<Role> roles, IEnumerable<Binding> bindings)
    {
        var shipped = roles.ToList();
        bodies = shipped.Concat(Aggregation.Resolve(shipped))
            .GroupBy(role => (role.Scope, role.Name), role => role.Rules)
            .GroupBy(role => role.Key.Name, role => new Body(role.Key.Scope, [.. role.SelectMany(rules => rules).Distinct()]))
            .ToFrozenDictionary(named => named.Key, named => named.ToArray(), StringComparer.Ordinal);
        references = bindings
            .GroupBy(binding => (binding.Scope, binding.Name, binding.RoleRef), binding => binding.Subjects)
            .GroupBy(binding => binding.Key.Name, binding => new Reference(binding.Key.Scope, binding.Key.RoleRef, [.. binding.SelectMany(list => list).Select(subject => subject.Canonical)]))
            .ToFrozenDictionary(named => named.Key, named => named.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>
    /// What releases before the cluster's shipped, and an upgrade leaves behind: the API server adds what is new to its roles and never takes
    /// away what is old. It ships, too.
    /// </summary>
    public Stock? Earlier { get; init; }

    /// <summary>Stock of nothing.</summary>
    public static Stock Empty { get; } = new([], []);

    /// <summary>Which of the versions at hand to load together for a cluster.</summary>
    /// <param name="release">The cluster's version; null when unknown, which might be any.</param>
    /// <param name="available">The versions at hand.</param>
    /// <returns>The same version; both neighbours of one in between; the nearest for one beyond either end; all for an unknown one.</returns>
    public static ImmutableArray<KubernetesVersion> Choose(KubernetesVersion? release, IEnumerable<KubernetesVersion> available)
    {
        var ascending = available.Distinct().Order().ToImmutableArray();
        if (release is not { } known)
            return ascending;
        var lower = ascending.Where(version => version <= known).TakeLast(1);
        var upper = ascending.Where(version => version >= known).Take(1);
        return [.. lower.Union(upper)];
    }

    /// <summary>Whether everything a rule of this role allows is allowed by what ships under the role's kind, namespace and name.</summary>
    /// <param name="role">Any role.</param>
    /// <param name="rule">The index of one of its rules.</param>
    public bool Ships(Role role, int rule) => ShipsNow(role, rule) || Earlier?.Ships(role, rule) == true;

    /// <summary>Whether a role of this kind, namespace and name ships, and all rules of this one with it.</summary>
    public bool Ships(Role role)
    {
        if (!Knows(role))
            return false;
        for (var rule = 0; rule < role.Rules.Count; rule++)
            if (!Ships(role, rule))
                return false;
        return true;
    }

    /// <summary>Whether an earlier release shipped this rule, and the cluster's own does not.</summary>
    public bool IsLeftover(Role role, int rule) => !ShipsNow(role, rule) && Earlier?.Ships(role, rule) == true;

    /// <summary>Whether anything that ships by name holds more than its release ships: something was added, or an upgrade left it behind.</summary>
    public bool IsExceededBy(Snapshot snapshot) => snapshot.Roles.Any(role => Knows(role) && role.Aggregates.IsEmpty && !Ships(role));

    bool ShipsNow(Role role, int rule) => BodyOf(role)?.Ships(role.Rules[rule]) ?? false;

    /// <summary>Whether a role of this kind, namespace and name ships, whatever its rules.</summary>
    public bool Knows(Role role) => BodyOf(role) is not null;

    /// <summary>Whether a binding of this kind, namespace and name ships, whatever it refers to and whom it names.</summary>
    public bool Knows(Binding binding)
    {
        foreach (var shipped in references.GetValueOrDefault(binding.Name, []))
            if (shipped.Scope == binding.Scope)
                return true;
        return false;
    }

    /// <summary>Whether such a binding ships with this reference.</summary>
    public bool KnowsReference(Binding binding) => ReferenceOf(binding) is not null;

    /// <summary>Whether the binding ships with the same reference, and with this subject.</summary>
    public bool Ships(Binding binding, Subject subject) => ReferenceOf(binding)?.Subjects.Contains(subject.Canonical) == true;

    /// <summary>Whether the grant ships: its binding with its subject, and those of its role's rules that matter to it.</summary>
    public bool Ships(Grant grant)
    {
        if (!Ships(grant.Binding, grant.Subject))
            return false;
        foreach (var rule in grant.Rules)
            if (!Ships(grant.Role, rule))
                return false;
        return true;
    }

    Body? BodyOf(Role role)
    {
        foreach (var shipped in bodies.GetValueOrDefault(role.Name, []))
            if (shipped.Scope == role.Scope)
                return shipped;
        return null;
    }

    Reference? ReferenceOf(Binding binding)
    {
        foreach (var shipped in references.GetValueOrDefault(binding.Name, []))
            if (shipped.Scope == binding.Scope && shipped.RoleRef == binding.RoleRef)
                return shipped;
        return null;
    }

    sealed record Reference(Scope Scope, RoleRef RoleRef, FrozenSet<Subject> Subjects);

    sealed class Body(Scope scope, ImmutableArray<PolicyRule> rules)
    {
        public Scope Scope { get; } = scope;

        readonly ConcurrentDictionary<PolicyRule, bool> answers = [];

        // The API server may keep rules in another order or merged, so they are compared by what they allow.
        public bool Ships(PolicyRule rule) => answers.GetOrAdd(rule, asked => CountParts(asked) <= MostParts && Coverage.Covers(rules, [asked]));

        static double CountParts(PolicyRule rule) => rule.Verbs.Count
            * (((double)rule.ApiGroups.Count * rule.Resources.Count * Math.Max(1, rule.ResourceNames.Count)) + rule.NonResourceUrls.Count);
    }
}
