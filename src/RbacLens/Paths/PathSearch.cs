using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Finds paths through the escalation graph of one snapshot. Built once, asked often; not thread-safe.</summary>
public sealed class PathSearch
{
    static readonly Target[] WorstGoals = [Goal.ClusterAdmin, Goal.AllSecrets, Goal.Node];

    readonly EscalationGraph graph;
    readonly Premises premises;
    readonly Telling telling;
    readonly Intrusion intrusion;
    readonly ImmutableArray<Holder> holders;
    readonly IReadOnlyList<Hit> hits;
    readonly RequestSearch search;
    readonly RoleRewriting rewriting;
    readonly ConstrainedNames constrained;
    readonly List<Mover> movers = [];
    readonly List<Hit> roleWriters = [];
    readonly Dictionary<Target, Routes> routes = [];

    /// <summary>What a search rests on; it stays the same when a binding is thought away.</summary>
    internal sealed record Premises(Snapshot Snapshot, Stock Stock)
    {
        public Landscape Landscape { get; } = new(Snapshot, Stock);
    }

    internal PathSearch(Premises premises, ImmutableArray<Holder> holders, IReadOnlyList<Hit> hits, RequestSearch search, IEnumerable<Subject> asked)
        : this(premises, holders, hits, search, new EscalationGraph())
    {
        Draw(hits);
        var subjects = asked.Select(subject => subject.Canonical).ToList();
        foreach (var subject in subjects)
            graph.Add(new Waypoint.Identity(subject));
        foreach (var goal in WorstGoals)
            graph.Add(new Waypoint.End(goal));
        Fill(subjects, from: 0);
        LeadOn(subjects);
    }

    // Whoever is cluster-admin has every Secret, comes to every node, and makes itself whom it likes.
    void LeadOn(List<Subject> asked)
    {
        var all = graph.Add(new Waypoint.End(Goal.ClusterAdmin));
        foreach (var further in asked.Select(subject => (Waypoint)new Waypoint.Identity(subject)).Prepend(new Waypoint.End(Goal.Node)).Prepend(new Waypoint.End(Goal.AllSecrets)))
            graph.Add(new Edge(all, graph.Add(further), EdgeKind.OnNode) { Rank = 20 });
    }

    PathSearch(Premises premises, ImmutableArray<Holder> holders, IReadOnlyList<Hit> hits, RequestSearch search, EscalationGraph graph, Binding? without = null)
    {
        (this.premises, this.holders, this.hits, this.search, this.graph) = (premises, holders, hits, search, graph);
        telling = new(graph, premises.Landscape);
        intrusion = new(graph, premises.Landscape.Running, telling);
        var snapshot = without is null ? premises.Snapshot : premises.Snapshot with { Bindings = premises.Snapshot.Bindings.RemoveAll(binding => ReferenceEquals(binding, without)) };
        (rewriting, constrained) = (new(snapshot, holders, search.Search), new(snapshot));
    }

    void Draw(IEnumerable<Hit> drawn)
    {
        var edges = new HitEdges(graph, premises.Landscape, rewriting, constrained);
        var controllers = ControllersByGroup();
        foreach (var hit in drawn)
            if (hit.Case.Reaches != Reach.Nothing)
            {
                edges.Draw(hit);
                foreach (var account in controllers[hit.Holder.Subject])
                    if (Asking.IsOnlyWriting(hit))
                        edges.Draw(hit, new Waypoint.ActsAs(account));
            }

        movers.AddRange(edges.Movers);
        roleWriters.AddRange(edges.RoleWriters);
    }

    // By themselves, and by the groups they are in.
    ILookup<Subject, Subject.ServiceAccount> ControllersByGroup() =>
        (from controller in hits.Select(hit => hit.Case.Controller).OfType<Controller>().Distinct()
         from account in premises.Landscape.AccountsOf(controller)
         from subject in Identity.Of(account).Groups.Select(name => (Subject)new Subject.Group(name)).Prepend(account)
         select (subject, account)).Distinct().ToLookup(entry => entry.subject, entry => entry.account);

    void Fill(List<Subject> asked, int from)
    {
        if (from < graph.Waypoints.Count)
            FillMembers(asked, from);
        new JointWays(graph, premises.Landscape, rewriting).Draw(movers, roleWriters);
    }

    void FillMembers(List<Subject> asked, int from)
    {
        var named = holders.Select(holder => (holder.Subject, (Binding?)holder.Own[0].Binding)).Concat(asked.Select(subject => (subject, (Binding?)null)));
        if (roleWriters.Count > 0)
            named = named.Concat(from binding in rewriting.WaitingBindings from subject in binding.Subjects select (subject.Canonical, (Binding?)binding));
        new Members(graph, premises.Landscape).Fill(named.DistinctBy(entry => entry.Item1), from);
    }

