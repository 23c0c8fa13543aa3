using RbacLens.Policies;

namespace RbacLens.Paths;

/// <summary>
/// Draws ways that take two things at once: to move pods, and a node for them to come to; to write into a role, and to become somebody who is
/// bound to it. Drawn when everything else is, since the one is itself a way through the graph.
/// </summary>
sealed class JointWays(EscalationGraph graph, Landscape landscape, RoleRewriting rewriting)
{
    /// <summary>Draws them.</summary>
    /// <param name="movers">Who may move pods.</param>
    /// <param name="writers">Who may write into roles past the escalation check.</param>
    public void Draw(IReadOnlyCollection<Mover> movers, IReadOnlyCollection<Hit> writers)
    {
        var edges = MovingPods(movers).Concat(WritingRoles(writers)).ToList();
        foreach (var edge in edges)
            graph.Add(edge);
    }

    IEnumerable<Edge> MovingPods(IReadOnlyCollection<Mover> movers)
    {
        if (movers.Count == 0)
            yield break;
        // On every node there is everything already.
        var every = new Routes(graph, Numbers(waypoint => waypoint is Waypoint.Node { Name: "*" } or Waypoint.NodeIdentities { Name: "*" }), throughNodes: true);
        foreach (var left in movers.GroupBy(mover => mover.Left, StringComparer.Ordinal))
        {
            var some = new Routes(graph, Numbers(waypoint => waypoint is Waypoint.Node { Name: not "*" } node && (left.Key is null || left.Key == node.Name)), throughNodes: true);
            foreach (var mover in left)
                foreach (var start in StatesOf(mover.Hit))
                    if (!every.Leads(start) && some.Leads(start))
                        foreach (var pods in mover.Pods)
                            yield return mover.Way(start, graph.Add(pods), pods, [.. some.From(start)]);
        }
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
        let subjects = (from written in byScope.DistinctBy(written => written.Subject)
                        from number in graph.StatesOf(graph.Find(written.Subject)!.Value)
                        select (number, written.Role)).ToDictionary(entry => entry.number, entry => entry.Role)
        let routes = new Routes(graph, subjects.Keys, throughNodes: true)
        where routes.Leads(start) && routes.From(start).ToList() is { Count: > 0 }
        let before = routes.From(start).ToList()
        from goal in landscape.WithEverythingIn(byScope.Key)
        let end = graph.Find(goal.To)
        where end is not null
        select new Edge(start, end.Value, EdgeKind.Request)
        {
            Hit = hit,
            Rewritten = subjects[before[^1].To],
            Before = [.. before],
            Namespace = goal.Namespace,
            Rank = goal.IsEscape ? 22 : 14,
            IsEscape = goal.IsEscape || before.Exists(edge => edge.IsEscape),
        };

    List<int> Numbers(Func<Waypoint, bool> isMeant) =>
        [.. Enumerable.Range(0, graph.Waypoints.Count).Where(number => isMeant(graph.At(number)))];
}
