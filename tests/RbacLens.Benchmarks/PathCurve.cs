using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Paths;

namespace RbacLens.Benchmarks;

/// <summary>How time and memory of a search for paths grow with the number of bindings.</summary>
static class PathCurve
{
    static readonly int[] Sizes = [2_500, 5_000, 10_000, 20_000, 40_000];

    /// <summary>Prints a line for each size, as a Markdown table.</summary>
    public static async Task PrintAsync()
    {
        var shipped = await Shipped.ApplyAsync(new Snapshot { Cluster = new("none", "v1.34.2", "manifests"), CollectedAt = DateTimeOffset.UnixEpoch }, default);
        Console.WriteLine("| bindings | waypoints | ways | identities that get somewhere | to cluster-admin | graph, ms | paths, ms | choke points, ms | microseconds a binding | memory, MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        await MeasureAsync(Sizes[0], shipped, isShown: false);
        foreach (var bindings in Sizes)
            await MeasureAsync(bindings, shipped, isShown: true);
    }

    static async Task MeasureAsync(int bindings, Snapshot shipped, bool isShown)
    {
        var snapshot = PathClusters.Of(bindings, shipped.Roles, shipped.Bindings);
        var stock = await Shipped.StockAsync(snapshot, default);
        var policies = PolicyFiles.BuiltIn.ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        // Of the processor, on all cores: a clock on the wall would measure what else the machine does.
        var start = Spent();
        var search = PathSearch.Of(snapshot, policies, stock);
        var graph = Spent() - start;
        var worst = search.Worst();
        var paths = Spent() - start - graph;
        ChokePoints.Of(search, worst, usage: null);
        var points = Spent() - start - graph - paths;
        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) >> 20;
        if (isShown)
            Console.WriteLine($"| {bindings:n0} | {search.Size.Waypoints:n0} | {search.Size.Ways:n0} | {worst.Length:n0} | {worst.Count(path => path.To == Goal.ClusterAdmin):n0} "
                + $"| {graph:f0} | {paths:f0} | {points:f0} | {(graph + paths) * 1000.0 / bindings:f0} | {memory} |");
        GC.KeepAlive(search);
    }

    static double Spent() => Environment.CpuUsage.TotalTime.TotalMilliseconds;
}
