using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Policies;

namespace RbacLens.Tests.Paths;

/// <summary>The recorded cluster: every path that is there, none that is not, and each step allowed by the authorizer.</summary>
public sealed class SeedPathTests
{
    static readonly Lazy<Task<(Snapshot Snapshot, PathSearch Search)>> Dump = new(() => PathFinding.InFilesAsync(Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz")));
    static readonly Lazy<Task<(Snapshot Snapshot, PathSearch Search)>> Manifests = new(() => PathFinding.InFilesAsync(
        [.. Directory.GetFiles(Vectors.PathOf("seed-scenario"), "*.yaml").Order(StringComparer.Ordinal)]));

    static readonly string[] LeadingToClusterAdmin =
    [
        "Group edge:groups 2", "Group jit:oncall:staging 4", "Group system:serviceaccounts:ci 2", "ServiceAccount ci/csr-signer 2",
        "ServiceAccount ci/impersonator 1", "ServiceAccount ci/role-manager 1", "ServiceAccount ci/token-minter 2",
        "ServiceAccount staging/default 3", "ServiceAccount staging/job-runner 2",
    ];

    public static TheoryData<string> Inputs => ["dump", "manifests"];

    static Task<(Snapshot Snapshot, PathSearch Search)> Of(string input) => input == "dump" ? Dump.Value : Manifests.Value;

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Every_path_to_cluster_admin_is_found_and_no_other(string input) =>
        Assert.Equal(LeadingToClusterAdmin, (await Of(input)).Search.Shortest(Goal.ClusterAdmin).Select(path => $"{path.From} {path.Steps.Length}").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Who_may_use_nodes_proxy_reaches_every_node_and_what_runs_there(string input)
    {
        var search = (await Of(input)).Search;
        var nodes = search.Shortest(Goal.Node);
        foreach (var name in new[] { "prometheus-server", "node-agent" })
            Assert.Single(nodes.Single(path => path.From == new Target("ServiceAccount", "monitoring", name)).Steps);
        Assert.DoesNotContain(nodes, path => path.From.Name == "prometheus-server-next");
    }

    [Theory]
    [InlineData("ServiceAccount ci/token-minter", "serviceaccount-token-create", "escalate")]
    [InlineData("ServiceAccount ci/csr-signer", "csr-approve", "cluster-admin-binding")]
    [InlineData("ServiceAccount staging/job-runner", "workload-create", "cluster-admin-binding")]
    [InlineData("Group edge:groups", "secrets-read", "cluster-admin-binding")]
    [InlineData("Group jit:oncall:staging", "pods-exec", "serviceaccount-token-create", "workload-create", "cluster-admin-binding")]
    public async Task The_story_is_the_one_a_reviewer_would_tell(string from, params string[] policies)
    {
        var path = (await Dump.Value).Search.Shortest(Goal.ClusterAdmin).Single(path => path.From.ToString() == from);
        Assert.Equal(policies, path.Steps.Select(step => step.Policy));
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Every_step_is_allowed_to_the_identity_reached_so_far(string input)
    {
        var (snapshot, search) = await Of(input);
        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        Target[] goals = [Goal.ClusterAdmin, Goal.AllSecrets, Goal.Node, new("ServiceAccount", "ci", "pipeline"), new("Group", "", "platform-team")];
        var subjects = snapshot.Bindings.SelectMany(binding => binding.Subjects).Concat(snapshot.Accounts.Select(account => account.Subject)).Distinct();
        var paths = goals.SelectMany(goal => search.Shortest(goal).Concat(search.FromWorkloads(goal)).Concat(subjects.SelectMany(subject => search.From(subject, goal)))).ToList();

        Assert.True(paths.Count > 500, $"only {paths.Count} paths");
        Assert.Equal("", string.Join("\n", paths.SelectMany(path => PathFinding.Faults(path, authorizer)).Distinct().Take(10)));
    }

    [Fact]
    public async Task What_to_remove_first_is_what_cuts_most()
    {
        var search = (await Dump.Value).Search;
        var paths = search.Shortest(Goal.ClusterAdmin);
        var points = ChokePoints.Of(search, paths, usage: null).Points;

        Assert.Equal("job-runner", points[0].Binding.Name);
        Assert.Equal(["Group jit:oncall:staging", "ServiceAccount staging/default", "ServiceAccount staging/job-runner"], points[0].Cuts.Select(target => target.ToString()));
        Assert.All(points, point => Assert.Equal(paths.Length, point.Of));
        // Whoever loses the short way to the pipeline takes another: the binding cuts nobody off.
        Assert.DoesNotContain(points, point => point.Binding.Name == "ci-cluster-admin");
    }

    [Fact]
    public async Task A_container_gives_the_token_it_holds_and_the_node_it_is_not_separated_from()
    {
        var search = (await Dump.Value).Search;
        Assert.Equal(["CronJob ci/nightly", "Deployment staging/web"], search.FromWorkloads(Goal.ClusterAdmin).Select(path => path.From.ToString()));
        Assert.Equal("(escape)", search.FromWorkloads(Goal.Node).Single(path => path.From.Name == "node-agent").Steps.Single().Policy);
    }
}
