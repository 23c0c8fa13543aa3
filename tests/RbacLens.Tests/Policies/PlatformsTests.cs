using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Policies;

/// <summary>An add-on is known by its whole content, is marked, and is hidden only where nobody needs to see it.</summary>
public sealed class PlatformsTests
{
    const string Manifests = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: agent}, rules: [{verbs: [VERBS], apiGroups: [""], resources: [RESOURCES]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: agent}
        roleRef: {kind: ClusterRole, name: ROLE}
        subjects: [SUBJECTS]
        """;

    const string Account = "{kind: ServiceAccount, name: agent, namespace: ops}";

    [Theory]
    [InlineData("list, get", "secrets", "agent", Account, "agent", "the order of words does not matter")]
    [InlineData("get, list, watch", "secrets", "agent", Account, null, "one verb more")]
    [InlineData("get", "secrets", "agent", Account, null, "one verb less: not what is shipped either")]
    [InlineData("get, list", "secrets", "agent", Account + ", {kind: User, name: jo}", null, "one subject more")]
    [InlineData("get, list", "secrets", "agent", "{kind: ServiceAccount, name: agent, namespace: dev}", null, "the account of another namespace")]
    [InlineData("get, list", "secrets", "cluster-admin", Account, null, "another role")]
    public async Task A_finding_is_marked_when_all_of_its_evidence_is_exactly_what_is_shipped(string verbs, string resources, string role, string subjects, string? platform, string why)
    {
        var found = await MarkedAsync(verbs, resources, role, subjects, isManaged: false);
        Assert.NotEmpty(found);
        Assert.True(found.All(finding => finding.Platform == platform), why);
    }

    [Theory]
    [InlineData("get, list", "secrets", Account, false, false)]      // an add-on's alarm stays: somebody chose it
    [InlineData("get, list", "secrets", Account, true, true)]        // a managed platform cannot do without it
    [InlineData("delete", "pods", Account, false, true)]             // low, and just as it is shipped
    [InlineData("get, list", "secrets", "{kind: Group, name: 'system:authenticated'}", true, false)]
    [InlineData("delete", "pods", "{kind: Group, name: 'system:serviceaccounts'}", true, false)]
    [InlineData("delete", "pods", "{kind: User, name: 'system:anonymous'}", true, false)]
    public async Task What_is_shipped_is_hidden_but_never_an_alarm_of_an_add_on_nor_what_everyone_holds(string verbs, string resources, string subjects, bool isManaged, bool isHidden)
    {
        var found = (await MarkedAsync(verbs, resources, "agent", subjects, isManaged)).Where(finding => subjects.Contains(finding.About.Name, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, finding => Assert.Equal((isHidden, "agent"), (finding.IsStock, finding.Platform)));
        Assert.All(found, finding => Assert.EndsWith("just as agent ships it", finding.Because));
    }

    [Fact]
    public async Task In_manifests_nothing_of_an_add_on_is_hidden()
    {
        var found = await MarkedAsync("delete", "pods", "agent", Account, isManaged: true, source: "manifests");
        Assert.All(found, finding => Assert.Equal((false, "agent"), (finding.IsStock, finding.Platform)));
    }

    [Fact]
    public void Words_that_run_together_do_not_make_the_same_digest()
    {
        var digests = new[]
        {
            Rule(["get", "list"], ["pods"]), Rule(["get list"], ["pods"]), Rule(["get,list"], ["pods"]), Rule(["get"], ["list", "pods"]), Rule(["get 4:list"], ["pods"]),
            Rule(["get", "list"], ["pods"]) with { ResourceNames = Names.Of("") },
        }.Select(rule => ContentDigest.Of(new Role(Scope.Cluster, "x", RuleSet.Of(rule)))).ToList();
        Assert.Equal(digests.Count, digests.Distinct().Count());
        Assert.Equal(
            ContentDigest.Of(new Role(Scope.Cluster, "x", RuleSet.Of(Rule(["get"], ["a"]), Rule(["list"], ["b"])))),
            ContentDigest.Of(new Role(Scope.Cluster, "y", RuleSet.Of(Rule(["list"], ["b"]), Rule(["get"], ["a"])))));
    }

    [Fact]
    public async Task What_is_recorded_is_recognised_and_a_broken_line_is_refused_with_its_number()
    {
        var shipped = await SnapshotAsync(Manifests.Replace("VERBS", "get", StringComparison.Ordinal).Replace("RESOURCES", "pods", StringComparison.Ordinal).Replace("ROLE", "agent", StringComparison.Ordinal).Replace("SUBJECTS", Account, StringComparison.Ordinal), "manifests");
        var lines = PlatformFiles.Lines(shipped, Stock.Empty).ToList();
        var known = new Platforms(PlatformFiles.Parse("# managed\n" + string.Join('\n', lines) + "\n", "agent.txt"));
        Assert.All(shipped.Roles, role => Assert.Equal([("agent", true)], known.Of(role).Select(by => (by.Platform, by.IsManaged))));
        Assert.All(shipped.Bindings, binding => Assert.Single(known.Of(binding)));

        foreach (var broken in new[] { "ClusterRole x", "Pod x 0123456789abcdef", "ClusterRole x 0123", "ClusterRole" })
            Assert.StartsWith("agent.txt:2: found", Assert.Throws<InputException>(() => PlatformFiles.Parse("# a\n" + broken, "agent.txt")).Message);
    }

    [Fact]
    public async Task The_platforms_built_in_can_be_read_and_know_what_k3s_ships()
    {
        var k3s = await SnapshotAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: kube-apiserver-kubelet-admin}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:kubelet-api-admin}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: kube-apiserver}]
            """, "dump");
        Assert.Equal(["k3s"], PlatformFiles.BuiltIn.Of(k3s.Bindings[0]).Select(by => by.Platform));
        Assert.Empty(PlatformFiles.BuiltIn.Of(k3s.Bindings[0] with { Subjects = [new Subject.Group(WellKnown.Authenticated)] }));
    }

    static PolicyRule Rule(string[] verbs, string[] resources) => new() { Verbs = Names.Of(verbs), ApiGroups = Names.Of(""), Resources = Names.Of(resources) };

    static async Task<ImmutableArray<Finding>> MarkedAsync(string verbs, string resources, string role, string subjects, bool isManaged, string source = "dump")
    {
        string Filled(string with, string things, string refers, string whom) => Manifests
            .Replace("VERBS", with, StringComparison.Ordinal).Replace("RESOURCES", things, StringComparison.Ordinal)
            .Replace("ROLE", refers, StringComparison.Ordinal).Replace("SUBJECTS", whom, StringComparison.Ordinal);
        var everyone = subjects.Contains("system:", StringComparison.Ordinal);
        var shipped = await SnapshotAsync(Filled(resources == "secrets" ? "get, list" : verbs, resources, "agent", everyone ? subjects : Account), source);
        var platforms = new Platforms(PlatformFiles.Parse((isManaged ? "# managed\n" : "") + string.Join('\n', PlatformFiles.Lines(shipped, Stock.Empty)), "agent.txt"));
        var snapshot = await Shipped.ApplyAsync(await SnapshotAsync(Filled(verbs, resources, role, subjects), source), default);
        var stock = await Shipped.StockAsync(snapshot, default);
        var findings = Evaluation.Evaluate(snapshot, [.. PolicyFiles.BuiltIn], stock).Where(finding => !finding.IsStock && finding.Grants.Length > 0).ToImmutableArray();
        return platforms.Mark(findings, snapshot, stock);
    }

    static async Task<Snapshot> SnapshotAsync(string yaml, string source)
    {
        var read = await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(yaml)), default, default);
        return read with { Cluster = read.Cluster with { Source = source } };
    }
}
