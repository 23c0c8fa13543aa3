using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>Who can become whom: waypoints and the ways between them. Filled once, then searched from its goals backwards.</summary>
sealed class EscalationGraph
{
    readonly Dictionary<Waypoint, int> numbers = [];
    readonly Dictionary<Subject, int> identities = [];
    readonly List<Waypoint> waypoints = [];
    readonly Dictionary<int, int> borrowed = [];
    readonly List<Edge> edges = [];
    ByEnd? arriving;
    ByEnd? leaving;

    /// <summary>A graph of nothing.</summary>
    public EscalationGraph()
    {
    }

    /// <summary>The same waypoints, and some of the ways between them.</summary>
    public EscalationGraph(EscalationGraph other, Predicate<Edge> keeps) =>
        (numbers, identities, borrowed, waypoints, edges) =
            (new(other.numbers), new(other.identities), new(other.borrowed), [.. other.waypoints], other.edges.FindAll(keeps));

    /// <summary>All waypoints, by number.</summary>
    public IReadOnlyList<Waypoint> Waypoints => waypoints;

    /// <summary>What this number stands for, whether held or impersonated.</summary>
    public Waypoint At(int number) => waypoints[number] is Waypoint.Borrowed borrowed ? borrowed.What : waypoints[number];

    /// <summary>Whether this number stands for somebody who is impersonated, and not held.</summary>
    public bool IsBorrowed(int number) => waypoints[number] is Waypoint.Borrowed;

    /// <summary>All ways, in the order they were added.</summary>
    public IReadOnlyList<Edge> Edges => edges;

    /// <summary>How many edges there are.</summary>
    public int EdgeCount => edges.Count;

    /// <summary>The number of a waypoint, which is added if it is new.</summary>
    public int Add(Waypoint waypoint)
    {
        if (Find(waypoint) is { } known)
            return known;
        // Whoever acts as somebody has the ways that start where that somebody is held.
        int? held = waypoint is Waypoint.Borrowed { What: Waypoint.Identity } lent ? Add(lent.What) : null;
        var number = waypoints.Count;
        if (held is { } of)
            borrowed.Add(of, number);
        else if (waypoint is Waypoint.Identity identity)
            identities.Add(identity.Subject, number);
        else
            numbers.Add(waypoint, number);
        waypoints.Add(waypoint);
        return number;
    }

    /// <summary>Adds a way. Routes that were searched before do not know it.</summary>
    public void Add(Edge edge)
    {
        edges.Add(edge);
        (arriving, leaving) = (null, null);
    }

    /// <summary>The number of a waypoint, or null.</summary>
    public int? Find(Waypoint waypoint) => waypoint switch
    {
        Waypoint.Identity identity => Find(identity.Subject),
        Waypoint.Borrowed { What: Waypoint.Identity identity } => FindBorrowed(identity.Subject),
        _ => numbers.TryGetValue(waypoint, out var number) ? number : null,
    };

    /// <summary>The number of a subject, or null for one that leads nowhere and to which nothing leads.</summary>
    public int? Find(Subject subject) => identities.TryGetValue(subject, out var number) ? number : null;

    /// <summary>The number of a subject that somebody can impersonate, for whoever does; null where nobody can.</summary>
    public int? FindBorrowed(Subject subject) => Find(subject) is { } held ? BorrowedOf(held) : null;

    /// <summary>The number by which an identity is impersonated; null where nobody can.</summary>
    public int? BorrowedOf(int identity) => borrowed.TryGetValue(identity, out var number) ? number : null;

    /// <summary>The numbers of an identity: held, and impersonated where somebody can.</summary>
    public IEnumerable<int> StatesOf(int identity) => BorrowedOf(identity) is { } number ? [identity, number] : [identity];

    /// <summary>The ways that lead to a waypoint, in the order they were added.</summary>
    public ArraySegment<Edge> Arriving(int waypoint) => (arriving ??= new(edges, edge => edge.To, waypoints.Count)).At(waypoint);

    /// <summary>The ways that lead from a waypoint, in the order they were added.</summary>
    public ArraySegment<Edge> Leaving(int waypoint) => (leaving ??= new(edges, edge => edge.From, waypoints.Count)).At(waypoint);

    /// <summary>All ways, those of one waypoint side by side.</summary>
    sealed class ByEnd
    {
        readonly int[] ends;
        readonly Edge[] sorted;

        public ByEnd(List<Edge> edges, Func<Edge, int> end, int waypoints)
        {
            (ends, sorted) = (new int[waypoints + 1], new Edge[edges.Count]);
            foreach (var edge in edges)
                ends[end(edge) + 1]++;
            for (var waypoint = 1; waypoint < ends.Length; waypoint++)
                ends[waypoint] += ends[waypoint - 1];
            // Until all are in their places, an entry says where the next one goes.
            var next = ends.AsSpan(0, waypoints).ToArray();
            foreach (var edge in edges)
                sorted[next[end(edge)]++] = edge;
        }

        public ArraySegment<Edge> At(int waypoint) => new(sorted, ends[waypoint], ends[waypoint + 1] - ends[waypoint]);
    }
}
