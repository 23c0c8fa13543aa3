using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Tests.Commands;

public sealed class GenerateCommandTests
{
    static async Task<string> GenerateAsync(params string[] arguments)
    {
        var result = await CommandLine.RunAsync(["generate", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    /// <summary>What kubectl really sends (kubectl-requests.tsv), as the API server's authorizer sees it.</summary>
    static List<(string Command, AccessRequest Request)> Recorded() =>
    [
        .. from line in File.ReadAllLines(Vectors.PathOf("kubectl-requests.tsv"))
           where line.Length > 0 && line[0] != '#'
           let parts = line.Split('\t')
           let request = RequestUrl.TryParse(parts[1], parts[2])
           // Discovery is everybody's.
           where request is AccessRequest.Resource
           select (parts[0], request),
    ];

    static async Task<Func<AccessRequest, bool>> AuthorizerAsync(string manifests, params string[] groups)
    {
        var snapshot = await RoleTemplates.ReadAsync(manifests, default);
        var authorizer = new Authorizer(snapshot.Roles, snapshot.Bindings);
        var identity = new Identity("carol", [.. groups, WellKnown.Authenticated]);
        return request => authorizer.Decide(identity, request).Allowed;
    }

    [Fact]
    public async Task On_call_debugging_allows_what_kubectl_sends()
    {
        var allows = await AuthorizerAsync(await GenerateAsync("oncall-debug", "--group", "jit:oncall", "-n", "production"), "jit:oncall");
        var recorded = Recorded();

        Assert.All(
            new[] { "kubectl logs web-0", "kubectl exec web-0 -- id", "kubectl port-forward web-0 18081:80", "kubectl debug web-0 --image=busybox -it -- sh" },
            command => Assert.Contains(recorded, sent => sent.Command == command));
        Assert.DoesNotContain(recorded, sent => !allows(sent.Request));
        // From 1.35 the API server asks for create beside what a WebSocket is authorized as.
        Assert.DoesNotContain(recorded, sent => sent.Request is AccessRequest.Resource { Subresource: "exec" or "attach" or "portforward" } && !allows(sent.Request with { Verb = "create" }));
    }

    [Fact]
    public async Task On_call_debugging_allows_nothing_else()
    {
        var allows = await AuthorizerAsync(await GenerateAsync("oncall-debug", "--group", "jit:oncall", "-n", "production"), "jit:oncall");
        HashSet<string> meant =
        [
            "get pods", "list pods", "watch pods", "get pods/log", "patch pods/ephemeralcontainers",
            "get pods/exec", "create pods/exec", "get pods/attach", "create pods/attach", "get pods/portforward", "create pods/portforward",
        ];
        string[] groups = ["", "apps", "batch", "rbac.authorization.k8s.io", "authentication.k8s.io", "certificates.k8s.io"];
        string[] resources = ["pods", "secrets", "configmaps", "serviceaccounts", "services", "events", "nodes", "namespaces", "roles", "rolebindings", "clusterroles", "deployments", "jobs", "users", "groups", "signers"];
        string[] subresources = ["", "log", "exec", "attach", "portforward", "proxy", "ephemeralcontainers", "status", "binding", "eviction", "resize", "token", "scale"];
        string[] verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate", "bind", "escalate", "approve", "*"];

        var allowed = from verb in verbs
                      from apiGroup in groups
                      from resource in resources
                      from subresource in subresources
                      from ns in new[] { "production", "staging", "" }
                      let request = new AccessRequest.Resource(verb, apiGroup, resource, subresource, ns, "web-0")
                      where allows(request)
                      select (ns, apiGroup, What: $"{verb} {request.Spelling}");
        Assert.All(allowed, found => Assert.True(found is { ns: "production", apiGroup: "" } && meant.Contains(found.What), found.ToString()));
        Assert.False(allows(new AccessRequest.Path("get", "/metrics")));
    }

    [Fact]
    public async Task A_metrics_scraper_has_no_way_to_nodes_proxy_and_a_scan_finds_nothing_in_it()
    {
        var manifests = await GenerateAsync("metrics-scraper", "--service-account", "monitoring/prometheus");
        var snapshot = await RoleTemplates.ReadAsync(manifests, default);
        var permissions = new Authorizer(snapshot.Roles, snapshot.Bindings).PermissionsOf(Identity.Of(new Subject.ServiceAccount("monitoring", "prometheus")));

        Assert.True(permissions.Decide(new AccessRequest.Resource("get", "", "nodes", "metrics", Name: "n")).Allowed);
        Assert.True(permissions.Decide(new AccessRequest.Path("get", "/metrics")).Allowed);
        Assert.All(new[] { "get", "create" }, verb => Assert.False(permissions.Decide(new AccessRequest.Resource(verb, "", "nodes", "proxy", Name: "n")).Allowed));
        Assert.StartsWith("# A scan finds nothing in this.\n", manifests, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_scan_finds_is_said_before_the_role_is_given_away()
    {
        var manifests = await GenerateAsync("ci-deployer", "--service-account", "ci/deployer", "-n", "staging", "--name", "deploy");
        Assert.StartsWith("# A scan finds in this:\n#   ", manifests, StringComparison.Ordinal);
        Assert.Contains("workload-create: create", manifests, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets-read", manifests, StringComparison.Ordinal);
    }

    public static TheoryData<string> Names => [.. RoleTemplates.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_template_is_filled_whole_and_listed(string name)
    {
        var text = RoleTemplates.Text(name);
        string[] arguments =
        [
            name, .. RoleTemplates.Takes(text, "namespace") ? new[] { "-n", "staging" } : [],
            .. RoleTemplates.Takes(text, "subject") ? new[] { "--group", "g" } : [], .. name == "csr" ? new[] { "--user", "u" } : [],
        ];
        Assert.DoesNotContain("{{", await GenerateAsync(arguments), StringComparison.Ordinal);
        Assert.Contains($"{name} ", await GenerateAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oidc:team\", name: \"system:masters")]
    [InlineData("a\n- {kind: Group, name: system:masters}")]
    [InlineData("{{namespace}}")]
    [InlineData("# x")]
    [InlineData("true")]
    [InlineData("ünï\u0007cødé")]
    public async Task A_hostile_name_stays_a_name(string group)
    {
        var snapshot = await RoleTemplates.ReadAsync(await GenerateAsync("read-only", "--group", group, "-n", "staging"), default);
        Assert.Equal(new Subject.Group(group), Assert.Single(Assert.Single(snapshot.Bindings).Subjects));
    }

    [Fact]
    public async Task A_certificate_request_is_quoted_for_the_shell_and_short_lived()
    {
        var csr = await GenerateAsync("csr", "--user", "carol'; rm -rf /", "--group", "a/b+c", "--hours", "2");
        Assert.Contains("""-subj '/CN=carol'\''; rm -rf \//O=a\/b\+c' -out""", csr, StringComparison.Ordinal);
        Assert.Contains("expirationSeconds: 7200\n", csr, StringComparison.Ordinal);
        Assert.Contains("name: login-carol---rm--rf\n", csr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such", "no-such: there is no such template, expected one of ")]
    [InlineData("oncall-debug --group g", "--namespace is missing")]
    [InlineData("oncall-debug -n staging", "--group or --service-account is missing")]
    [InlineData("oncall-debug -n staging --group a --group b", "expected one --group or one --service-account")]
    [InlineData("oncall-debug -n Sta_ging --group a", "is not a namespace")]
    [InlineData("cluster-read --group a -n staging", "--namespace has no meaning here")]
    [InlineData("read-only -n staging --service-account robot", "expected NAMESPACE/NAME")]
    [InlineData("csr --user u --group system:masters", "the API server refuses such requests")]
    [InlineData("csr --user u --hours 48", "--hours 48: expected 1 to 24")]
    public async Task Bad_usage_gets_one_line(string arguments, string expected)
    {
        var result = await CommandLine.RunAsync(["generate", .. arguments.Split(' ')]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(expected, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    // The debug role of the article: update instead of patch, no attach, and more reading than debugging takes.
    [Fact]
    public async Task A_role_is_told_what_is_more_and_what_is_missing()
    {
        const string Role = """
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: oncall-debug, namespace: production}, rules: [
              {apiGroups: [""], resources: [pods, events], verbs: [get, list, watch]}, {apiGroups: [""], resources: [pods/log], verbs: [get]},
              {apiGroups: [""], resources: [pods/exec, pods/portforward], verbs: [create]}, {apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [update]}]}
            """;
        var result = await CommandLine.RunAsync(Role, "check-role", "-", "--template", "oncall-debug", "--fail-on", "medium");
        var text = string.Join(' ', result.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("more than oncall-debug: get, list, watch on events; update on pods/ephemeralcontainers", text, StringComparison.Ordinal);
        Assert.Contains("less than oncall-debug: get on pods/exec, pods/portforward; get, create on pods/attach; patch on pods/ephemeralcontainers", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{apiGroups: [''], resources: [nodes, namespaces], verbs: [get, list, watch]}]", "ClusterRole", "cluster-read")]
    [InlineData("[{apiGroups: [''], resources: [nodes, nodes/proxy, nodes/metrics, pods, services], verbs: [get, list, watch]}]", "ClusterRole", "metrics-scraper")]
    [InlineData("[{apiGroups: [''], resources: [pods, pods/log], verbs: [get, list, watch]}, {apiGroups: [''], resources: [pods/exec], verbs: [create]}]", "Role", "oncall-debug")]
    [InlineData("[{apiGroups: [''], resources: [pods, pods/log, configmaps], verbs: [get, list]}]", "Role", "read-only")]
    [InlineData("[{apiGroups: [apps], resources: [deployments], verbs: [get, list, patch]}, {apiGroups: [''], resources: [secrets], verbs: [get]}]", "Role", "ci-deployer")]
    public async Task A_role_is_held_against_the_template_that_has_its_purpose(string rules, string kind, string template)
    {
        var result = await CommandLine.RunAsync($"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: r}}, rules: {rules}}}", "check-role", "-");
        Assert.Contains($"than {template}:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_generated_is_nearest_to_its_own_template(string name)
    {
        if (await RoleTemplates.RoleAsync(name, default) is not { } role)
            return;
        var all = new List<Role>();
        foreach (var other in RoleTemplates.Names)
            if (await RoleTemplates.RoleAsync(other, default) is { } template)
                all.Add(template);
        var fit = RoleFit.Nearest(role, all)!;
        Assert.Equal((name, 0, 0), (fit.Template.Name, fit.More.Length, fit.Missing.Length));
    }

    [Fact]
    public async Task A_role_that_stands_for_billions_of_permissions_is_answered_at_once()
    {
        var names = string.Join(",", Enumerable.Range(0, 2000).Select(i => $"r{i}"));
        var result = await CommandLine.RunAsync($"{{kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {{name: x}}, rules: [{{apiGroups: [{names}], resources: [{names}], verbs: [{names}], resourceNames: [{names}]}}]}}", "check-role", "-");
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Theory]
    [InlineData("check-role", "nowhere.yaml", "no such file")]
    [InlineData("check-role", "-", "holds no Role or ClusterRole")]
    public async Task What_is_no_role_gets_one_line(string command, string file, string expected)
    {
        var result = await CommandLine.RunAsync("{kind: ServiceAccount, apiVersion: v1, metadata: {name: x}}", command, file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }
}
