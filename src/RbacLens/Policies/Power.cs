using System.Collections.Concurrent;
using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>
/// Who leads to the whole cluster: to cluster-admin, to every Secret, or by permission to every node, at once or by way of others. What
/// needs a container to break out of does not count here: without Pod Security that would be everybody who may start a pod.
/// </summary>
sealed class Power
{
    readonly EscalationGraph graph;
    readonly Landscape landscape;
    readonly Routes routes;
    readonly Func<Target, Routes> ways;
    readonly HashSet<Hit> opening = new(ReferenceEqualityComparer.Instance);
    readonly Accounts held = new();
    readonly Accounts borrowed = new();
    readonly ILookup<string, Role> allPowerfulRoles;

    /// <summary>Where the accounts are that lead to the whole cluster.</summary>
    sealed class Accounts
    {
        public Dictionary<string, Subject> Namespaces { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public Subject? Everywhere { get; set; }

        /// <summary>How far subjects get, in words: one account is named by every hit in its namespace.</summary>
        public ConcurrentDictionary<Subject, string> Reaches { get; } = [];
    }

    /// <summary>Works it out from the escalation graph, stock subjects included.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="landscape">Which accounts there are.</param>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="ways">The ways to a <see cref="Goal"/> that paths are told by.</param>
    public Power(EscalationGraph graph, Landscape landscape, Snapshot snapshot, Func<Target, Routes> ways)
    {
        (this.graph, this.landscape, this.ways) = (graph, landscape, ways);
        var everything = new AccessRequest.Resource("*", "*", "*", Name: Question.AnyName);
        allPowerfulRoles = snapshot.Roles.Where(role => role.Rules.IndexOfFirstAllowing(everything) >= 0).ToLookup(role => role.Name);
        routes = new(graph, Enumerable.Range(0, graph.Waypoints.Count).Where(number => IsPowerful(graph.At(number))), throughNodes: false);
        foreach (var number in Enumerable.Range(0, graph.Waypoints.Count).Where(routes.Leads))
            foreach (var edge in graph.Arriving(number))
                if (edge is { Hit: { } hit, IsEscape: false })
                    opening.Add(hit);
        // The nearest to the goal speaks for its namespace.
        var leading = from number in Enumerable.Range(0, graph.Waypoints.Count)
                      where routes.Leads(number)
                      let identity = graph.At(number) as Waypoint.Identity
                      where identity is not null
                      orderby routes.CostOf(number), Target.Of(identity.Subject)
                      select (identity.Subject, number);
        foreach (var (subject, number) in leading)
            Note(subject, number, graph.IsBorrowed(number) ? borrowed : held);
    }

    void Note(Subject subject, int number, Accounts among)
    {
        switch (subject)
        {
            case Subject.ServiceAccount account when IsOwn(number):
                among.Names.Add(account.Name);
                if (landscape.Exists(account) || Why(account) is { } hit && landscape.Exists(account, hit.Grants[0].Binding))
                    among.Namespaces.TryAdd(account.Namespace, account);
                break;
            case Subject.Group { Name: WellKnown.ServiceAccounts or WellKnown.Authenticated } group:
                among.Everywhere ??= group;
                break;
            case Subject.Group group when group.Name.StartsWith(WellKnown.ServiceAccountsPrefix, StringComparison.Ordinal):
                among.Namespaces.TryAdd(group.Name[WellKnown.ServiceAccountsPrefix.Length..], group);
                break;
        }
    }

    /// <summary>Whether this subject, by itself or as a member of an implicit group, leads to the whole cluster.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="by">What makes one the subject; by impersonation less is open. Null where one is it.</param>
    public bool Has(Subject subject, Hit? by = null) => Why(subject, by) is not null;

    /// <summary>Whether this hit itself opens a way to the whole cluster.</summary>
    public bool Opens(Hit hit) => opening.Contains(hit);

    /// <summary>How far such a subject gets, in the words for goals: to the whole cluster, to every Secret, or to every node.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="by">As in <see cref="Has"/>.</param>
    public string Reach(Subject subject, Hit? by = null)
    {
        var reaches = (IsBorrowedBy(by) ? borrowed : held).Reaches;
        if (!reaches.TryGetValue(subject, out var reach))
            reaches.TryAdd(subject, reach = Reach(NumbersOf(subject, by)));
        return reach;
    }

