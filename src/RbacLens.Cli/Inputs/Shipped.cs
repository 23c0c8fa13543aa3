using System.IO.Compression;
using System.Reflection;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Policies;

namespace RbacLens.Cli.Inputs;

/// <summary>The roles and bindings that Kubernetes versions, and kubeadm, ship; where they come from is in Bootstrap/SOURCE.txt.</summary>
static class Shipped
{
    const string Prefix = "bootstrap/";
    const string Suffix = ".json.gz";

    static readonly string[] Names =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]),
    ];

    static readonly KubernetesVersion[] Versions = [.. Names.Select(KubernetesVersion.TryParse).OfType<KubernetesVersion>().Order()];

    /// <summary>What ships with a release; an unknown one may ship what any does.</summary>
    public static async Task<Stock> StockAsync(KubernetesVersion? release, CancellationToken cancellation)
    {
        var shipped = await ReadAsync(release, cancellation);
        return new(shipped.SelectMany(version => version.Roles), shipped.SelectMany(version => version.Bindings));
    }

    /// <summary>What the controllers of a release do all day; those of an unknown one may do what any does.</summary>
    public static async Task<StockTraffic> TrafficAsync(KubernetesVersion? release, CancellationToken cancellation)
    {
        var shipped = await ReadAsync(release, cancellation);
        return new(shipped.SelectMany(version => version.Roles), shipped.SelectMany(version => version.Bindings));
    }

    static async Task<IReadOnlyList<Snapshot>> ReadAsync(KubernetesVersion? release, CancellationToken cancellation)
    {
        var shipped = new List<Snapshot>();
        foreach (var name in Stock.Choose(release, Versions).Select(version => version.ToString()).Append("kubeadm"))
            shipped.Add(await ReadAsync(name, cancellation));
        return shipped;
    }

    /// <summary>Manifests as a cluster of a release (the newest known, if unknown) would hold them.</summary>
    public static async Task<Snapshot> ApplyAsync(Snapshot manifests, CancellationToken cancellation)
    {
        var shipped = await ReadAsync(Stock.Choose(manifests.Cluster.Release ?? Versions[^1], Versions)[^1].ToString(), cancellation);
        return manifests.Applied(shipped.Roles, shipped.Bindings);
    }

    static async Task<Snapshot> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new InvalidOperationException($"{name} is not among the resources");
        await using var json = new GZipStream(packed, CompressionMode.Decompress);
        var builder = new SnapshotBuilder();
        await new ListReader(builder, name).ReadAsync(json, kind: null, cancellation);
        return builder.Build(new(name, name, "manifests"), default);
    }
}
