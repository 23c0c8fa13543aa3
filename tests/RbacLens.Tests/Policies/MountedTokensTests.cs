using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Tests.Policies;

public sealed class MountedTokensTests
{
    static Snapshot Cluster(bool? account, params Workload[] workloads) => new()
    {
        Cluster = new("c", null, "dump"),
        CollectedAt = default,
        Accounts = [new("app", "robot", account)],
        Workloads = [.. workloads],
        TokenSecrets = [new("app", "token", "robot")],
    };

    static Workload Pod(string name, bool? automount = null, string? owner = null) => new("Pod", "app", name, "robot", automount, ProjectsToken: false, owner);

    [Theory]
    [InlineData(null, null, true)]     // both silent: yes
    [InlineData(null, false, false)]   // the account says no
    [InlineData(null, true, true)]
    [InlineData(true, false, true)]    // the pod's word beats the account's
    [InlineData(false, true, false)]
    [InlineData(false, null, false)]
    public void Automounting_follows_the_pod_then_the_account_then_yes(bool? pod, bool? account, bool expected) =>
        Assert.Equal(expected, new MountedTokens(Cluster(account)).IsAutomounted(Pod("p", pod)));

    [Fact]
    public void A_pod_without_automounting_still_holds_a_token_it_projects_or_mounts_from_a_Secret()
    {
        var tokens = new MountedTokens(Cluster(account: false));

        Assert.Empty(tokens.Of(Pod("p")));
        Assert.Equal([("robot", "projected by hand")], tokens.Of(Pod("p") with { ProjectsToken = true }));
        Assert.Equal([("robot", "mounted from Secret token")], tokens.Of(Pod("p") with { ServiceAccount = "other", Automount = false, SecretVolumes = ["token"] }));
        Assert.Empty(tokens.Of(Pod("p") with { SecretVolumes = ["password"] }));
    }

    [Fact]
    public void A_controller_speaks_for_its_pods_and_one_pod_for_those_of_a_controller_that_is_not_there()
    {
        var tokens = new MountedTokens(Cluster(
            account: null,
            new Workload("Deployment", "app", "web", "robot", null, ProjectsToken: false, null),
            new Workload("ReplicaSet", "app", "web-1", "robot", null, ProjectsToken: false, "Deployment/web"),
            Pod("web-1-b", owner: "ReplicaSet/web-1"), Pod("lost-2", owner: "ReplicaSet/lost"), Pod("lost-1", owner: "ReplicaSet/lost"), Pod("alone")));

        Assert.Equal(["alone", "lost-1", "web"], tokens.TopLevel.Select(workload => workload.Name).Order(StringComparer.Ordinal));
    }
}
