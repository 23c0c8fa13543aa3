using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>All that one subject is bound to, by bindings that name it; what it holds through groups is theirs.</summary>
/// <param name="Subject">A User, Group or ServiceAccount.</param>
/// <param name="Grants">One for each binding, with all rules of its role; cluster-wide ones first, then by namespace and name.</param>
public sealed record SubjectGrants(Target Subject, ImmutableArray<Grant> Grants)
{
    /// <summary>What the subjects of findings hold, and the groups that they are in without anybody saying so; sorted by subject.</summary>
    public static ImmutableArray<SubjectGrants> Of(IEnumerable<Finding> findings, Snapshot snapshot)
    {
        var named = findings.SelectMany(finding => finding.Grants).Select(grant => grant.Subject.Canonical).ToHashSet();
        if (named.Count == 0)
            return [];
        var wanted = named.ToDictionary(subject => subject, _ => new List<Grant>(1));
        foreach (var group in named.SelectMany(ImpliedGroups))
            if (!wanted.ContainsKey(group))
                wanted.Add(group, []);
        var roles = new Dictionary<(Scope Scope, string Name), Role>(snapshot.Roles.Length);
        foreach (var role in snapshot.Roles)
            roles.TryAdd((role.Scope, role.Name), role);
        foreach (var binding in snapshot.Bindings)
        {
            if (!roles.TryGetValue((binding.RoleRef.IsClusterRole ? Scope.Cluster : binding.Scope, binding.RoleRef.Name), out var role))
                continue;
            foreach (var subject in binding.Subjects)
                if (wanted.TryGetValue(subject.Canonical, out var grants))
                    grants.Add(new(subject.Canonical, binding, role, AllRules(role)));
        }

        foreach (var grants in wanted.Values)
            grants.Sort((left, right) => left.Binding.Scope.CompareTo(right.Binding.Scope) is not 0 and var scope ? scope : string.CompareOrdinal(left.Binding.Name, right.Binding.Name));
        return
        [
            .. from holder in wanted
               where holder.Value.Count > 0 || named.Contains(holder.Key)
               let target = Target.Of(holder.Key)
               orderby target
               select new SubjectGrants(target, [.. holder.Value]),
        ];
    }

    /// <summary>The groups that the API server puts a subject into by itself.</summary>
    public static IEnumerable<Subject> ImpliedGroups(Subject subject) =>
        from name in Identity.Of(subject).Groups
        where subject is not Subject.Group itself || itself.Name != name
        select new Subject.Group(name);

    /// <summary>The indexes of all rules of a role.</summary>
    public static ImmutableArray<int> AllRules(Role role) =>
        role.Rules.Count < Ranges.Length ? Ranges[role.Rules.Count] : [.. Enumerable.Range(0, role.Rules.Count)];

    // Most roles have a few rules; one array serves them all.
    static readonly ImmutableArray<int>[] Ranges = [.. Enumerable.Range(0, 64).Select(count => Enumerable.Range(0, count).ToImmutableArray())];
}
