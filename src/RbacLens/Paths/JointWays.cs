using RbacLens.Policies;

namespace RbacLens.Paths;

/// <summary>
/// Draws ways that take two things at once: to move pods, and a node for them to come to; to write into a role, and to become somebody who is
/// bound to it. Drawn when everything else is, since the one is itself a way through the graph.
/// </summary>
sealed class JointWays(EscalationGraph graph, RoleRewriting rewriting)
{
    /// <summary>Draws them.</summary>
    /// <param name="movers">Who may move pods.</param>
    /// <param name="writers">Who may write into roles past the escalation check.</param>
    public void Draw(IReadOnlyCollection<Hit> movers, IReadOnlyCollection<Hit> writers)
    {
        var edges = MovingPods(movers).Concat(WritingRoles(writers)).ToList();
        foreach (var edge in edges)
            graph.Add(edge);
    }

    IEnumerable<Edge> MovingPods(IReadOnlyCollection<Hit> movers)
    {
        if (movers.Count == 0)
            yield break;
        // On every node there is everything already.
        var every = new Routes(graph, Numbers(waypoint => waypoint is Waypoint.Node { Name: "*" } or Waypoint.NodeIdentities { Name: "*" }), throughNodes: true);
        var some = new Routes(graph, Numbers(waypoint => waypoint is Waypoint.Node { Name: not "*" }), throughNodes: true);
        foreach (var hit in movers)
            foreach (var start in StatesOf(hit))
                if (!every.Leads(start) && some.Leads(start))
                    yield return new Edge(start, graph.Add(new Waypoint.MovablePodsOf(hit.Scope)), EdgeKind.Request)
                    {
                        Hit = hit,
                        Before = [.. some.From(start)],
                        Namespace = hit.Scope.IsCluster ? null : hit.Scope.Namespace,
                        Rank = 14,
                        IsEscape = true,
                    };
    }

    IEnumerable<Edge> WritingRoles(IReadOnlyCollection<Hit> writers)
    {
        if (writers.Count == 0)
            yield break;
        var everything = new Routes(graph, [graph.Add(new Waypoint.End(Goal.ClusterAdmin))], throughNodes: true);
        foreach (var hit in writers)
            foreach (var start in StatesOf(hit))
                if (!everything.Leads(start))
                    foreach (var way in WritingRoles(hit, start))
                        yield return way;
    }

    // Both requests are made in the same name, and the way to what they take is another for whoever only impersonates it.
    IEnumerable<int> StatesOf(Hit hit) => graph.Find(hit.Holder.Subject) is { } holder ? graph.StatesOf(holder) : [];

    IEnumerable<Edge> WritingRoles(Hit hit, int start) =>
        from written in rewriting.OfOthers(hit).Where(written => graph.Find(written.Subject) is not null)
        group written by written.Role.Scope into byScope
        let goal = byScope.Key.IsCluster ? (Waypoint)new Waypoint.End(Goal.ClusterAdmin) : new Waypoint.AccountsOf(byScope.Key)
        let end = graph.Find(goal)
        where end is not null
        let subjects = (from written in byScope.DistinctBy(written => written.Subject)
                        from number in graph.StatesOf(graph.Find(written.Subject)!.Value)
                        select (number, written.Role)).ToDictionary(entry => entry.number, entry => entry.Role)
        let routes = new Routes(graph, subjects.Keys, throughNodes: true)
        where routes.Leads(start) && routes.From(start).ToList() is { Count: > 0 }
        let before = routes.From(start).ToList()
        select new Edge(start, end.Value, EdgeKind.Request)
        {
            Hit = hit,
            Rewritten = subjects[before[^1].To],
            Before = [.. before],
            Namespace = byScope.Key.IsCluster ? null : byScope.Key.Namespace,
            Rank = 14,
            IsEscape = before.Exists(edge => edge.IsEscape),
        };

    List<int> Numbers(Func<Waypoint, bool> isMeant) =>
        [.. Enumerable.Range(0, graph.Waypoints.Count).Where(number => isMeant(graph.At(number)))];
}
