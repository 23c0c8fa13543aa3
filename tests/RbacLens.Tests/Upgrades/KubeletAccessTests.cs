using System.Text;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;
using RbacLens.Upgrades;

namespace RbacLens.Tests.Upgrades;

public sealed class KubeletAccessTests
{
    const string Roles = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: scraper}, rules: [{verbs: [get], apiGroups: [""], resources: [nodes/proxy]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: scraper}, roleRef: {kind: ClusterRole, name: scraper}, subjects: [{kind: ServiceAccount, name: scraper, namespace: app}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: finer}, rules: [{verbs: [get], apiGroups: [""], resources: [nodes/configz]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: finer}, roleRef: {kind: ClusterRole, name: finer}, subjects: [{kind: ServiceAccount, name: finer, namespace: app}]}
        """;

    // KubeletFineGrainedAuthz is on by default from 1.33, and is the kubelet's to know: what the API server runs makes no difference.
    [Fact]
    public async Task In_every_supported_combination_of_1_26_to_1_36_the_kubelets_version_decides()
    {
        var changes = UpgradeFiles.BuiltIn.Where(change => change.Policy.Id is "nodes-proxy-replaceable" or "kubelet-subresources-too-early").ToList();
        var read = await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(Encoding.UTF8.GetBytes(Roles)), default, default);
        for (var to = 27; to <= 36; to++)
            for (var kubelet = Math.Max(26, to - 3); kubelet < to; kubelet++)
            {
                var path = new UpgradePath(new(1, to - 1), new(1, to));
                var upgrade = new UpgradeCase(
                    read with { Nodes = [new("n", $"v1.{kubelet}.2")] }, path, [], await Shipped.ReleaseAsync(path.From, default), await Shipped.ReleaseAsync(path.To, default));
                var findings = UpgradeReview.Findings(upgrade, changes).Where(finding => !finding.IsStock).ToList();

                var held = findings.Single(finding => finding.Policy.Id == "nodes-proxy-replaceable");
                var expected = to < 33 ? "only from 1.33." : kubelet < 33 ? "once no kubelet is older than 1.33; now 1 of 1 is older" : "too, as the only kubelet is 1.33 or newer.";
                Assert.True(held.Because.Contains(expected, StringComparison.Ordinal), $"{path}, kubelet 1.{kubelet}: {held.Because}");
                Assert.Contains("runs commands in every pod of every node", held.Because, StringComparison.Ordinal);
                Assert.Equal(kubelet < 33 ? Severity.Medium : (Severity?)null, findings.Find(finding => finding.Policy.Id == "kubelet-subresources-too-early")?.Severity);
            }
    }
}
