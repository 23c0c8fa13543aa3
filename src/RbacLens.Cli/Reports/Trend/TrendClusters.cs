using System.Text.RegularExpressions;
using RbacLens.Access;

namespace RbacLens.Cli.Reports.Trend;

/// <summary>
/// Which postures are of one cluster: those with the same UID, whatever they were called; without one, those of the same context of a live
/// cluster, or in files whose names differ in the date alone. What a dump was called says nothing: often it is standard input.
/// </summary>
sealed partial class TrendClusters
{
    readonly Dictionary<string, string> uidOf;
    readonly Dictionary<string, string> labels;
    readonly string unnamed;

    /// <summary>Looks at all of them first: a posture without a UID may be called as one with it.</summary>
    /// <param name="postures">The clusters and files of the postures, oldest first.</param>
    /// <param name="unnamed">What to call a cluster whose files are called by dates alone.</param>
    public TrendClusters(IReadOnlyCollection<(ClusterInfo Cluster, string File)> postures, string unnamed)
    {
        this.unnamed = unnamed;
        var told = postures.Where(posture => posture.Cluster.Uid is not null)
            .Select(posture => (Name: posture.Cluster.Context, File: NameOf(posture.File), Uid: posture.Cluster.Uid!)).ToList();
        uidOf = told.SelectMany(one => new[] { (one.Name, one.Uid), (Name: one.File, one.Uid) }).GroupBy(one => one.Name, one => one.Uid).Where(same => same.Distinct().Count() == 1).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        var latest = told.GroupBy(one => one.Uid, one => one.Name).ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        // Two clusters may be called the same.
        labels = latest.ToDictionary(
            one => one.Key, one => latest.Count(other => other.Value == one.Value) == 1 ? one.Value : $"{one.Value} ({one.Key[..Math.Min(8, one.Key.Length)]})", StringComparer.Ordinal);
    }

    /// <summary>What a posture's cluster is called; the same for all postures of one cluster.</summary>
    /// <param name="cluster">The cluster, as the posture has it.</param>
    /// <param name="file">The file of the posture.</param>
    public string Of(ClusterInfo cluster, string file)
    {
        var name = cluster.Source == "live" ? cluster.Context : NameOf(file);
        return (cluster.Uid ?? uidOf.GetValueOrDefault(name)) is { } uid ? labels[uid] : name;
    }

    string NameOf(string file) => Undated(Path.GetFileName(file)) is { Length: > 0 } name ? name : unnamed;

    static string Undated(string file) => Date().Replace(Ending().Replace(file, ""), "-").Trim('-', '_', '.', ' ');

    [GeneratedRegex(@"(?:\.(?:json|yaml|yml|gz))+$", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Ending();

    // 2026-01-05, 20260105, 2026-01, 2026-W03, 2026-Q1, 2026; each perhaps with a time behind it.
    [GeneratedRegex(@"[-_. ]*(?<!\d)20\d{2}(?:[-_.]?(?:W\d{2}|Q[1-4]|\d{2}(?:[-_.]?\d{2})?))?(?:[T_. -]?\d{2}[-:._]?\d{2}(?:[-:._]?\d{2})?Z?)?(?!\d)[-_. ]*", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Date();
}
