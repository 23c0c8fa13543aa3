namespace RbacLens.Paths;

/// <summary>
/// The shortest way from every waypoint to one of some goals: fewest steps first, then what is one's own before what comes through a group,
/// then what wants least. Found backwards from the goals, each way looked at once, so the time is linear in waypoints and ways.
/// </summary>
sealed class Routes
{
    const int Step = 1 << 12;
    const int Inherited = 1 << 5;

    readonly EscalationGraph graph;
    readonly int[] costs;
    readonly Edge?[] next;

    /// <summary>Searches.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="goals">Numbers of the waypoints to get to.</param>
    /// <param name="throughNodes">Whether ways count that break out of a container.</param>
    public Routes(EscalationGraph graph, IEnumerable<int> goals, bool throughNodes)
    {
        this.graph = graph;
        costs = new int[graph.Waypoints.Count];
        next = new Edge?[graph.Waypoints.Count];
        Array.Fill(costs, int.MaxValue);
        var byCost = new SortedDictionary<int, List<int>>();
        foreach (var goal in goals)
            Reach(goal, 0, null, byCost);
        while (byCost.Count > 0)
        {
            var (cost, reached) = byCost.First();
            // The list grows while ways that cost nothing are followed.
            for (var i = 0; i < reached.Count; i++)
                if (costs[reached[i]] == cost)
                    foreach (var edge in graph.Arriving(reached[i]))
                        if (throughNodes || !edge.IsEscape)
                        {
                            Reach(edge.From, cost + Cost(edge), edge, byCost);
                            if (edge.IsForBorrowed && graph.BorrowedOf(edge.From) is { } borrowed)
                                Reach(borrowed, cost + Cost(edge), edge, byCost);
                        }
            byCost.Remove(cost);
        }
    }

    /// <summary>Whether there is a way from here.</summary>
    public bool Leads(int waypoint) => costs[waypoint] != int.MaxValue;

    /// <summary>How long the way is, to compare; <see cref="int.MaxValue"/> for none.</summary>
    public int CostOf(int waypoint) => costs[waypoint];

    /// <summary>How long the way is that begins with this one.</summary>
    public int CostBy(Edge edge) => costs[edge.To] == int.MaxValue ? int.MaxValue : costs[edge.To] + Cost(edge);

    /// <summary>The ways from here to the goal, in order; empty at the goal itself.</summary>
    public IEnumerable<Edge> From(int waypoint)
    {
        for (var edge = next[waypoint]; edge is not null; edge = next[edge.To])
            yield return edge;
    }

    /// <summary>The best way that begins with a request which a grant of the waypoint's own allows; null for none.</summary>
    public Edge? OwnFirst(int waypoint)
    {
        var (best, least) = ((Edge?)null, int.MaxValue);
        foreach (var edge in graph.Leaving(waypoint))
            if (edge.Kind == EdgeKind.Request && CostBy(edge) is var cost && cost < least)
                (best, least) = (edge, cost);
        return best;
    }

    static int Cost(Edge edge) => edge.Kind switch
    {
        EdgeKind.Member => 0,
        EdgeKind.Inherits => Inherited,
        _ => (Step * edge.Steps) + edge.Rank,
    };

    void Reach(int waypoint, int cost, Edge? by, SortedDictionary<int, List<int>> byCost)
    {
        if (costs[waypoint] <= cost)
            return;
        costs[waypoint] = cost;
        next[waypoint] = by;
        if (!byCost.TryGetValue(cost, out var reached))
            byCost.Add(cost, reached = []);
        reached.Add(waypoint);
    }
}
