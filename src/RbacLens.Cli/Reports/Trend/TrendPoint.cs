using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Trend;

/// <summary>One posture of a history, in numbers.</summary>
/// <param name="Cluster">What its cluster is called.</param>
/// <param name="CollectedAt">When.</param>
/// <param name="File">The file it was read from.</param>
sealed record TrendPoint(string Cluster, DateTimeOffset CollectedAt, string File)
{
    /// <summary>By which version.</summary>
    public required string Tool { get; init; }

    /// <summary>The grade then.</summary>
    public required Grade Grade { get; init; }

    /// <summary>Open findings, worst severity first.</summary>
    public required IReadOnlyList<int> Open { get; init; }

    /// <summary>Accepted findings.</summary>
    public required int Accepted { get; init; }

    /// <summary>Gaps.</summary>
    public required int Gaps { get; init; }

    /// <summary>What changed since the point before; null for the first.</summary>
    public required Comparison? Since { get; init; }

    /// <summary>Open findings of any severity.</summary>
    public int Total => Open.Sum();

    /// <summary>A posture as a point.</summary>
    /// <param name="posture">The posture.</param>
    /// <param name="cluster">What its cluster is called.</param>
    /// <param name="file">The file it was read from.</param>
    /// <param name="before">The posture before it of the same cluster.</param>
    public static TrendPoint Of(Posture posture, string cluster, string file, Posture? before) => new(cluster, posture.CollectedAt, file)
    {
        Tool = posture.Tool,
        Grade = Grade.Of(posture),
        Open = [.. Enum.GetValues<Severity>().Reverse().Select(posture.Count)],
        Accepted = posture.Suppressed,
        Gaps = posture.Gaps.Length,
        Since = before is null ? null : Comparison.Between(before, posture),
    };
}
