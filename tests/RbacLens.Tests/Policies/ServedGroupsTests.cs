using System.Collections.Immutable;
using RbacLens.Cli.Inputs;

namespace RbacLens.Tests.Policies;

/// <summary>What a custom resource would lead to is no finding where the cluster is known not to have it.</summary>
public sealed class ServedGroupsTests
{
    const string Manifests = """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: x}, rules: [{verbs: [create], apiGroups: ["GROUP"], resources: [applications, "deployments"]}]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: x}
        roleRef: {kind: ClusterRole, name: x}
        subjects: [{kind: User, name: jane}]
        """;

    [Theory]
    [InlineData("*", null, true)]                        // nobody was asked: judged as if it were there
    [InlineData("*", "apps argoproj.io", true)]
    [InlineData("*", "apps", false)]
    [InlineData("argoproj.io", "apps", false)]           // written out, and without effect all the same
    [InlineData("argoproj.io", "argoproj.io", true)]
    public async Task A_policy_about_a_controller_asks_whether_its_resources_are_served(string group, string? served, bool isFound)
    {
        var read = await new FileSource("default", recursive: false).ReadAsync(
            ["-"], () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Manifests.Replace("GROUP", group, StringComparison.Ordinal))), default, default);
        var snapshot = await Shipped.ApplyAsync(read with { ApiGroups = served?.Split(' ').ToImmutableSortedSet(StringComparer.Ordinal) }, default);

        var found = (await Judging.SnapshotAsync(snapshot)).Where(finding => finding.About.Name == "jane").Select(finding => finding.Policy.Id).ToList();

        Assert.Equal(isFound, found.Contains("argocd-applications-write"));
        Assert.Equal(group == "*", found.Contains("workload-create"));    // what Kubernetes itself serves is always there
    }
}
