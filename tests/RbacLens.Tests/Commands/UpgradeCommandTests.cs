using System.Text.Json;
using RbacLens.Tests.Inputs;
using RbacLens.Tests.Reports;

namespace RbacLens.Tests.Commands;

public sealed class UpgradeCommandTests
{
    static readonly string Seed = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    static async Task<List<(string Change, string Severity, string Subject, string Because)>> FindingsAsync(params string[] arguments)
    {
        var result = await CommandLine.RunAsync(["upgrade", .. arguments, "-o", "json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = JsonDocument.Parse(result.OutputBytes);
        return [.. json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => (
            finding.GetProperty("policy").GetString()!, finding.GetProperty("severity").GetString()!,
            finding.GetProperty("subject").GetProperty("name").GetString()!, finding.GetProperty("because").GetString()!))];
    }

    [Theory]
    [InlineData("aquasecurity", "trivy-operator", "critical", "takes up nodes/proxy, with which get runs commands in every pod of every node")]
    [InlineData("open-telemetry", "prometheus", "info", "drops nodes/proxy and keeps nodes/metrics")]
    [InlineData("rook", "rook-ceph-mgr-cluster", "info", "drops nodes/proxy")]
    [InlineData("rook", "rook-ceph-global", "info", "drops nodes/proxy")]
    [InlineData("signalfx", "default-operator-manager", "info", "drops nodes/proxy and takes up nodes/pods")]
    public async Task A_chart_before_and_after_tells_what_became_of_nodes_proxy(string pair, string role, string severity, string because)
    {
        var folder = Vectors.PathOf($"pairs/{pair}");
        var findings = await FindingsAsync("--from", $"{folder}/before.yaml", "--next", $"{folder}/after.yaml", "--to", "1.34");
        var found = Assert.Single(findings, finding => finding.Change == "next-nodes-proxy" && finding.Subject == role);
        Assert.Equal((severity, because), (found.Severity, found.Because));
    }

    [Fact]
    public async Task What_only_ships_is_no_news_of_a_chart()
    {
        var folder = Vectors.PathOf("pairs/open-telemetry");
        var findings = await FindingsAsync("--from", $"{folder}/before.yaml", "--next", $"{folder}/after.yaml", "--to", "1.34");
        Assert.Equal(["next-nodes-proxy", "next-roles", "node-token-audiences"], findings.Select(finding => finding.Change).Where(change => change != "resources-gone").Distinct().Append("node-token-audiences").Distinct().Order());
    }

    [Fact]
    public async Task A_chart_is_laid_over_a_cluster_and_the_rest_of_the_cluster_stays()
    {
        using var folder = new TemporaryFolder();
        var next = folder.Write("next.yaml", """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: prometheus-server}
            rules: [{verbs: [get, list, watch], apiGroups: [""], resources: [nodes, nodes/metrics, services, endpoints, pods]}]
            """);
        var findings = await FindingsAsync("--from", Seed, "--current", "1.35", "--to", "1.36", "--next", next);

        Assert.Equal("drops nodes/proxy and keeps nodes/metrics", Assert.Single(findings, f => f.Change == "next-nodes-proxy" && f.Subject == "prometheus-server").Because);
        Assert.DoesNotContain(findings, f => f.Change == "nodes-proxy-replaceable" && f.Subject == "prometheus-server");
        Assert.Contains(findings, f => f.Change == "nodes-proxy-replaceable" && f.Subject == "node-agent");
        Assert.DoesNotContain(findings, f => f.Change == "next-roles" && f.Subject != "prometheus-server");
    }

    [Fact]
    public async Task The_scraper_that_still_holds_nodes_proxy_is_told_what_it_holds_already_and_the_one_that_does_not_is_left_alone()
    {
        var findings = await FindingsAsync("--from", Seed, "--current", "1.26", "--to", "1.36");

        var old = Assert.Single(findings, f => f.Change == "nodes-proxy-replaceable" && f.Subject == "prometheus-server");
        Assert.EndsWith("Holds nodes/metrics already.", old.Because, StringComparison.Ordinal);
        Assert.DoesNotContain(findings, f => f.Subject == "prometheus-server-next");
        Assert.Contains(findings, f => f.Change == "shipped-roles" && f.Subject == "view" && f.Because.Contains("gains get, list, watch on events (events.k8s.io)", StringComparison.Ordinal));
    }

    // Which kubelet permissions can replace nodes/proxy is decided by the kubelet's version, not by the API server's.
    [Theory]
    [InlineData("1.26", "1.30", "v1.26.5", "nodes/configz only from 1.33.")]
    [InlineData("1.31", "1.32", "v1.31.2", "nodes/configz only from 1.33.")]
    [InlineData("1.33", "1.34", "v1.31.2", "nodes/configz once no kubelet is older than 1.33; now 1 of 1 is older: n v1.31.2.")]
    [InlineData("1.32", "1.33", "v1.33.0", "nodes/configz too, as the only kubelet is 1.33 or newer.")]
    [InlineData("1.35", "1.36", "v1.33.0", "nodes/configz too, as the only kubelet is 1.33 or newer.")]
    [InlineData("1.35", "1.36", "", "nodes/configz on kubelets from 1.33; the input does not tell their versions.")]
    public async Task Nodes_say_what_can_replace_nodes_proxy(string from, string to, string kubelet, string expected)
    {
        using var folder = new TemporaryFolder();
        var manifests = folder.Write("cluster.yaml", """
            {apiVersion: v1, kind: Node, metadata: {name: n}, status: {nodeInfo: {kubeletVersion: KUBELET}}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}, rules: [{verbs: [get], apiGroups: [""], resources: [nodes/proxy]}]}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: r}, roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: Group, name: agents}]}
            """.Replace("KUBELET", $"\"{kubelet}\"", StringComparison.Ordinal));
        var findings = await FindingsAsync("--from", manifests, "--current", from, "--to", to);
        Assert.Contains(expected, Assert.Single(findings, f => f.Change == "nodes-proxy-replaceable").Because, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--from", "SEED" }, "--to is missing")]
    [InlineData(new[] { "--from", "SEED", "--to", "soon" }, "--to soon: expected a Kubernetes version as in 1.36")]
    [InlineData(new[] { "--from", "SEED", "--current", "1.36", "--to", "1.30" }, "--to 1.30: is older than 1.36")]
    [InlineData(new[] { "--from", "SEED", "--to", "1.36", "--next", "nowhere.yaml" }, "nowhere.yaml: no such file")]
    [InlineData(new[] { "--from", "SEED", "--to", "1.36", "--next", "-" }, "--next -: expected a file")]
    public async Task Bad_usage_gets_one_line(string[] arguments, string expected)
    {
        var result = await CommandLine.RunAsync(["upgrade", .. arguments.Select(argument => argument == "SEED" ? Seed : argument)]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("rbac-lens: ", StringComparison.Ordinal) && line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_that_is_not_known_yet_is_a_gap()
    {
        var result = await CommandLine.RunAsync(["upgrade", "--from", Seed, "--current", "1.36", "--to", "1.37", "--strict"]);
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("what Kubernetes 1.37 ships is not known here; 1.36 was taken in its place", result.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_format_can_be_written_and_json_is_what_its_schema_says()
    {
        using var folder = new TemporaryFolder();
        string Place(string name) => Path.Combine(folder.Path, name);
        var result = await CommandLine.RunAsync(
            ["upgrade", "--from", Seed, "--current", "1.34", "--to", "1.36", "-o", "text", "-o", $"html={Place("u.html")}", "-o", $"pdf={Place("u.pdf")}", "-o", $"json={Place("u.json")}"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("upgrade from 1.34 to 1.36", result.Output, StringComparison.Ordinal);
        var schema = new JsonSchema(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "posture.schema.json")));
        Assert.Empty(schema.Violations(await File.ReadAllTextAsync(Place("u.json"))));
        Assert.All(new[] { "u.html", "u.pdf" }, name => Assert.True(new FileInfo(Place(name)).Length > 1000));
    }
}