    /// <summary>A search over a snapshot.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="policies">What they say they reach makes the graph.</param>
    /// <param name="stock">What ships with the cluster's version; who holds nothing else is no start by itself.</param>
    /// <param name="asked">Subjects that paths are asked from or to, whether or not anything is bound to them.</param>
    public static PathSearch Of(Snapshot snapshot, IReadOnlyCollection<Policy> policies, Stock stock, params IEnumerable<Subject> asked)
    {
        var named = Holder.All(snapshot, new(snapshot.Roles, snapshot.Bindings));
        var asking = new RequestSearch(named, policies, snapshot);
        return new(new(snapshot, stock), named, asking.All(), asking, asked);
    }

    /// <summary>The same cluster without one binding. Only the ways of those it concerns are drawn anew.</summary>
    internal PathSearch Without(Binding binding)
    {
        var concerned = binding.Subjects.Select(subject => subject.Canonical).ToHashSet();
        var namesGroup = concerned.Any(subject => subject is Subject.Group);
        var affected = holders.Where(holder => concerned.Contains(holder.Subject) || (namesGroup && holder.ImplicitGroups.Any(concerned.Contains))).Select(holder => holder.Subject).ToHashSet();
        // Who changes the binding, or writes into its role, need not be bound by it.
        affected.UnionWith(graph.Edges.Where(edge => ReferenceEquals(edge.Rewritten?.Through?.Binding, binding)).Select(edge => edge.Hit!.Holder.Subject));
        var left = holders
            .Select(holder => concerned.Contains(holder.Subject) ? holder with { Own = holder.Own.RemoveAll(own => ReferenceEquals(own.Binding, binding)) } : holder)
            .Where(holder => holder.Own.Length > 0).ToImmutableArray();
        var among = new RequestSearch(left, search);
        var again = left.Where(holder => affected.Contains(holder.Subject)).SelectMany(among.Search).ToList();
        // What takes several things together is looked for anew.
        var kept = new EscalationGraph(graph, edge => edge.Hit is not { } hit
            || (!affected.Contains(hit.Holder.Subject) && edge.Before.IsEmpty));
        var known = kept.Waypoints.Count;
        var without = new PathSearch(premises, left, [.. hits.Where(hit => !affected.Contains(hit.Holder.Subject)), .. again], among, kept, binding);
        without.movers.AddRange(movers.Where(mover => !affected.Contains(mover.Hit.Holder.Subject)));
        without.roleWriters.AddRange(roleWriters.Where(hit => !affected.Contains(hit.Holder.Subject)));
        without.Draw(again);
        without.Fill([], from: known);
        return without;
    }

    /// <summary>How large the graph is: waypoints and the ways between them.</summary>
    public (int Waypoints, int Ways) Size => (graph.Waypoints.Count, graph.EdgeCount);

    /// <summary>How many identities are not meant to be powerful, which paths are looked for from.</summary>
    public int Identities => Starts.Count();

    /// <summary>How many workloads there are to be in a container of.</summary>
    public int Workloads => premises.Landscape.Running.TopLevel.Count();

    /// <summary>
    /// The shortest path of each identity that is not meant to be powerful: one that holds more than what ships, not everything, and gets
    /// there by a grant of its own and not merely as a member of a group that does.
    /// </summary>
    /// <param name="to">A <see cref="Goal"/>, or a subject.</param>
    /// <returns>Shortest first, then by start.</returns>
    public ImmutableArray<Path> Shortest(Target to) => Sorted(
        from subject in Starts
        where Target.Of(subject) != to
        let path = Own(subject, to)
        where path is not null
        select path);

    /// <summary>To the worst that each such identity reaches: cluster-admin, all secrets, or a node.</summary>
    public ImmutableArray<Path> Worst() => Sorted(
        from subject in Starts
        let path = Own(subject, Goal.ClusterAdmin) ?? Own(subject, Goal.AllSecrets) ?? Own(subject, Goal.Node)
        where path is not null
        select path);

    /// <summary>Every way a subject can begin that leads to the goal, by its own grants or those of its groups; the shortest of each policy.</summary>
    public ImmutableArray<Path> From(Subject subject, Target to)
    {
        if (graph.Find(subject.Canonical) is not { } start)
            return [];
        var found = To(to);
        var beginnings = graph.Leaving(start).Where(edge => edge.Kind == EdgeKind.Inherits).SelectMany(edge => graph.Leaving(edge.To)).Concat(graph.Leaving(start));
        var ways = (from edge in beginnings.Distinct()
                    where edge.IsStep && found.CostBy(edge) != int.MaxValue
                    where !Passes(found, edge, start)
                    group edge by edge.Hit?.Policy.Id into alike
                    let best = alike.MinBy(found.CostBy)!
                    orderby found.CostBy(best), alike.Key
                    select best).ToList();
        // Whoever holds everything need not be told each thing it includes.
        var told = ways.Find(IsEverything) is { } everything ? [everything] : subject is Subject.Group { Name: WellKnown.Masters } ? ways[..Math.Min(ways.Count, 1)] : ways;
        return [.. from best in told select new Path(Target.Of(subject.Canonical), to, telling.Steps(found.From(best.To).Prepend(best)))];
    }

