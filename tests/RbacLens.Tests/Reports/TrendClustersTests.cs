using RbacLens.Access;
using RbacLens.Cli.Reports.Trend;

namespace RbacLens.Tests.Reports;

public sealed class TrendClustersTests
{
    static string Names(params ClusterInfo[] clusters)
    {
        var told = new TrendClusters(clusters, "reviews");
        return string.Join('|', clusters.Select(told.Of));
    }

    static ClusterInfo File(string name, string? uid = null) => new(name, null, "dump") { Uid = uid };

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
        Assert.Equal("prod|prod|prod", Names(File("monday.json", "u1"), File("dump.json", "u1"), new("prod", null, "live") { Uid = "u1" }));

    [Fact]
    public void Two_clusters_of_one_name_stay_apart() =>
        Assert.Equal("admin (11111111)|admin (22222222)", Names(new ClusterInfo("admin", null, "live") { Uid = "11111111-a" }, new ClusterInfo("admin", null, "live") { Uid = "22222222-b" }));

    [Fact]
    public void One_without_a_UID_is_the_one_that_is_called_so() =>
        Assert.Equal("prod|prod", Names(new ClusterInfo("prod", null, "live"), new ClusterInfo("prod", null, "live") { Uid = "u1" }));
}