    string Reach(List<int> numbers) => numbers.Exists(ways(Goal.ClusterAdmin).Leads) ? "the whole cluster"
        : numbers.Exists(ways(Goal.AllSecrets).Leads) ? "every Secret"
        : numbers.Exists(ways(Goal.Node).Leads) ? "every node"
        : "the whole cluster";

    /// <summary>The hit that makes it so, or null.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="by">As in <see cref="Has"/>.</param>
    public Hit? Why(Subject subject, Hit? by = null)
    {
        foreach (var number in NumbersOf(subject, by))
            foreach (var edge in routes.From(number))
                if (edge.Hit is { } hit)
                    return hit;
        return null;
    }

    // The subject itself and its groups.
    List<int> NumbersOf(Subject subject, Hit? by)
    {
        var isBorrowed = IsBorrowedBy(by);
        var numbers = new List<int>();
        Add(subject.Canonical);
        foreach (var group in Identity.GroupsOf(subject))
            Add(new Subject.Group(group));
        return numbers;

        void Add(Subject one)
        {
            if ((isBorrowed ? graph.FindBorrowed(one) : graph.Find(one)) is { } number)
                numbers.Add(number);
        }
    }

    static bool IsBorrowedBy(Hit? by) => by is not null && Ways.IsImpersonation(by);

    /// <summary>An account of the namespace that leads to the whole cluster, or the group all of them are in; null where there is none.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="by">As in <see cref="Has"/>.</param>
    public Subject? In(string @namespace, Hit? by = null) =>
        (IsBorrowedBy(by) ? borrowed : held) is var among && among.Namespaces.TryGetValue(@namespace, out var account) ? account : among.Everywhere;

    /// <summary>Those of the names a hit is limited to that lead to the whole cluster, or to the whole namespace it holds in.</summary>
    public IEnumerable<string> Powerful(Hit hit) => hit.Case.Named switch
    {
        NamedObjects.Users => hit.Names.Where(name => Has(new Subject.User(name), hit)),
        NamedObjects.Accounts when hit.Scope.IsCluster => hit.Names.Where((IsBorrowedBy(hit) ? borrowed : held).Names.Contains),
        NamedObjects.Accounts => hit.Names.Where(name => new Subject.ServiceAccount(hit.Scope.Namespace, name) is var account && Has(account, hit) && CanBe(hit.Holder.Subject, account)),
        NamedObjects.Roles => RolesNamed(hit).Where(name => allPowerfulRoles[name].Any(role => role.Scope.IsCluster || role.Scope == hit.Scope)),
        NamedObjects.OwnRoles => hit.Names.Where(name => hit.Holder.Own.Any(own => own.Role.Name == name && own.Scope == hit.Scope)),
        _ => [],
    };

    // The binding may be limited to a name as well, which says nothing of a role that is called so.
    static ImmutableArray<string> RolesNamed(Hit hit) =>
        hit.Case.All.FirstOrDefault(question => question.Verbs.Lists("bind")) is { } bind && Asking.NamesOf(hit, bind) is { } names ? names : hit.Names;

    // One that is not there is nobody, unless it can be made, or its name used without it.
    bool CanBe(Subject holder, Subject.ServiceAccount account) => !landscape.IsGone(account)
        || (graph.Find(holder) is { } start && graph.Leaving(start).Any(edge => graph.At(edge.To) is var to && (to is Waypoint.MissingAccountsOf || (to is Waypoint.Identity made && made.Subject == account))));

    // kube-system always holds accounts that lead on, whether the input shows them or not.
    static bool IsPowerful(Waypoint waypoint) => waypoint
        is Waypoint.End { Goal.Name: "cluster-admin" or "all-secrets" } or Waypoint.Node { Name: "*" } or Waypoint.NodeIdentities { Name: "*" } or Waypoint.AccountsOf { Scope.IsCluster: true } or Waypoint.UnseenPodsOf { Scope.IsCluster: true };

    // Not merely as a member of a group, which is said of the group.
    bool IsOwn(int number) => routes.From(number).First().Kind != EdgeKind.Inherits;
}
