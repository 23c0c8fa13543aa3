using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What <c>paths</c> has to say.</summary>
/// <param name="Cluster">Which cluster.</param>
/// <param name="CollectedAt">When it was looked at.</param>
/// <param name="Tool">The program.</param>
/// <param name="Question">What was asked, in words.</param>
/// <param name="Paths">Shortest first.</param>
/// <param name="ChokePoints">Most first; empty where they were not looked for.</param>
/// <param name="Gaps">What could not be read, and so what the silence does not prove.</param>
sealed record PathAnswer(
    ClusterInfo Cluster, DateTimeOffset CollectedAt, string Tool, string Question,
    ImmutableArray<Paths.Path> Paths, ImmutableArray<ChokePoint> ChokePoints, ImmutableArray<Gap> Gaps);

/// <summary>One format paths can be written in.</summary>
/// <param name="Name">As in <c>-o NAME</c>.</param>
/// <param name="Write">Writes it.</param>
sealed record PathFormat(string Name, Action<PathAnswer, TextWriter, ReportStyle> Write);

/// <summary>A path's ends as people read them.</summary>
static class PathWords
{
    /// <summary>What the paths of a posture answer.</summary>
    public const string Worst = "how far does each identity get";

    /// <summary>A subject, a node or a goal.</summary>
    public static string Of(Target target) => target switch
    {
        { Kind: "Goal" } => target.Name,
        { Kind: "Node", Name: "*" } => "every node",
        { Kind: "Node", Name: "" } => "a node",
        _ => target.ToString(),
    };
}
