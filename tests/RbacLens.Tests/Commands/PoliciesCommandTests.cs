using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class PoliciesCommandTests
{
    const string Own = """
        id: own
        title: Can water plants
        why: Plants drown.
        fix: Remove it.
        references: [CIS 5.1.3]
        needs: [ClusterRole]
        match:
          requests:
          - ask: {verbs: [water], group: example.com, resources: [plants], place: namespace}
            means: waters plants
            severity: {cluster: high, namespace: low}
        violating:
        - title: everywhere
          severity: high
          rules: [{verbs: [water], apiGroups: [example.com], resources: [plants]}]
        conforming:
        - title: looking at them
          rules: [{verbs: [get], apiGroups: [example.com], resources: [plants]}]
        - title: other plants
          rules: [{verbs: [water], apiGroups: [""], resources: [plants]}]
        """;

    [Fact]
    public async Task List_has_a_line_for_each_policy_and_show_says_why()
    {
        var list = await CommandLine.RunAsync(["policies", "list"]);
        var show = await CommandLine.RunAsync(["policies", "show", "nodes-proxy"]);

        Assert.Contains("nodes-proxy", list.Output, StringComparison.Ordinal);
        Assert.Contains("get alone", show.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandLine.RunAsync(["policies", "show", "no-such-policy"])).ExitCode);
    }

    [Fact]
    public async Task A_folder_adds_policies_that_scan_asks_and_test_proves()
    {
        using var folder = new TemporaryFolder();
        folder.Write("garden/own.yaml", Own);
        var role = """[{"kind":"ClusterRole","metadata":{"name":"r"},"rules":[{"verbs":["water"],"apiGroups":["example.com"],"resources":["plants"]}]},{"kind":"ClusterRoleBinding","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"r"},"subjects":[{"kind":"Group","name":"gardeners"}]}]""";

        var test = await CommandLine.RunAsync(["policies", "test", "--policies", folder.Path]);
        var scan = await CommandLine.RunAsync(role, "scan", "--from", "-", "--policies", folder.Path, "-o", "json");

        Assert.True(test.ExitCode == 0, test.Output + test.Error);
        Assert.Contains("water on plants waters plants", scan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_fails_where_an_example_does_not_hold()
    {
        using var folder = new TemporaryFolder();
        folder.Write("garden/own.yaml", Own.Replace("looking at them\n  rules: [{verbs: [get]", "looking at them\n  rules: [{verbs: [water]", StringComparison.Ordinal));

        var test = await CommandLine.RunAsync(["policies", "test", "--policies", folder.Path]);

        Assert.Equal(1, test.ExitCode);
        Assert.Contains("own: looking at them: expected nothing, found high", test.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id: own", "id: other", "id is other, expected the file's name")]
    [InlineData("cluster: high", "cluster: terrible", "match.requests[0].severity.cluster is terrible, expected info, low, medium, high or critical")]
    [InlineData("fix: Remove it.", "fixes: Remove it.", "fix is missing")]
    [InlineData("why: Plants drown.", "why: [Plants drown.]", "why is a list, expected text")]
    [InlineData("means: waters plants", "meaning: waters plants", "match.requests[0].means is missing")]
    [InlineData(", place: namespace", "", "match.requests[0].ask.place is missing")]
    [InlineData("references: [CIS 5.1.3]", "references: [CIS]", "references holds CIS, expected a framework with an id")]
    [InlineData("  requests:", "  request:", "match holds no question")]
    [InlineData("title: other plants", "titel: other plants", "conforming[1].title is missing")]
    [InlineData("needs: [ClusterRole]", "needs: [ClusterRole]\nextra: 1", "extra is not known here")]
    public async Task A_mistake_in_a_policy_names_the_file_the_place_and_what_is_expected(string was, string becomes, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("garden/own.yaml", Own.Replace(was, becomes, StringComparison.Ordinal));

        var result = await CommandLine.RunAsync(["policies", "list", "--policies", folder.Path]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"rbac-lens: {file}: {expected}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_without_enough_examples_does_not_load()
    {
        using var folder = new TemporaryFolder();
        folder.Write("garden/own.yaml", Own[..Own.IndexOf("- title: other", StringComparison.Ordinal)]);

        var result = await CommandLine.RunAsync(["policies", "list", "--policies", folder.Path]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("at least one that violates and two that do not", result.Error, StringComparison.Ordinal);
    }
}
