using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Cli.Reports.Html;
using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>What <c>paths</c> has to say.</summary>
/// <param name="Cluster">Which cluster.</param>
/// <param name="CollectedAt">When it was looked at.</param>
/// <param name="Tool">The program.</param>
/// <param name="Question">What was asked, in words.</param>
/// <param name="Starts">From how many identities or workloads they were looked for.</param>
/// <param name="Paths">Shortest first.</param>
/// <param name="ChokePoints">Most first.</param>
/// <param name="Gaps">What could not be read, and so what the silence does not prove.</param>
sealed record PathAnswer(
    ClusterInfo Cluster, DateTimeOffset CollectedAt, string Tool, string Question, int Starts,
    ImmutableArray<Paths.Path> Paths, RankedChokePoints ChokePoints, ImmutableArray<Gap> Gaps)
{
    /// <summary>What else is to be known to read the paths right; whole sentences without their full stops.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>One format paths can be written in.</summary>
/// <param name="Name">As in <c>-o NAME</c>.</param>
/// <param name="Write">Writes it.</param>
sealed record PathFormat(string Name, Action<PathAnswer, TextWriter, ReportStyle> Write);

/// <summary>A path's ends as people read them.</summary>
static class PathWords
{
    /// <summary>What the paths of a posture answer.</summary>
    public const string Worst = "how far does each identity get";

    /// <summary>Whether the question where permissions lead was asked at all: it is one about a cluster, as it is or as manifests make it.</summary>
    public static bool AreAsked(Posture posture) =>
        !posture.Paths.IsEmpty
        || (posture.Upgrade is null && posture.View is null && posture.Cluster.Source is "live" or "dump" or "manifests"
            && posture.Policies.Any(policy => policy.Area != "templates"));

    /// <summary>That there is no path, and how far that can be trusted.</summary>
    public static string None(Posture posture) =>
        "No identity that is not meant to be powerful comes to power, by any way that is known."
        + (posture.Gaps.IsEmpty ? "" : " Not everything could be read, so there may be ways that do not show.");

    /// <summary>How many bindings a list of choke points does not show; null where it shows all that cut anything.</summary>
    public static string? Of(ChokePointsLeftOut leftOut)
    {
        var further = leftOut.Further == 0 ? null : $"{Counted.Of(leftOut.Further, "further binding cuts", "further bindings cut")} somebody off as well, none of them more";
        var unseen = leftOut.NotLookedAt == 0 ? null : $"{Counted.Of(leftOut.NotLookedAt, "binding", "bindings")} that these paths use {(leftOut.NotLookedAt == 1 ? "was" : "were")} not looked at";
        return further is null && unseen is null ? null : string.Join("; ", new[] { further, unseen }.OfType<string>()) + ".";
    }

    /// <summary>Who still comes where without a binding, as in "User eve, still to node".</summary>
    public static IEnumerable<string> Lowered(ChokePoint point) => point.Lowers.Select(lowered => $"{lowered.From}, still to {Of(lowered.To)}");

    /// <summary>A subject, a node or a goal.</summary>
    public static string Of(Target target) => target switch
    {
        { Kind: "Goal" } => target.Name,
        { Kind: "Node", Name: "*" } => "every node",
        { Kind: "Node", Name: "" } => "a node",
        _ => target.ToString(),
    };
}
