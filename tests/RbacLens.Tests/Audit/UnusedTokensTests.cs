using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Audit;

/// <summary>Accounts whose tokens are mounted, held against what they asked.</summary>
public sealed class UnusedTokensTests
{
    const string Web = """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: robot, namespace: app}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: app}, spec: {template: {spec: {serviceAccountName: robot, containers: [{name: c, image: i}]}}}}

        """;

    static string Grant(string rule) => $$"""
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: robot}, rules: [{{rule}}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: robot}, roleRef: {kind: ClusterRole, name: robot}, subjects: [{kind: ServiceAccount, name: robot, namespace: app}]}

        """;

    static string Event(string user, int day, int code = 200, string decision = "allow") =>
        $$$"""{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"{{{user}}}{{{day}}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/app/pods","verb":"list","user":{"username":"{{{user}}}"},"objectRef":{"resource":"pods","namespace":"app","apiVersion":"v1"},"responseStatus":{"code":{{{code}}}},"requestReceivedTimestamp":"2026-11-{{{day:00}}}T10:00:00.000000Z","annotations":{"authorization.k8s.io/decision":"{{{decision}}}","authorization.k8s.io/reason":""}}""";

    static readonly string Silent = $"{Event("alice", 1)}\n{Event("alice", 13)}\n";

    static async Task<string> ScanAsync(string manifests, string log, string? policy = null)
    {
        using var folder = new TemporaryFolder();
        string[] recorded = policy is null ? [] : ["--audit-policy", folder.Write("policy.yaml", $"{{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{policy}, {{level: Metadata}}]}}")];
        var result = await CommandLine.RunAsync(["scan", "--from", folder.Write("web.yaml", manifests), "--audit-log", folder.Write("audit.log", log), "-o", "csv", .. recorded]);
        Assert.True(result.ExitCode == 0, result.Error);
        return string.Join('\n', result.Output.Split('\n').Where(line => line.Contains(",unused-token,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_account_that_asked_nothing_is_found_with_the_window()
    {
        var found = await ScanAsync(Web, Silent);

        Assert.Contains("ServiceAccount,app,robot", found, StringComparison.Ordinal);
        Assert.Contains("its token is mounted in Deployment web, and it asked nothing between 2026-11-01 10:00Z and 2026-11-13 10:00Z, 12 days", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-10-01T00:00:00Z", "it asked nothing between 2026-11-01 10:00Z and 2026-11-13 10:00Z, 12 days")]
    [InlineData("2026-11-10T10:00:00Z", "it asked nothing between 2026-11-10 10:00Z, when it was made, and 2026-11-13 10:00Z, 3 days")]
    [InlineData("2026-11-14T00:00:00Z", null)]
    public async Task An_account_is_idle_only_as_long_as_it_is_there(string created, string? expected)
    {
        var found = await ScanAsync(Web.Replace("name: robot, namespace: app}}", $"name: robot, namespace: app, creationTimestamp: \"{created}\"}}}}", StringComparison.Ordinal), Silent);
        Assert.Equal(expected is null, found.Length == 0);
        Assert.Contains(expected ?? "", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "allow")]
    [InlineData(403, "forbid")] // a refused request used the token, too
    public async Task One_request_is_use(int code, string decision) =>
        Assert.Empty(await ScanAsync(Web, Silent + Event("system:serviceaccount:app:robot", 2, code, decision)));

    // Nobody mounts it; it is for somebody else than the API server; kubelets are asked on their own port.
    [Theory]
    [InlineData("serviceAccountName: robot, automountServiceAccountToken: false", "")]
    [InlineData("serviceAccountName: robot, automountServiceAccountToken: false, volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}}]", "")]
    [InlineData("serviceAccountName: robot", "{verbs: [get], apiGroups: [''], resources: [nodes/metrics]}")]
    [InlineData("serviceAccountName: robot", "{verbs: [get], apiGroups: [''], resources: [nodes/proxy]}")]
    public async Task Silence_that_proves_nothing_is_no_finding(string spec, string rule) =>
        Assert.Empty(await ScanAsync(Web.Replace("serviceAccountName: robot", spec, StringComparison.Ordinal) + (rule.Length == 0 ? "" : Grant(rule)), Silent));

    [Theory]
    [InlineData("{level: None, users: ['system:serviceaccount:app:robot']}", "", false)]
    [InlineData("{level: None, userGroups: ['system:serviceaccounts:app']}", "", false)]
    [InlineData("{level: None, users: ['somebody']}", "", true)]
    [InlineData("{level: None, resources: [{group: '', resources: [configmaps], resourceNames: [leader]}]}", "{verbs: [get], apiGroups: [''], resources: [configmaps], resourceNames: [leader]}", false)]
    [InlineData("{level: None, resources: [{group: '', resources: [configmaps], resourceNames: [leader]}]}", "{verbs: [get], apiGroups: [''], resources: [configmaps], resourceNames: [other]}", true)]
    public async Task What_the_audit_policy_does_not_record_proves_nothing(string policy, string rule, bool isFound) =>
        Assert.Equal(isFound, (await ScanAsync(Web + (rule.Length == 0 ? "" : Grant(rule)), Silent, policy)).Length > 0);

    [Theory]
    [InlineData("alice", 200, "allow", "kind: Role\n")]
    [InlineData("alice", 403, "forbid", "# Nothing that it asked was allowed, so there is nothing to grant.\n")]
    [InlineData("bob", 200, "allow", "bob: the log holds no request of that subject between")]
    public async Task What_is_suggested_says_what_there_was(string subject, int code, string decision, string expected)
    {
        var result = await CommandLine.RunAsync(Event("alice", 1, code, decision), "audit", "suggest", subject, "--log", "-");

        Assert.Contains(expected, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_tells_it_as_a_fact()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["audit", "--log", folder.Write("audit.log", Silent), "--from", folder.Write("web.yaml", Web)];
        var table = await CommandLine.RunAsync(arguments);
        var json = await CommandLine.RunAsync([.. arguments, "-o", "json"]);

        Assert.Contains("audit.log: 2 requests from 2026-11-01T10:00:00Z to 2026-11-13T10:00:00Z; none of them is what the detection rules look for.", table.Output.Replace("\n", " ", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Tokens mounted and never used in that time: app/robot.", table.Output, StringComparison.Ordinal);
        var account = Assert.Single(System.Text.Json.JsonDocument.Parse(json.Output).RootElement.GetProperty("usage").GetProperty("accounts").EnumerateArray());
        Assert.Equal((0, true, "Deployment web"), (account.GetProperty("requests").GetInt32(), account.GetProperty("observable").GetBoolean(), account.GetProperty("mountedIn")[0].GetString()));
    }
}
