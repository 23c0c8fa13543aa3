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

    [Theory]
    [InlineData("automount-token", "# kubectl patch deployment -n app web --type merge -p '{\"spec\":{\"template\":{\"spec\":{\"automountServiceAccountToken\":false}}}}'")]
    [InlineData("automount-token", "# kubectl patch cronjob -n app nightly --type merge -p '{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":{\"automountServiceAccountToken\":false}}}}}}'")]
    [InlineData("automount-default", "# kubectl patch serviceaccount -n app default --type merge -p '{\"automountServiceAccountToken\":false}'")]
    [InlineData("default-account-used", "# kubectl patch serviceaccount -n app default --type merge -p '{\"automountServiceAccountToken\":false}'")]
    [InlineData("long-lived-token", "# kubectl delete secret -n app 'it'\\''s a token'")]    // people paste these lines
    [InlineData("unused-role", "# kubectl delete role -n app '$(reboot)'")]
    public async Task Accounts_and_workloads_are_patched_and_what_should_go_is_deleted(string policy, string expected)
    {
        using var folder = new TemporaryFolder();
        var manifests = folder.Write("m.yaml", """
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: app}}
            ---
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: app}, spec: {template: {spec: {containers: [{name: a, image: a}]}}}}
            ---
            {apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: app}, spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: a}]}}}}}}
            ---
            {apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: "it's a token", namespace: app, annotations: {kubernetes.io/service-account.name: default}}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: $(reboot), namespace: app}, rules: [{verbs: [get], apiGroups: [""], resources: [pods]}]}
            """);
        var scan = JsonDocument.Parse((await CommandLine.RunAsync(["scan", "--from", manifests, "-o", "json"])).Output).RootElement;
        var fingerprints = scan.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("policy").GetString() == policy).Select(finding => finding.GetProperty("fingerprint").GetString()!);

        var fix = await CommandLine.RunAsync(["fix", .. fingerprints, "--from", manifests]);

        Assert.Equal(0, fix.ExitCode);
        Assert.Contains(expected, fix.Output.Split('\n'));
    }
}
