using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Inputs.Live;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Inputs;

public sealed class ClusterSourceTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ImpatientClock clock = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TestUser.Token)]
    [InlineData(TestUser.RsaCertificate)]
    [InlineData(TestUser.EcCertificate)]
    public async Task A_live_cluster_becomes_a_snapshot(TestUser user)
    {
        await using var server = await RecordedApiServer.StartAsync();

        var snapshot = await CollectAsync(server, user);

        Assert.Equal(new ClusterInfo("recorded", "v1.26.5", "live") { Uid = snapshot.Cluster.Uid }, snapshot.Cluster);
        Assert.True(Guid.TryParse(snapshot.Cluster.Uid, out _));
        Assert.Empty(snapshot.Gaps);
        Assert.Equal(
            "ClusterRole 80, ClusterRoleBinding 64, CronJob 1, DaemonSet 1, Deployment 3, MutatingWebhookConfiguration 1, Namespace 8, Node 1, "
            + "Pod 9, ReplicaSet 3, Role 16, RoleBinding 21, Secret 1, ServiceAccount 53, StatefulSet 1",
            string.Join(", ", snapshot.Counts.Select(count => $"{count.Key} {count.Value}")));
        Assert.Equal(new TokenSecret("ci", "pipeline-token", "pipeline"), Assert.Single(snapshot.TokenSecrets));
    }

    [Fact]
    public async Task Nothing_but_GET_of_the_listed_paths_is_asked_and_secrets_only_as_metadata()
    {
        await using var server = await RecordedApiServer.StartAsync();

        await CollectAsync(server);

        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
        Assert.All(server.Requests, request => Assert.Equal("HTTP/2", request.Protocol));
        var expected = ClusterResource.All.Select(resource => $"{resource.Path(null)}?{resource.Selector}limit=500").Append("/version").Append("/apis");
        Assert.Equal(expected.Order(StringComparer.Ordinal), server.Requests.Select(request => request.Path).Order(StringComparer.Ordinal));
        var secrets = server.Requests.Single(request => request.Path.StartsWith("/api/v1/secrets", StringComparison.Ordinal));
        Assert.Equal("/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Fservice-account-token&limit=500", secrets.Path);
        Assert.Equal(["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"], secrets.Headers["Accept"]);
    }

    [Fact]
    public async Task The_API_groups_that_are_served_are_known_and_survive_being_written()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/apis", (context, _) => context.Response.WriteAsJsonAsync(new { kind = "APIGroupList", groups = new[] { new { name = "argoproj.io" }, new { name = "apps" }, new { name = "" } } }));

        var snapshot = await CollectAsync(server);
        using var written = new MemoryStream();
        SnapshotWriter.Write(snapshot, written);
        var again = await new FileSource("default", recursive: false).ReadAsync(["-"], () => new MemoryStream(written.ToArray()), default, default);

        Assert.Equal(["apps", "argoproj.io"], snapshot.ApiGroups!);
        Assert.Equal(snapshot.ApiGroups!, again.ApiGroups!);
        Assert.Equal((true, true, false), (snapshot.Serves("argoproj.io"), snapshot.Serves("batch"), snapshot.Serves("tekton.dev")));
    }

    [Fact]
    public async Task A_server_that_does_not_say_what_it_serves_may_serve_anything()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/apis", Faults.Forbidden);

        var snapshot = await CollectAsync(server);

        Assert.Empty(snapshot.Gaps);
        Assert.True(snapshot.Serves("tekton.dev"));
    }

    [Fact]
    public async Task A_server_that_cannot_leave_out_secret_data_is_not_asked_for_it()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/secrets", Faults.Status(406, "NotAcceptable", "only the following media types are accepted: application/json"));

        var snapshot = await CollectAsync(server);

        var gap = Assert.Single(snapshot.Gaps);
        Assert.Equal(("Secret", "unavailable"), (gap.Kind, gap.Reason));
        Assert.Single(server.Requests, request => request.Path.Contains("/secrets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_are_put_together()
    {
        await using var server = await RecordedApiServer.StartAsync();

        var snapshot = await CollectAsync(server, limits: new() { PageSize = 20 });

        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
        Assert.Equal(4, server.Requests.Count(request => request.Path.Contains("/clusterroles?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_list_whose_pages_expire_starts_again_and_leaves_nothing_of_the_first_try()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/clusterroles", Page("from-before", "next"), Faults.Expired);

        var snapshot = await CollectAsync(server, limits: new() { PageSize = 20 });

        Assert.Empty(snapshot.Gaps);
        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
        Assert.DoesNotContain(snapshot.Roles, role => role.Name == "from-before");
    }

    [Fact]
    public async Task A_list_that_expires_again_and_again_becomes_a_gap()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/clusterroles", Faults.Expired);

        var snapshot = await CollectAsync(server);

        Assert.Equal(("ClusterRole", Gap.Reasons.Unavailable), (snapshot.Gaps.Single().Kind, snapshot.Gaps.Single().Reason));
        Assert.Equal(4, server.Requests.Count(request => request.Path.Contains("/clusterroles?", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_that_repeats_a_page_for_ever_becomes_a_gap()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/nodes", Page("worker", "same"));

        var snapshot = await CollectAsync(server);

        Assert.Equal("/api/v1/nodes: the server sends the same page again and again", snapshot.Gaps.Single().Detail);
        Assert.Empty(snapshot.Nodes);
    }

    [Fact]
    public async Task A_refused_list_becomes_a_gap_and_the_rest_goes_on()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/secrets", Faults.Forbidden);
        server.FailAlways("/cronjobs", Faults.NotFound);

        var snapshot = await CollectAsync(server);

        Assert.Equal(
            [
                new Gap("CronJob", Gap.Reasons.NotFound, "/apis/batch/v1/cronjobs: status 404"),
                new Gap("Secret", Gap.Reasons.Forbidden, "/api/v1/secrets: secrets is forbidden: User \"auditor\" cannot list it (403)"),
            ],
            snapshot.Gaps.AsEnumerable());
        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
    }

    public static TheoryData<string> NoLists() => ["]]] not json", "", "{}", """{"login":"please"}""", """{"kind":"Status","status":"Success"}"""];

    [Theory]
    [MemberData(nameof(NoLists))]
    public async Task An_answer_that_is_no_list_is_a_gap_and_never_an_empty_list(string body)
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/nodes", Faults.Text("application/json", body));

        var gap = Assert.Single((await CollectAsync(server)).Gaps);

        Assert.Equal(("Node", Gap.Reasons.Unavailable), (gap.Kind, gap.Reason));
        Assert.StartsWith("/api/v1/nodes: ", gap.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_ends_too_early_is_asked_for_again()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.Fail("/rolebindings", Faults.Truncated);
        server.Fail("/clusterroles", Faults.CutOff);

        var snapshot = await CollectAsync(server);

        Assert.Empty(snapshot.Gaps);
        Assert.Equal((21, 80), (snapshot.Counts["RoleBinding"], snapshot.Counts["ClusterRole"]));
    }

    [Fact]
    public async Task A_server_without_HTTP_2_is_read_as_well()
    {
        await using var server = await RecordedApiServer.StartAsync(new() { Protocols = HttpProtocols.Http1 });

        Assert.Equal(80, (await CollectAsync(server)).Counts["ClusterRole"]);
    }

    [Fact]
    public async Task A_version_that_is_not_told_is_a_gap()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/version", Faults.Forbidden);

        var snapshot = await CollectAsync(server);

        Assert.Null(snapshot.Cluster.Version);
        Assert.Equal("Version", snapshot.Gaps.Single().Kind);
    }

    [Fact]
    public async Task Nothing_readable_at_all_is_an_error()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("", Faults.Forbidden);

        var e = await Assert.ThrowsAsync<InputException>(() => CollectAsync(server));

        Assert.Equal(
            $"{Address(server)}: nothing could be read: /apis/rbac.authorization.k8s.io/v1/clusterroles: "
            + "clusterroles is forbidden: User \"auditor\" cannot list it (403)", e.Message);
    }

    [Fact]
    public async Task Chosen_namespaces_are_listed_one_by_one()
    {
        await using var server = await RecordedApiServer.StartAsync();

        var snapshot = await CollectAsync(server, namespaces: ["ci", "staging", "ci"]);

        Assert.Equal(["ci", "staging"], snapshot.Accounts.Select(account => account.Namespace).Distinct());
        Assert.Equal(80, snapshot.Counts["ClusterRole"]);
        Assert.DoesNotContain(server.Requests, request => request.Path.StartsWith("/api/v1/pods", StringComparison.Ordinal));
        Assert.Contains(server.Requests, request => request.Path == "/api/v1/namespaces/ci/pods?limit=500");
    }

    [Fact]
    public async Task A_misspelt_namespace_is_an_error_and_not_a_clean_report()
    {
        await using var server = await RecordedApiServer.StartAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => CollectAsync(server, namespaces: ["stagin"]));

        Assert.Equal($"{Address(server)}: there is no namespace \"stagin\"", e.Message);
    }

    [Fact]
    public async Task Cancelling_stops_at_once()
    {
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("", Faults.Slow(TimeSpan.FromMinutes(5)));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CollectAsync(server, cancellation: cancellation.Token));
    }

    static Fault Page(string name, string next) => Faults.Text(
        "application/json",
        $$$"""{"metadata":{"resourceVersion":"1","continue":"{{{next}}}"},"items":[{"metadata":{"name":"{{{name}}}"}}]}""");

    static string Address(RecordedApiServer server) => server.Url.AbsoluteUri.TrimEnd('/');

    Task<Snapshot> CollectAsync(
        RecordedApiServer server, TestUser user = TestUser.Token, ApiLimits? limits = null, IReadOnlyList<string>? namespaces = null,
        CancellationToken cancellation = default)
    {
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"), user);
        var options = ClusterOptions.Default with { Kubeconfig = kubeconfig, Namespaces = namespaces ?? [] };
        var surroundings = new Surroundings(new Dictionary<string, string>(StringComparer.Ordinal), folder.Path, clock);
        return ClusterSource.CollectAsync(options, surroundings, limits ?? ApiLimits.Default, cancellation);
    }
}
