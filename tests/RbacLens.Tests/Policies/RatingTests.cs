using System.Collections.Immutable;
using RbacLens.Cli.Inputs;
using RbacLens.Policies;

namespace RbacLens.Tests.Policies;

/// <summary>How a severity comes about: which reach counts, whom it is worse for, and what is said of it.</summary>
public sealed class RatingTests
{
    // Each reach has a severity of its own, so that a finding tells which one it was.
    static readonly Policy Asked = PolicyFiles.Parse(
        """
        id: rated
        title: t
        why: w
        fix: f
        match:
          requests:
          - ask: {verbs: [get], resources: [pods/log, pods/status]}
            means: looks
            severity: {cluster: high, powerful: medium, namespace: low, named: info}
            named: accounts
          - all: [{verbs: [list], resources: [pods]}, {verbs: [watch], resources: [pods]}]
            means: follows
            severity: {cluster: critical}
        violating: [{title: a, rules: [{verbs: [get], apiGroups: [""], resources: [pods/log]}]}]
        conforming: [{title: a, rules: []}, {title: b, rules: []}]
        """, "rated.yaml", "test");

    const string Strong = """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: strong, namespace: ops}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: strong}
        roleRef: {kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: strong, namespace: ops}]
        """;

    [Theory]
    [InlineData("*", "get pods/log", "User jane", "high: get on pods/log looks")]
    [InlineData("app", "get pods/log", "User jane", "low: get on pods/log looks")]
    [InlineData("ops", "get pods/log", "User jane", "medium: get on pods/log looks; ops holds ServiceAccount ops/strong, which leads to the whole cluster, though no way from here to there shows")]
    [InlineData("app", "get pods/log pods/status", "User jane", "low: get on pods/log, pods/status looks")]
    [InlineData("*", "get pods/log web", "User jane", "info: get on pods/log looks; limited to the name web")]
    [InlineData("*", "get pods/log strong", "User jane", "high: get on pods/log looks; limited to the name strong, and strong leads to the whole cluster")]
    [InlineData("ops", "get pods/log strong", "User jane", "medium: get on pods/log looks; limited to the name strong, and strong leads to the whole cluster")]
    [InlineData("app", "get pods/log", "Group system:authenticated", "medium: get on pods/log looks; system:authenticated is everyone")]
    [InlineData("*", "get pods/log", "User system:anonymous", "critical: get on pods/log looks; system:anonymous is everyone")]
    [InlineData("app", "list,watch pods", "User jane", "")]                                       // no severity for this reach is no finding
    [InlineData("*", "list,watch pods", "User jane", "critical: list on pods and watch on pods follows")]
    [InlineData("*", "list,watch,get pods,pods/log", "User jane", "critical: list on pods and watch on pods follows")]   // the worst case speaks
    [InlineData("*", "delete pods/log", "User jane", "")]
    public async Task A_hit_is_rated_by_its_reach_and_says_so(string where, string rule, string holder, string expected)
    {
        var found = (await FindAsync([Manifest(where, rule, holder)])).Where(finding => finding.About.Name == holder.Split(' ')[1]);
        Assert.Equal(expected, string.Join(" | ", found.Select(finding => $"{finding.Severity.ToString().ToLowerInvariant()}: {finding.Because}")));
    }

    [Fact]
    public async Task The_same_in_many_namespaces_is_one_finding_with_its_scopes_and_what_the_cluster_includes_is_not_said_again()
    {
        var found = await FindAsync([.. new[] { "b", "a", "c" }.Select(ns => Manifest(ns, "get pods/log", "User jane"))]);
        Assert.Equal(["a", "b", "c"], Assert.Single(found).Scopes.Select(scope => scope.Namespace));

        found = await FindAsync([Manifest("*", "get pods/log", "User jane"), Manifest("ops", "get pods/log", "User jane")]);
        Assert.Equal("*", Assert.Single(Assert.Single(found).Scopes).ToString());
    }

    [Fact]
    public async Task A_rule_limited_to_names_takes_nothing_away_from_another_of_the_same_role_that_is_not()
    {
        var found = await FindAsync(
        [
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: both, namespace: app}
            rules:
            - {verbs: [get], apiGroups: [""], resources: [pods/log]}
            - {verbs: [get], apiGroups: [""], resources: [pods/log], resourceNames: [web]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: both, namespace: app}
            roleRef: {kind: Role, name: both}
            subjects: [{kind: User, name: jane}]
            """,
        ]);
        var finding = Assert.Single(found, one => one.About.Name == "jane");
        Assert.Equal((Severity.Low, "get on pods/log looks"), (finding.Severity, finding.Because));
    }

    [Fact]
    public async Task What_an_account_of_a_namespace_opens_is_not_the_door_to_itself()
    {
        var found = await FindAsync([Manifest("ops", "get pods/log", "ServiceAccount strong")]);
        Assert.DoesNotContain(found, finding => finding.About.Name == "strong" && finding.Severity == Severity.Medium);
    }

    static async Task<ImmutableArray<Finding>> FindAsync(IReadOnlyList<string> manifests)
    {
        var source = new FileSource("default", recursive: false);
        var yaml = string.Join("\n---\n", manifests.Append(Strong));
        var read = await source.ReadAsync(["-"], () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(yaml)), default, default);
        var snapshot = await Shipped.ApplyAsync(read, default);
        return [.. Evaluation.Evaluate(snapshot, [Asked, .. PolicyFiles.BuiltIn], await Shipped.StockAsync(snapshot, default)).Where(finding => finding.Policy == Asked && !finding.IsStock)];
    }

    // "verbs resources names", words with commas between.
    static string Manifest(string where, string rule, string holder)
    {
        var (words, who) = (rule.Split(' '), holder.Split(' '));
        if (rule.StartsWith("get pods/log pods", StringComparison.Ordinal))
            words = ["get", "pods/log,pods/status"];
        var (kind, metadata) = where == "*" ? ("ClusterRole", "{name: example}") : ("Role", $"{{name: example, namespace: {where}}}");
        var subject = who[0] == "ServiceAccount" ? $"{{kind: ServiceAccount, name: {who[1]}, namespace: ops}}" : $"{{kind: {who[0]}, name: \"{who[1]}\"}}";
        return $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{kind}}
            metadata: {{metadata}}
            rules: [{verbs: ["{{words[0].Replace(",", "\", \"", StringComparison.Ordinal)}}"], apiGroups: [""], resources: [{{words[1]}}], resourceNames: [{{(words.Length > 2 ? words[2] : "")}}]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {{kind}}Binding
            metadata: {{metadata}}
            roleRef: {kind: {{kind}}, name: example}
            subjects: [{{subject}}]
            """;
    }
}
