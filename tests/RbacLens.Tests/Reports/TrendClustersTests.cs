using RbacLens.Access;
using RbacLens.Cli.Reports.Trend;

namespace RbacLens.Tests.Reports;

public sealed class TrendClustersTests
{
    static string Names(params (ClusterInfo Cluster, string File)[] postures)
    {
        var told = new TrendClusters(postures, "reviews");
        return string.Join('|', postures.Select(posture => told.Of(posture.Cluster, posture.File)));
    }

    static (ClusterInfo Cluster, string File) File(string name, string context = "standard input", string? uid = null) => (new(context, null, "dump") { Uid = uid }, "reviews/" + name);

    static (ClusterInfo Cluster, string File) Live(string context, string? uid, string file = "2026-01.json") => (new(context, null, "live") { Uid = uid }, file);

    [Theory]
    [InlineData("2026-01-05.json", "2026-02-05.json", "reviews|reviews")]
    [InlineData("prod-2026-01.json.gz", "prod-2026-02.json.gz", "prod|prod")]
    [InlineData("20260105T101500Z_prod.yaml", "20260205T101500Z_prod.yaml", "prod|prod")]
    [InlineData("prod-2026-W03.json", "staging-2026-W03.json", "prod|staging")]
    [InlineData("prod-2026Q1.json", "prod-2026-Q2.json", "prod|prod")]
    [InlineData("prod-1.json", "prod-2.json", "prod-1|prod-2")] // two clusters may be numbered
    [InlineData("2026-01-05.json", "prod.json", "reviews|prod")]
    public void Files_are_told_apart_by_what_is_no_date(string first, string second, string expected) =>
        Assert.Equal(expected, Names(File(first), File(second)));

    [Fact]
    public void A_UID_is_the_cluster_whatever_it_is_called_and_the_latest_name_counts() =>
        Assert.Equal("prod|prod|prod", Names(File("monday.json", "prod-old", "u1"), File("dump.json", "prod-old", "u1"), Live("prod", "u1")));

    [Fact]
    public void Two_clusters_of_one_name_stay_apart() =>
        Assert.Equal("admin (11111111)|admin (22222222)", Names(Live("admin", "11111111-a"), Live("admin", "22222222-b")));

    [Fact]
    public void One_without_a_UID_is_the_one_that_is_called_so() =>
        Assert.Equal("prod|prod", Names(Live("prod", null), Live("prod", "u1")));

    [Theory]
    [InlineData("prod-2026-01.json", "m.json", "prod-2026-02.json", "m2.json", "prod|prod")]
    [InlineData("prod-2026-01.json", "cluster.json", "staging-2026-01.json", "cluster.json", "prod|staging")]
    public void What_a_dump_was_called_tells_nothing(string first, string one, string second, string other, string expected) =>
        Assert.Equal(expected, Names(File(first, one), File(second, other)));
}
