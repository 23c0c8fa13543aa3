using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Who can become whom: waypoints and the ways between them. Filled once, then searched from its goals backwards.</summary>
sealed class EscalationGraph
{
    readonly Dictionary<Waypoint, int> numbers = [];
    readonly List<Waypoint> waypoints = [];
    readonly List<Edge> edges = [];
    List<Edge>?[]? arriving;
    List<Edge>?[]? leaving;

    /// <summary>All waypoints, by number.</summary>
    public IReadOnlyList<Waypoint> Waypoints => waypoints;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => edges.Count;

    /// <summary>The number of a waypoint, which is added if it is new.</summary>
    public int Add(Waypoint waypoint)
    {
        if (!numbers.TryGetValue(waypoint, out var number))
        {
            numbers.Add(waypoint, number = waypoints.Count);
            waypoints.Add(waypoint);
        }

        return number;
    }

    /// <summary>Adds a way. Routes that were searched before do not know it.</summary>
    public void Add(Edge edge)
    {
        edges.Add(edge);
        (arriving, leaving) = (null, null);
    }

    /// <summary>The number of a waypoint, or null.</summary>
    public int? Find(Waypoint waypoint) => numbers.TryGetValue(waypoint, out var number) ? number : null;

    /// <summary>The number of a subject, or null for one that leads nowhere and to which nothing leads.</summary>
    public int? Find(Subject subject) => Find(new Waypoint.Identity(subject));

    /// <summary>The ways that lead to a waypoint, in the order they were added.</summary>
    public IReadOnlyList<Edge> Arriving(int waypoint) => (arriving ??= Sorted(edge => edge.To))[waypoint] ?? [];

    /// <summary>The ways that lead from a waypoint, in the order they were added.</summary>
    public IReadOnlyList<Edge> Leaving(int waypoint) => (leaving ??= Sorted(edge => edge.From))[waypoint] ?? [];

    List<Edge>?[] Sorted(Func<Edge, int> end)
    {
        var sorted = new List<Edge>?[waypoints.Count];
        foreach (var edge in edges)
            (sorted[end(edge)] ??= []).Add(edge);
        return sorted;
    }
}
