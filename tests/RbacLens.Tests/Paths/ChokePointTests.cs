using RbacLens.Cli.Commands;
using RbacLens.Paths;
using RbacLens.Policies;
using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Paths;

/// <summary>What a list of choke points says, and what it does not claim.</summary>
public sealed class ChokePointTests
{
    const string Bind = "bind clusterroles.rbac.authorization.k8s.io";
    const string WriteBindings = "create clusterrolebindings.rbac.authorization.k8s.io";

    static readonly string Boss = Account("ci", "boss") + May("sa:ci/boss", "*", "* *.*");

    static async Task<RankedChokePoints> RankAsync(string manifests, string? start = null)
    {
        var snapshot = await PathFinding.ReadManifestsAsync(manifests, "v1.34.2");
        var subject = start is null ? null : PathEnds.Start(start, snapshot);
        var search = await PathFinding.SearchAsync(snapshot, subject);
        var paths = start is null ? search.Worst() : subject is null ? search.WorstFromWorkloads() : search.From(subject, Goal.ClusterAdmin);
        Assert.NotEmpty(paths);
        return ChokePoints.Of(search, paths, usage: null, byAnyGrant: subject is not null);
    }

    [Fact]
    public async Task Whoever_still_comes_to_a_lesser_goal_is_not_cut_off()
    {
        var point = Assert.Single((await RankAsync(May("user:eve", "*", Bind, WriteBindings) + May("user:eve", "*", "list secrets"))).Points);
        Assert.Equal(["User eve"], point.Cuts.Select(target => target.ToString()));
        Assert.Equal([(new Target("User", "", "eve"), Goal.AllSecrets)], point.Lowers.ToArray());
    }

    [Fact]
    public async Task A_goal_that_is_lost_for_good_is_cut() =>
        Assert.Empty(Assert.Single((await RankAsync(May("user:eve", "*", Bind, WriteBindings))).Points).Lowers);

    [Fact]
    public async Task Nobody_is_cut_off_who_has_the_same_twice() =>
        Assert.Empty((await RankAsync(May("user:eve", "*", Bind, WriteBindings) + May("user:eve", "*", Bind, WriteBindings))).Points);

    /// <summary>Bindings that allow no request of the path, and without which it is none.</summary>
    public static TheoryData<string, string> Paying => new()
    {
        { Role("mine", "*", "get pods") + Drafts.Bind("user:eve", "*", "ClusterRole", "mine") + May("user:eve", "*", "escalate,update clusterroles.rbac.authorization.k8s.io:mine"), "mine" },
        { Drafts.Bind("user:eve", "*", "ClusterRole", "gone") + May("user:eve", "*", "escalate,create clusterroles.rbac.authorization.k8s.io"), "gone" },
        { Drafts.Bind("user:eve", "*", "ClusterRole", "view") + May("user:eve", "*", "escalate,create clusterroles.rbac.authorization.k8s.io"), "view" },
        { Drafts.Bind("user:jane", "*", "ClusterRole", "cluster-admin") + May("user:eve", "*", Bind, "patch clusterrolebindings.rbac.authorization.k8s.io"), "" },
    };

    [Theory]
    [MemberData(nameof(Paying))]
    public async Task What_makes_a_write_pay_is_among_them(string manifests, string role)
    {
        var points = (await RankAsync(manifests)).Points;
        Assert.Equal(role.Length > 0, points.Any(point => point.Binding.RoleRef.Name == role));
        Assert.All(points, point => Assert.Equal("User eve", point.Cuts[0].ToString()));
    }

    [Fact]
    public async Task What_the_list_leaves_out_is_counted()
    {
        var ranked = await RankAsync(string.Concat(Enumerable.Range(0, 12).Select(n => May($"user:eve-{n}", "*", "get nodes/proxy"))));
        Assert.Equal(ChokePoints.MostShown, ranked.Points.Length);
        Assert.Equal(new(Further: 2, NotLookedAt: 0), ranked.LeftOut);
    }

    [Fact]
    public async Task What_one_subject_has_by_its_groups_counts_when_it_is_asked_about()
    {
        var ranked = await RankAsync(May("group:system:authenticated", "*", Bind, WriteBindings), "user:eve");
        Assert.Equal(["User eve"], Assert.Single(ranked.Points).Cuts.Select(target => target.ToString()));
    }

    [Fact]
    public async Task Each_way_of_one_subject_is_a_way_around_the_others()
    {
        var ways = Boss + May("user:eve", "ci", "create pods") + May("user:eve", "ci", "create serviceaccounts/token");
        var point = Assert.Single((await RankAsync(ways, "user:eve")).Points);
        Assert.Equal("ServiceAccount ci/boss", Target.Of(point.Binding.Subjects[0]).ToString());
        Assert.Equal(1, point.Of);
    }

    [Fact]
    public async Task An_intruder_in_a_container_is_cut_off_by_what_its_account_holds()
    {
        var ranked = await RankAsync(Boss + Pod("ci", "web", "boss"), "workloads");
        Assert.Equal(["Pod ci/web"], Assert.Single(ranked.Points).Cuts.Select(target => target.ToString()));
    }
}
