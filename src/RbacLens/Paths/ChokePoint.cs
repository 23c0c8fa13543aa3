using System.Collections.Immutable;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Paths;

/// <summary>A binding without which some identities no longer come to their goal, by any way.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Cuts">Who no longer gets there, sorted.</param>
/// <param name="Of">How many get there as things are.</param>
/// <param name="Breaks">What else would be lost, in one line.</param>
public sealed record ChokePoint(Binding Binding, ImmutableArray<Target> Cuts, int Of, string Breaks)
{
    /// <summary>Those among <see cref="Cuts"/> who still come to a lesser goal, with the worst that is left; sorted.</summary>
    public ImmutableArray<(Target From, Target To)> Lowers { get; init; } = [];

    /// <summary>How often it was used, as the audit log shows; null without a log, or where the log could not show it.</summary>
    public UseCount? Usage { get; init; }
}

/// <summary>The choke points of some paths, as far as they are listed.</summary>
/// <param name="Points">At most <see cref="ChokePoints.MostShown"/>, those that cut most first.</param>
/// <param name="LeftOut">What is not among them.</param>
public sealed record RankedChokePoints(ImmutableArray<ChokePoint> Points, ChokePointsLeftOut LeftOut)
{
    /// <summary>Of no paths.</summary>
    public static RankedChokePoints None { get; } = new([], default);
}

/// <summary>How many bindings a list of choke points does not show.</summary>
/// <param name="Further">Bindings that cut somebody off as well, but none more than those that are listed.</param>
/// <param name="NotLookedAt">Bindings that the paths use and nobody thought away, since each takes a look at the whole cluster.</param>
public readonly record struct ChokePointsLeftOut(int Further, int NotLookedAt);
