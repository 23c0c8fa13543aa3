using RbacLens.Access;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Inputs.Probes;

namespace RbacLens.Tests.Inputs;

public sealed class EndpointProbeTests
{
    static readonly ApiLimits Limits = ApiLimits.Default with { ConnectTimeout = TimeSpan.FromSeconds(5), RequestTimeout = TimeSpan.FromSeconds(10) };

    static async Task<(Probed Probed, string Log)> ProbeAsync(RecordedApiServer server)
    {
        using var folder = new TemporaryFolder();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
        var connection = Connection.Find(ClusterOptions.Default with { Kubeconfig = kubeconfig }, new(new Dictionary<string, string>(), folder.Path, TimeProvider.System));
        using var log = new StringWriter { NewLine = "\n" };
        return (await new EndpointProbe(connection, Limits, log).RunAsync(default), log.ToString());
    }

    static string Nodes(int port) => """
        {"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[
          {"metadata":{"name":"n1"},"status":{"addresses":[{"type":"Hostname","address":"n1"},{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":PORT}}}},
          {"metadata":{"name":"silent"},"status":{}}]}
        """.Replace("PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    static Fault Json(string body) => Faults.Text("application/json", body);

    [Fact]
    public void Every_policy_about_endpoints_is_proved_by_its_examples()
    {
        Assert.Equal(7, EndpointPolicies.BuiltIn.Count);
        Assert.All(EndpointPolicies.BuiltIn, policy => Assert.Equal([true, false], policy.Proofs.Select(proof => proof.Expected is not null).Distinct()));
        Assert.Empty(EndpointPolicies.BuiltIn.SelectMany(policy => policy.Proofs).Where(proof => !proof.Holds).Select(proof => proof.ToString()));
    }

    [Fact]
    public async Task Each_probe_is_named_before_it_runs()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/api/v1/nodes", Json(Nodes(server.Url.Port)));
        using var folder = new TemporaryFolder();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
        var connection = Connection.Find(ClusterOptions.Default with { Kubeconfig = kubeconfig }, new(new Dictionary<string, string>(), folder.Path, TimeProvider.System));
        using var log = new AskedSoFar(server);
        await new EndpointProbe(connection, Limits, log).RunAsync(default);

        Assert.All(server.Requests.Select(asked => asked.Path).Distinct(), path => Assert.Contains(log.Lines, line => line.Text.Contains(path, StringComparison.Ordinal) && !line.Asked.Contains(path)));
    }

    /// <summary>A log that notes with each line what had been asked by then.</summary>
    sealed class AskedSoFar(RecordedApiServer server) : StringWriter
    {
        public List<(string Text, List<string> Asked)> Lines { get; } = [];

