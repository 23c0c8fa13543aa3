using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Who can become whom: waypoints and the ways between them. Filled once, then searched from its goals backwards.</summary>
sealed class EscalationGraph
{
    readonly Dictionary<Waypoint, int> numbers = [];
    readonly Dictionary<Subject, int> identities = [];
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
        if (Find(waypoint) is { } known)
            return known;
        var number = waypoints.Count;
        if (waypoint is Waypoint.Identity identity)
            identities.Add(identity.Subject, number);
        else
            numbers.Add(waypoint, number);
        waypoints.Add(waypoint);
        return number;
    }

    /// <summary>Adds a way. All waypoints and ways are added before the first search.</summary>
    public void Add(Edge edge) => edges.Add(edge);

    /// <summary>The number of a waypoint, or null.</summary>
    public int? Find(Waypoint waypoint) =>
        waypoint is Waypoint.Identity identity ? Find(identity.Subject) : numbers.TryGetValue(waypoint, out var number) ? number : null;

    /// <summary>The number of a subject, or null for one that leads nowhere and to which nothing leads.</summary>
    public int? Find(Subject subject) => identities.TryGetValue(subject, out var number) ? number : null;

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
