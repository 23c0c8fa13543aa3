using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Paths;

/// <summary>Somebody who can move pods, and wants a node of its own for them to come to.</summary>
/// <param name="Hit">By which permission.</param>
/// <param name="Pods">The pods it can move, as waypoints.</param>
/// <param name="Left">The only node that it cannot make refuse pods; null where it is free to choose.</param>
sealed record Mover(Hit Hit, ImmutableArray<Waypoint> Pods, string? Left)
{
    /// <summary>The way of whoever comes to such a node first.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="to">The pods, by number.</param>
    /// <param name="pods">The same as a waypoint.</param>
    /// <param name="before">The way to the node.</param>
    public Edge Way(int from, int to, Waypoint pods, ImmutableArray<Edge> before) => new(from, to, EdgeKind.Request)
    {
        Hit = Hit,
        Before = before,
        Namespace = PlaceOf(pods),
        Rank = 14,
        IsEscape = true,
    };

    /// <summary>The namespace in which pods are moved; null for any.</summary>
    public static string? PlaceOf(Waypoint pods) => pods switch
    {
        Waypoint.MovablePod pod => pod.Namespace,
        Waypoint.MovablePodsOf { Scope.IsCluster: false } set => set.Scope.Namespace,
        _ => null,
    };
}
