using System.Text;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Tests.Policies;

/// <summary>Judges input as the scan does.</summary>
static class Judging
{
    /// <summary>All findings about manifests, those about what ships included.</summary>
    public static async Task<IReadOnlyList<Finding>> ManifestsAsync(string yaml, string? version = null)
    {
        var source = new FileSource("default", recursive: false);
        var read = await source.ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(yaml)), default, default);
        return await SnapshotAsync(await Shipped.ApplyAsync(read with { Cluster = read.Cluster with { Version = version } }, default));
    }

    public static async Task<IReadOnlyList<Finding>> SnapshotAsync(Snapshot snapshot) =>
        Evaluation.Evaluate(snapshot, [.. PolicyFiles.BuiltIn], await Shipped.StockAsync(snapshot, default));
}