    /// <summary>The shortest path of an intruder in each workload's containers.</summary>
    public ImmutableArray<Path> FromWorkloads(Target to) => Sorted(premises.Landscape.Running.TopLevel.Select(running => intrusion.From(running, to, To(to))).OfType<Path>());

    /// <summary>To the worst that an intruder in each workload's containers reaches.</summary>
    public ImmutableArray<Path> WorstFromWorkloads() => Sorted(
        from running in premises.Landscape.Running.TopLevel
        let path = WorstGoals.Select(goal => intrusion.From(running, goal, To(goal))).FirstOrDefault(path => path is not null)
        where path is not null
        select path);

    /// <summary>Who leads to the whole cluster, as severities want to know it.</summary>
    internal Power Power(Snapshot snapshot)
    {
        // Worked out here, once: findings are put into words side by side.
        foreach (var goal in WorstGoals)
            To(goal);
        return new(graph, premises.Landscape, snapshot, To);
    }

    /// <summary>Whether an identity or a workload gets there.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">Where to.</param>
    /// <param name="byAnyGrant">Whether an identity may begin with what its groups hold, and not only by a grant of its own.</param>
    internal bool Leads(Target from, Target to, bool byAnyGrant) => SubjectOf(from) is not { } subject
        ? premises.Landscape.Running.TopLevelOf(from) is { } running && intrusion.From(running, to, To(to)) is not null
        : byAnyGrant ? !From(subject, to).IsEmpty : OwnWay(subject, to) is not null;

    static Subject? SubjectOf(Target target) => target.Kind switch
    {
        "ServiceAccount" => new Subject.ServiceAccount(target.Namespace, target.Name),
        "User" => new Subject.User(target.Name),
        "Group" => new Subject.Group(target.Name),
        _ => null,
    };

    static ImmutableArray<Path> Sorted(IEnumerable<Path> paths) =>
        [.. paths.Where(path => path.Steps.Length > 0).OrderBy(path => path.Steps.Length).ThenBy(path => path.From).ThenBy(path => path.Steps[0].Policy, StringComparer.Ordinal)];

    IEnumerable<Subject> Starts => holders.Where(IsStart).Select(holder => holder.Subject);

    // Whoever holds everything is meant to; whoever holds nothing beyond what ships is Kubernetes itself.
    bool IsStart(Holder holder) =>
        HoldsMoreThanShips(holder)
        && (holder.Subject is not Subject.ServiceAccount account || premises.Landscape.Exists(account, holder.Own[0].Binding))
        && !HoldsEverything(holder.Subject);

    bool HoldsMoreThanShips(Holder holder)
    {
        foreach (var holding in holder.Own)
            if (!premises.Stock.Ships(holding.Binding, holding.Subject))
                return true;
        return false;
    }

    bool HoldsEverything(Subject subject)
    {
        if (graph.Find(subject) is { } start)
            foreach (var edge in graph.Leaving(start))
                if (IsEverything(edge))
                    return true;
        return false;
    }

    bool IsEverything(Edge edge) =>
        edge is { Hit.Policy.Match: Match.Requests { IsEverything: true }, Then: null } && graph.Waypoints[edge.To] is Waypoint.End;

    Path? Own(Subject subject, Target to) => OwnWay(subject, to) is { } way ? new(Target.Of(subject), to, telling.Steps(way)) : null;

    List<Edge>? OwnWay(Subject subject, Target to)
    {
        if (graph.Find(subject) is not { } start)
            return null;
        var found = To(to);
        return found.OwnFirst(start) is { } first && !ComesToGroupOf(start, found.From(first.To)) ? [first, .. found.From(first.To)] : null;
    }

    // To become an account of one's own group, only to use what the group holds, is no step forward.
    bool ComesToGroupOf(int start, IEnumerable<Edge> way)
    {
        HashSet<int>? groups = null;
        foreach (var edge in way)
            if (edge.Kind == EdgeKind.Inherits && (groups ??= GroupsOf(start)).Contains(edge.To))
                return true;
        return false;
    }

    HashSet<int> GroupsOf(int identity) => graph.Leaving(identity).Where(edge => edge.Kind == EdgeKind.Inherits).SelectMany(edge => graph.StatesOf(edge.To)).ToHashSet();

    bool Passes(Routes found, Edge first, int identity) => found.From(first.To).Any(edge => graph.StatesOf(identity).Contains(edge.To));

    Routes To(Target goal)
    {
        if (!routes.TryGetValue(goal, out var found))
            routes.Add(goal, found = new(graph, NumbersOf(goal), throughNodes: true));
        return found;
    }

    IEnumerable<int> NumbersOf(Target goal)
    {
        int?[] numbers = [graph.Find(new Waypoint.End(goal)), SubjectOf(goal) is { } subject ? graph.Find(subject) : null];
        return numbers.OfType<int>().SelectMany(graph.StatesOf);
    }
}
