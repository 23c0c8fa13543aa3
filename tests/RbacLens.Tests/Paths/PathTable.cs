using RbacLens.Access;
using RbacLens.Cli.Commands;

namespace RbacLens.Tests.Paths;

/// <summary>One row: some manifests, where somebody starts and wants to get, and the shortest way there.</summary>
/// <param name="Title">What is special about it.</param>
/// <param name="Manifests">What there is, besides what Kubernetes ships.</param>
/// <param name="Start">As on the command line.</param>
/// <param name="To">As on the command line.</param>
/// <param name="Steps">The policies of the steps, separated by <c>&gt;</c>; null for no way.</param>
public sealed record PathRow(string Title, string Manifests, string Start, string To, string? Steps)
{
    /// <summary>The cluster's version; null for one that is not known.</summary>
    public string? Version { get; init; } = "v1.34.2";

    /// <summary>Whether everything there is was read, as from a cluster, and so what is not among it is not there.</summary>
    public bool IsWhole { get; init; }

    /// <summary>A part of the last sentence, where it matters.</summary>
    public string Says { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Title;

    /// <summary>Looks for it, and puts every step of every way found to the authorizer.</summary>
    public async Task ProveAsync()
    {
        var read = await PathFinding.ReadManifestsAsync(Manifests, Version);
        var snapshot = IsWhole ? read with { Cluster = read.Cluster with { Source = "dump" } } : read;
        var (start, goal) = (PathEnds.Start(Start, snapshot), PathEnds.End(To, snapshot));
        var search = await PathFinding.SearchAsync(snapshot, [start, PathEnds.SubjectOf(goal)]);
        var paths = start is null ? search.FromWorkloads(goal) : search.From(start, goal);

        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        var all = paths.Concat(search.Shortest(goal)).Concat(search.Worst()).Concat(search.WorstFromWorkloads());
        Assert.Equal("", string.Join("\n", all.SelectMany(path => PathFinding.Faults(path, authorizer)).Distinct()));
        var found = paths.Select(path => string.Join(" > ", path.Steps.Select(step => step.Policy))).ToList();
        Assert.Equal(Steps ?? "no way", found.FirstOrDefault("no way"));
        if (Says.Length > 0)
            Assert.Contains(Says, string.Join("\n", paths[0].Steps.Select(step => step.Sentence)), StringComparison.Ordinal);
    }
}
