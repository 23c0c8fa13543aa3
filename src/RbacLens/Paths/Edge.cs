using System.Collections.Immutable;
using RbacLens.Policies;

namespace RbacLens.Paths;

/// <summary>A way from one waypoint to another, by their numbers.</summary>
/// <param name="From">Where it starts.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Kind">What it means.</param>
sealed record Edge(int From, int To, EdgeKind Kind)
{
    /// <summary>What allows it; null for ways that ask nothing of the API server.</summary>
    public Hit? Hit { get; init; }

    /// <summary>The namespace in which a cluster-wide permission is used, where that is decided by the edge.</summary>
    public string? Namespace { get; init; }

    /// <summary>The role that is bound or rewritten.</summary>
    public Rewritten? Rewritten { get; init; }

    /// <summary>The ways that must be gone before, from the same start; what follows is asked as that start again.</summary>
    public ImmutableArray<Edge> Before { get; init; } = [];

    /// <summary>What the newly bound role is used for.</summary>
    public Hit? Then { get; init; }

    /// <summary>Of a way from a set to a member: the pod or Secret that holds the token, where its name is known.</summary>
    public string? Object { get; init; }

    /// <summary>What holds the token, in words; null where nothing does.</summary>
    public string? Within { get; init; }

    /// <summary>Of ways with as many steps, one of lower rank is shown: it wants less, or is the plainer story.</summary>
    public int Rank { get; init; }

    /// <summary>Whether it goes through a container that is not separated from its node.</summary>
    public bool IsEscape { get; init; }

    /// <summary>Whether it impersonates, which nobody can who is only impersonated.</summary>
    public bool IsImpersonation { get; init; }

    /// <summary>Whether it is open as well to whoever only impersonates the one it starts from. Of what takes several things, each has its own.</summary>
    public bool IsForBorrowed => Kind == EdgeKind.Request && !IsImpersonation && Before.IsEmpty;

    /// <summary>Whether it counts as a step.</summary>
    public bool IsStep => Kind is EdgeKind.Request or EdgeKind.OnNode;

    /// <summary>How many steps it is.</summary>
    public int Steps => Before.IsEmpty ? IsStep ? 1 : 0 : Before.Sum(edge => edge.Steps) + 2;
}

/// <summary>What an edge means.</summary>
enum EdgeKind
{
    /// <summary>From a set to one of its members.</summary>
    Member,

    /// <summary>From an account to a group that the API server puts it into.</summary>
    Inherits,

    /// <summary>Requests that the identity may make.</summary>
    Request,

    /// <summary>From a node to what is found on it.</summary>
    OnNode,
}
