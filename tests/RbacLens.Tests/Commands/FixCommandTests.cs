using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class FixCommandTests
{
    [Theory]
    [InlineData("[get]", "[nodes, nodes/proxy]", "--instead-of-proxy metrics", "[nodes, nodes/metrics]")]
    [InlineData("[get]", "[nodes, nodes/proxy]", "", "[nodes]")]
    [InlineData("[\"*\"]", "[nodes, nodes/proxy]", "--verbs get --verbs list", "verbs: [get, list]")]
    [InlineData("[get]", "[nodes/proxy]", "--only-in staging", "kind: RoleBinding")]
    [InlineData("[get]", "[\"*\"]", "", "a star cannot be taken apart")]
    public async Task What_is_printed_is_as_it_should_be(string verbs, string resources, string options, string expected)
    {
        using var folder = new TemporaryFolder();
        var manifests = folder.Write("m.yaml", $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: example}
            rules: [{verbs: {{verbs}}, apiGroups: [""], resources: {{resources}}}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: example}
            roleRef: {kind: ClusterRole, name: example}
            subjects: [{kind: User, name: jane}]
            """);
        var scan = JsonDocument.Parse((await CommandLine.RunAsync(["scan", "--from", manifests, "-o", "json"])).Output).RootElement;
        var fingerprint = scan.GetProperty("findings").EnumerateArray().First(finding => finding.GetProperty("policy").GetString() == "nodes-proxy").GetProperty("fingerprint").GetString()!;

        var fix = await CommandLine.RunAsync(["fix", fingerprint, "--from", manifests, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(fix.ExitCode == (expected.Contains("taken apart", StringComparison.Ordinal) ? 1 : 0), fix.Error);
        Assert.Contains(expected, fix.Output, StringComparison.Ordinal);
        if (options.Length == 0 || options.Contains("proxy", StringComparison.Ordinal))
            Assert.DoesNotContain("nodes/proxy", fix.Output, StringComparison.Ordinal);
    }
}
