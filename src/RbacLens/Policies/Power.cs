using RbacLens.Access;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// Who leads to the whole cluster: whoever holds a permission that reaches it, and whoever can become an account that does, until
/// nothing new is found.
/// </summary>
sealed class Power
{
    readonly Dictionary<Subject, Hit> powerful = [];
    readonly Dictionary<string, Subject> namespaces = new(StringComparer.Ordinal);
    readonly HashSet<Subject>? existing;
    readonly ILookup<string, Role> allPowerfulRoles;
    Subject? everywhere;

    /// <summary>Works it out from all hits, those of stock subjects included.</summary>
    public Power(IReadOnlyCollection<Hit> hits, Snapshot snapshot)
    {
        // Nobody can use an account that does not exist; manifests do not tell which exist.
        existing = snapshot.Cluster.Source == "manifests" || snapshot.Accounts.IsEmpty
            ? null
            : snapshot.Accounts.Select(account => (Subject)account.Subject).ToHashSet();
        var everything = new AccessRequest.Resource("*", "*", "*", Name: Question.AnyName);
        allPowerfulRoles = snapshot.Roles.Where(role => role.Rules.IndexOfFirstAllowing(everything) >= 0).ToLookup(role => role.Name);
        // The shortest explanation first: who holds everything needs no other reason.
        var candidates = hits
            .Where(hit => hit.Case.Reaches != Reach.Nothing)
            .OrderByDescending(hit => hit.Policy.Match is Match.Requests { IsEverything: true })
            .ThenByDescending(hit => hit.Scope.IsCluster)
            .ToList();
        while (candidates.RemoveAll(hit => Leads(hit) && Add(hit)) > 0)
        {
        }
    }

    /// <summary>Whether this subject, by itself or as a member of an implicit group, leads to the whole cluster.</summary>
    public bool Has(Subject subject) => Why(subject) is not null;

    /// <summary>The hit that makes it so, or null.</summary>
    public Hit? Why(Subject subject) =>
        Identity.Of(subject).Groups.Select(group => (Subject)new Subject.Group(group)).Prepend(subject.Canonical)
            .Select(powerful.GetValueOrDefault)
            .FirstOrDefault(hit => hit is not null);

    /// <summary>An account of the namespace that leads to the whole cluster, or the group all of them are in; null where there is none.</summary>
    public Subject? In(string @namespace) => namespaces.GetValueOrDefault(@namespace) ?? everywhere;

    /// <summary>Those of the names a hit is limited to that lead to the whole cluster, or to the whole namespace it holds in.</summary>
    public IEnumerable<string> Powerful(Hit hit) => hit.Case.Named switch
    {
        NamedObjects.Users => hit.Names.Where(name => Has(new Subject.User(name))),
        NamedObjects.Accounts when hit.Scope.IsCluster => hit.Names.Where(name => powerful.Keys.Any(subject => subject is Subject.ServiceAccount && subject.Name == name)),
        NamedObjects.Accounts => hit.Names.Where(name => Has(new Subject.ServiceAccount(hit.Scope.Namespace, name))),
        NamedObjects.Roles => hit.Names.Where(name => allPowerfulRoles[name].Any(role => role.Scope.IsCluster || role.Scope == hit.Scope)),
        NamedObjects.OwnRoles => hit.Names.Where(name => hit.Holder.Own.Any(own => own.Role.Name == name && own.Scope == hit.Scope)),
        _ => [],
    };

    bool Leads(Hit hit) => hit.ForAnyName ? LeadsByItself(hit) : Powerful(hit).Any() && (hit.Scope.IsCluster || hit.Case.Named is NamedObjects.Accounts);

    bool LeadsByItself(Hit hit) => hit.Case.Reaches switch
    {
        Reach.ClusterAdmin => hit.Scope.IsCluster,
        // kube-system always holds such accounts, whether the input shows them or not.
        Reach.Accounts when hit.Scope.IsCluster => true,
        Reach.Accounts => In(hit.Scope.Namespace) is not null,
        _ => false,
    };

    bool Add(Hit hit)
    {
        powerful.TryAdd(hit.Holder.Subject, hit);
        switch (hit.Holder.Subject)
        {
            case Subject.ServiceAccount account when existing?.Contains(account) ?? true:
                namespaces.TryAdd(account.Namespace, account);
                break;
            case Subject.Group { Name: WellKnown.ServiceAccounts or WellKnown.Authenticated } group:
                everywhere ??= group;
                break;
            case Subject.Group group when group.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal):
                namespaces.TryAdd(group.Name[WellKnown.ServiceAccountsPrefix.Length..], group);
                break;
        }

        return true;
    }
}
