using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs.Live;

namespace RbacLens.Cli.Inputs;

/// <summary>What to collect, and from where.</summary>
/// <param name="Paths">Files, directories or <c>-</c>; empty for a live cluster.</param>
/// <param name="Recursive">Whether directories are read with everything below.</param>
/// <param name="Version">The version to take the cluster for, whatever the input says; null to believe the input.</param>
/// <param name="Assumed">The version to take the cluster for where the input does not say it; null for none.</param>
/// <param name="Cluster">Which cluster, and which namespaces of it.</param>
sealed record SnapshotRequest(IReadOnlyList<string> Paths, bool Recursive, string? Version, string? Assumed, ClusterOptions Cluster)
{
    /// <summary>Whether files are kept whole though namespaces are named, for whoever is asked about there may be anywhere.</summary>
    public bool IsWhole { get; init; }
}

/// <summary>Every input becomes a snapshot; the first source that takes the request collects it.</summary>
static class SnapshotSources
{
    delegate Task<Snapshot> Collect(SnapshotRequest request, Terminal terminal, CancellationToken cancellation);

    static readonly (Func<SnapshotRequest, bool> Takes, Collect Collect)[] All =
    [
        (request => request.Paths.Count > 0, FromFilesAsync),
        (_ => true, FromClusterAsync),
    ];

    /// <summary>Collects the snapshot.</summary>
    /// <exception cref="InputException">Nothing could be read.</exception>
    public static Task<Snapshot> CollectAsync(SnapshotRequest request, Terminal terminal, CancellationToken cancellation) =>
        All.First(source => source.Takes(request)).Collect(request, terminal, cancellation);

    static async Task<Snapshot> FromFilesAsync(SnapshotRequest request, Terminal terminal, CancellationToken cancellation)
    {
        var asked = request.Cluster;
        if (asked.Context is not null || asked.Kubeconfig is not null || asked.As is not null || asked.AsGroups.Count > 0)
            throw new InputException("--from reads files, so --context, --kubeconfig, --as and --as-group have no meaning beside it");
        var source = new FileSource(asked.Namespaces is [var only] ? only : "default", request.Recursive);
        var read = await source.ReadAsync(request.Paths, terminal.Input, terminal.Now(), cancellation);
        var known = At(request.Version ?? (read.Cluster.Release is null ? request.Assumed : null), read);
        var applied = known.Cluster.Source == "manifests" ? await Shipped.ApplyAsync(known, cancellation) : known;
        if (asked.Namespaces.FirstOrDefault(name => !applied.Mentions(name)) is { } missing)
            throw new InputException($"-n {missing}: nothing in {string.Join(", ", request.Paths)} is in a namespace of that name");
        return asked.Namespaces.Count == 0 || request.IsWhole ? applied : applied.Within(asked.Namespaces);
    }

    static async Task<Snapshot> FromClusterAsync(SnapshotRequest request, Terminal terminal, CancellationToken cancellation) =>
        At(request.Version, await ClusterSource.CollectAsync(request.Cluster, terminal.Surroundings, cancellation));

    static Snapshot At(string? version, Snapshot snapshot) =>
        version is null ? snapshot : snapshot with { Cluster = snapshot.Cluster with { Version = version } };
}
