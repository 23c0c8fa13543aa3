using System.IO.Compression;
using System.Reflection;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Policies;
using RbacLens.Rbac;
using RbacLens.Upgrades;

namespace RbacLens.Cli.Inputs;

/// <summary>The roles and bindings that Kubernetes versions, and kubeadm, ship; where they come from is in Bootstrap/SOURCE.txt.</summary>
static class Shipped
{
    const string Prefix = "bootstrap/";
    const string DefaultsPrefix = "bootstrap-defaults/";
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

    /// <summary>What ships with a cluster's release; where the cluster holds more of it, what releases before it shipped counts, too.</summary>
    public static async Task<Stock> StockAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var stock = await StockAsync(snapshot.Cluster.Release, cancellation);
        if (snapshot.Cluster.Release is not { } release || !stock.IsExceededBy(snapshot))
            return stock;
        var (shipped, earlier) = (await ReadAsync(release, cancellation), new List<Snapshot>());
        foreach (var version in Versions.Where(version => version < release))
            earlier.Add(await ReadAsync(version.ToString(), cancellation));
        return new(shipped.SelectMany(version => version.Roles), shipped.SelectMany(version => version.Bindings))
        {
            Earlier = new(earlier.SelectMany(version => version.Roles), []),
        };
    }

    /// <summary>What the controllers of a release do all day; those of an unknown one may do what any does.</summary>
    public static async Task<StockTraffic> TrafficAsync(KubernetesVersion? release, CancellationToken cancellation)
    {
        var shipped = await ReadAsync(release, cancellation);
        return new(shipped.SelectMany(version => version.Roles), shipped.SelectMany(version => version.Bindings));
    }

    /// <summary>What a release lets everybody do who logs in, or does not: what needs no grant of its own.</summary>
    public static async Task<Authorizer> EveryoneAsync(KubernetesVersion? release, CancellationToken cancellation)
    {
        var shipped = await ReadAsync(release, cancellation);
        return new(
            shipped.SelectMany(version => version.Roles),
            shipped.SelectMany(version => version.Bindings).Where(binding => binding.Subjects.All(subject => subject is Subject.Group { Name: WellKnown.Authenticated or WellKnown.Unauthenticated or WellKnown.ServiceAccounts })));
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

    /// <summary>The newest release whose shipped roles are known.</summary>
    public static KubernetesVersion Newest => Versions[^1];

    /// <summary>What a release ships by default, to be compared with another; of releases in between the older neighbour.</summary>
    public static async Task<ShippedRelease> ReleaseAsync(KubernetesVersion release, CancellationToken cancellation)
    {
        var nearest = Stock.Choose(release, Versions)[0];
        var read = await ReadAsync(nearest.ToString(), cancellation, DefaultsPrefix);
        return new([.. Aggregation.Resolve(read.Roles)], read.Bindings, await StockAsync(release, cancellation));
    }

    /// <summary>Gaps for the ends of an upgrade whose shipped roles are not known, so that a neighbour's were compared.</summary>
    public static IEnumerable<Gap> Unknown(UpgradePath path) =>
        from release in new[] { path.From, path.To }.Distinct()
        where !Versions.Contains(release)
        select new Gap("Version", Gap.Reasons.Absent, $"what Kubernetes {release} ships is not known here; {Stock.Choose(release, Versions)[0]} was taken in its place");

    static async Task<Snapshot> ReadAsync(string name, CancellationToken cancellation, string prefix = Prefix)
    {
        await using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(prefix + name + Suffix)
            ?? throw new InvalidOperationException($"{name} is not among the resources");
        await using var json = new GZipStream(packed, CompressionMode.Decompress);
        var builder = new SnapshotBuilder();
        await new ListReader(builder, name).ReadAsync(json, kind: null, cancellation);
        return builder.Build(new(name, name, "manifests"), default);
    }
}