        public override Task WriteLineAsync(string? value)
        {
            Lines.Add((value ?? "", [.. server.Requests.Select(asked => asked.Path)]));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_server_that_asks_who_one_is_gives_no_finding_and_what_is_refused_is_a_gap()
    {
        await using var server = await RecordedApiServer.StartAsync();
        var (probed, log) = await ProbeAsync(server);

        Assert.Empty(probed.Findings);
        Assert.Contains(probed.Gaps, gap => gap.Detail.StartsWith("authorizers: ", StringComparison.Ordinal) && gap.Detail.EndsWith("answers 404", StringComparison.Ordinal));
        Assert.All(new[] { "/version", "/healthz", "/livez", "/readyz", "/api" }, path => Assert.Contains($"{path} without credentials\n", log, StringComparison.Ordinal));
        Assert.All(server.Requests.Where(asked => asked.Path is "/version" or "/api"), asked => Assert.False(asked.Headers.ContainsKey("Authorization")));
        Assert.DoesNotContain(server.Requests, asked => asked.Path.Contains("proxy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Anonymous_answers_other_authorizers_and_open_kubelets_are_found()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/version", Json("{}"));
        server.FailAlways("/api", Json("{}"));
        server.FailAlways("/selfsubjectrulesreviews", Json("""{"status":{"incomplete":true,"evaluationError":"webhook authorizer does not support user rule resolution"}}"""));
        server.FailAlways("/api/v1/nodes", Json(Nodes(server.Url.Port)));
        server.FailAlways("/configz", Json("""{"kubeletconfig":{"authentication":{"anonymous":{"enabled":true}},"authorization":{"mode":"AlwaysAllow"},"readOnlyPort":10255}}"""));
        var (probed, log) = await ProbeAsync(server);

        Assert.Equal(
            ["probe-anonymous-api", "probe-anonymous-health", "probe-kubelet-always-allow", "probe-kubelet-anonymous", "probe-kubelet-read-only-port", "probe-other-authorizers"],
            probed.Findings.Select(finding => finding.Policy.Id).Order(StringComparer.Ordinal));
        Assert.Equal("node silent: tells no InternalIP, so its kubelet was not asked", Assert.Single(probed.Gaps).Detail);
        Assert.Contains("/configz of node n1: needs get on nodes/configz", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kubeletconfig":{"authentication":{"anonymous":{"enabled":false}},"authorization":{"mode":"Webhook"}}}""", 0, 0)]
    [InlineData("""{"kubeletconfig":{"authentication":{"anonymous":{"enabled":false}},"authorization":{"mode":"Webhook"},"readOnlyPort":0}}""", 0, 0)]
    [InlineData("""{"kubeletconfig":{"authentication":{"anonymous":{"enabled":true}},"authorization":{"mode":"Webhook"}}}""", 1, 0)]
    [InlineData("""{"other":1}""", 0, 1)]
    [InlineData("""[]]""", 0, 1)]
    public async Task A_kubelets_configuration_is_read_as_it_is(string configz, int found, int missed)
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/selfsubjectrulesreviews", Json("""{"status":{"incomplete":false}}"""));
        server.FailAlways("/api/v1/nodes", Json(Nodes(server.Url.Port)));
        server.FailAlways("/configz", Json(configz));
        var (probed, _) = await ProbeAsync(server);

        Assert.Equal((found, missed + 1), (probed.Findings.Length, probed.Gaps.Length));
    }

    [Fact]
    public async Task A_kubelet_that_cannot_be_believed_is_never_shown_the_credential()
    {
        await using var server = await RecordedApiServer.StartAsync();
        await using var imposter = await RecordedApiServer.StartAsync();
        server.FailAlways("/selfsubjectrulesreviews", Json("{}"));
        server.FailAlways("/api/v1/nodes", Json(Nodes(imposter.Url.Port)));
        var (probed, _) = await ProbeAsync(server);

        Assert.Empty(imposter.Requests);
        Assert.Contains(probed.Gaps, gap => gap.Detail.Contains("is signed by an unknown authority", StringComparison.Ordinal) && gap.Reason == Gap.Reasons.Unavailable);
    }

    [Fact]
    public async Task Probing_is_asked_for_and_needs_a_live_cluster()
    {
        await using var server = await RecordedApiServer.StartAsync();
        using var folder = new TemporaryFolder();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));

        var quiet = await CommandLine.RunAsync(["scan", "--kubeconfig", kubeconfig, "-o", "json"]);
        Assert.DoesNotContain(server.Requests, asked => asked.Path is "/healthz" or "/configz");
        var probed = await CommandLine.RunAsync(["scan", "--kubeconfig", kubeconfig, "-o", "json", "--probe"]);
        var file = await CommandLine.RunAsync(["scan", "--from", Vectors.PathOf("pairs/rook/before.yaml"), "--probe"]);

        Assert.DoesNotContain("probe", quiet.Error, StringComparison.Ordinal);
        Assert.Contains("probe: GET ", probed.Error, StringComparison.Ordinal);
        Assert.Contains("\"Endpoint\"", probed.Output, StringComparison.Ordinal);
        Assert.Equal((2, "rbac-lens: --probe asks a live cluster, so it has no meaning beside --from\n"), (file.ExitCode, file.Error));
    }
}
