using System.Collections.Frozen;
using System.Collections.Immutable;
using RbacLens.Rbac;

namespace RbacLens.Access;

/// <summary>What each subject of a cluster is granted by name, and what it inherits from the groups that the API server adds.</summary>
sealed class Holdings
{
    readonly FrozenDictionary<Subject, ImmutableArray<Grant>> own;

    public Holdings(Snapshot snapshot)
    {
        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        var grants = from binding in snapshot.Bindings
                     let role = authorizer.Resolve(binding)
                     where role is not null
                     from subject in binding.Subjects.Distinct()
                     where subject is not (Subject.Unknown or Subject.ServiceAccount { Namespace.Length: 0 })
                     select new Grant(subject, binding, role, [.. Enumerable.Range(0, role.Rules.Count)]);
        own = grants.GroupBy(grant => grant.Subject.Canonical).ToFrozenDictionary(same => same.Key, same => same.ToImmutableArray());
    }

    public IEnumerable<Subject> Subjects => own.Keys;

    public ImmutableArray<Grant> Own(Subject subject) => own.GetValueOrDefault(subject, []);

    /// <summary>Own grants, and those of the implicit groups.</summary>
    public ImmutableArray<Grant> All(Subject subject) =>
    [
        .. Own(subject),
        .. Identity.Of(subject).Groups.Select(name => (Subject)new Subject.Group(name)).Where(implied => implied != subject).SelectMany(implied => Own(implied)),
    ];
}
