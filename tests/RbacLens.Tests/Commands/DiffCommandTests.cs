using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class DiffCommandTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    // What the commits say that these manifests are from, and nothing else (the last one gave nodes/pods for nodes/proxy).
    [Theory]
    [InlineData("aquasecurity", 1, "gained role ClusterRole/trivy-operator nodes/proxy get", "gained subject ServiceAccount/trivy-operator nodes/proxy get", "came finding nodes-proxy")]
    [InlineData("open-telemetry", 0, "lost role ClusterRole/prometheus nodes/proxy get list watch")]
    [InlineData(
        "rook", 0,
        "lost role ClusterRole/rook-ceph-global nodes/proxy get list watch", "lost role ClusterRole/rook-ceph-mgr-cluster nodes/proxy get list watch",
        "lost subject ServiceAccount/rook-ceph-mgr nodes/proxy get list watch", "lost subject ServiceAccount/rook-ceph-system nodes/proxy get list watch",
        "went finding nodes-proxy", "went finding nodes-proxy")]
    [InlineData("signalfx", 1, "gained role ClusterRole/default-operator-manager nodes/pods get", "lost role ClusterRole/default-operator-manager nodes/proxy get")]
    public async Task A_commit_is_told_by_what_it_changes(string pair, int exitCode, params string[] expected)
    {
        var (before, after) = (Vectors.PathOf($"pairs/{pair}/before.yaml"), Vectors.PathOf($"pairs/{pair}/after.yaml"));
        var result = await CommandLine.RunAsync(["diff", before, after, "-o", "csv", "--fail-on", "gained"]);

        Assert.True(exitCode == result.ExitCode, result.Error);
        Assert.Equal(expected.Order(StringComparer.Ordinal), result.Output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Said).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cluster_does_not_differ_from_itself()
    {
        var result = await CommandLine.RunAsync(["diff", Dump, Dump, "--fail-on", "changed"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("No difference", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get,list", "list,get", "", "")]
    [InlineData("get,list,watch", "*", "gained pods * but get list watch", "")]
    [InlineData("*", "get,list,watch", "", "lost pods * but get list watch")]
    public async Task Verbs_are_compared_by_what_they_mean(string old, string @new, string gained, string lost)
    {
        using var folder = new TemporaryFolder();
        var (before, after) = (Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b"));
        File.WriteAllText(before, Manifest(old));
        File.WriteAllText(after, Manifest(@new));
        var result = await CommandLine.RunAsync(["diff", before, after, "-o", "json", "--fail-on", "gained"]);

        Assert.Equal(gained.Length > 0 ? 1 : 0, result.ExitCode);
        var subjects = JsonElement.Parse(result.Output).GetProperty("subjects").EnumerateArray().ToList();
        Assert.Equal(gained, string.Join(';', subjects.SelectMany(change => RbacJson.Array(change, "gained")).Select(permission => Written("gained", permission))));
        Assert.Equal(lost, string.Join(';', subjects.SelectMany(change => RbacJson.Array(change, "lost")).Select(permission => Written("lost", permission))));
    }

    [Fact]
    public async Task What_was_not_there_before_is_gained_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        var after = Path.Combine(folder.Path, "b");
        File.WriteAllText(after, Manifest("get"));
        var result = await CommandLine.RunAsync(["diff", "/dev/null", after, "--fail-on", "gained"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("new     ClusterRole r", result.Output, StringComparison.Ordinal);
        Assert.Contains("gained  User u", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grant_that_shrinks_to_one_namespace_is_lost_everywhere_else()
    {
        using var folder = new TemporaryFolder();
        var (before, after) = (Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b"));
        File.WriteAllText(before, Manifest("get"));
        File.WriteAllText(after, Manifest("get").Replace("kind: ClusterRoleBinding\nmetadata: {name: b}", "kind: RoleBinding\nmetadata: {name: b, namespace: n}", StringComparison.Ordinal));
        var result = await CommandLine.RunAsync(["diff", before, after]);

        Assert.Contains("lost    User u   * but n  pods       get    b", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gained  ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/does/not/exist", "there is no such file, and no such kubeconfig context")]
    [InlineData("-", "both read standard input")]
    public async Task What_cannot_be_compared_is_said_in_one_line(string side, string expected)
    {
        var result = await CommandLine.RunAsync(["diff", side, side], "{}"u8.ToArray());

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    static string Manifest(string verbs) => $"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {"{name: r}"}
        rules: [{"{apiGroups: [''], resources: [pods], verbs: ["}{string.Join(',', verbs.Split(',').Select(verb => $"'{verb}'"))}]{"}"}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {"{name: b}"}
        roleRef: {"{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}"}
        subjects: [{"{kind: User, name: u, apiGroup: rbac.authorization.k8s.io}"}]
        """;

    static string Written(string word, JsonElement permission)
    {
        var rule = RbacJson.Rule(permission.GetProperty("rule"));
        var except = RbacJson.Texts(permission, "except").ToList();
        return $"{word} {rule.Resources} {rule.Verbs}{(except.Count == 0 ? "" : $" but {string.Join(' ', except)}")}";
    }

    // change,of,kind,namespace,name,scope,group,resource,name,url,verbs,except,except_in,bindings,policy,severity,fingerprint
    static string Said(string line)
    {
        var cells = line.Split(',');
        return cells[1] == "finding" ? $"{cells[0]} finding {cells[14]}" : $"{cells[0]} {cells[1]} {cells[2]}/{cells[4]} {cells[7]} {cells[10]}";
    }
}
