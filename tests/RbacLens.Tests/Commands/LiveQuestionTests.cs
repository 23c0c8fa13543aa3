using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

/// <summary>What only an API server can tell: who I am, what it serves, what it decides itself.</summary>
public sealed class LiveQuestionTests : IAsyncLifetime, IDisposable
{
    readonly TemporaryFolder folder = new();
    RecordedApiServer server = null!;
    string kubeconfig = "";

    public async Task InitializeAsync()
    {
        server = await RecordedApiServer.StartAsync();
        kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true, "the API server says the same", true)]
    [InlineData(false, "BUT the API server says no (webhook)", false)]
    public async Task Check_live_says_whether_the_API_server_decides_the_same(bool allowed, string expected, bool agrees)
    {
        server.FailAlways("/subjectaccessreviews", Json($$$"""{"kind":"SubjectAccessReview","status":{"allowed":{{{(allowed ? "true" : "false")}}},"reason":"webhook"}}"""));
        var table = await AskAsync("can-i", "get", "nodes/proxy", "--as", "alice", "--check-live");
        var json = await AskAsync("can-i", "get", "nodes/proxy", "--as", "alice", "--check-live", "-o", "json");

        Assert.Equal(0, table.ExitCode);
        Assert.Contains(expected, table.Output, StringComparison.Ordinal);
        Assert.Equal(agrees, JsonElement.Parse(json.Output).GetProperty("live").GetProperty("agrees").GetBoolean());
        Assert.All(server.Requests.Where(request => request.Path.EndsWith("reviews", StringComparison.Ordinal)), request => Assert.Equal("POST", request.Method));
    }

    [Fact]
    public async Task Check_live_without_the_right_to_ask_is_one_line()
    {
        server.FailAlways("/subjectaccessreviews", Faults.Forbidden);
        var result = await AskAsync("can-i", "get", "pods", "--as", "alice", "--check-live");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--check-live: subjectaccessreviews is forbidden", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Me_is_whom_the_API_server_takes_me_for()
    {
        // Not served before 1.28 under this version.
        server.FailAlways("/v1/selfsubjectreviews", Faults.NotFound);
        server.FailAlways("/v1beta1/selfsubjectreviews", Json("""{"kind":"SelfSubjectReview","status":{"userInfo":{"username":"carol","groups":["sre","system:authenticated"]}}}"""));
        var permissions = await AskAsync("permissions", "me", "-o", "json");
        var decision = await AskAsync("can-i", "get", "nodes/proxy", "-o", "json");

        Assert.True(permissions.ExitCode == 0, permissions.Error);
        Assert.Equal("carol", JsonElement.Parse(permissions.Output).GetProperty("user").GetString());
        Assert.True(JsonElement.Parse(decision.Output).GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task A_server_that_does_not_say_who_I_am_is_told_about()
    {
        server.FailAlways("/selfsubjectreviews", Faults.NotFound);
        var result = await AskAsync("permissions", "me");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("the API server does not say who you are", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_are_those_that_aggregated_discovery_names()
    {
        server.FailAlways("/api", Json("""{"kind":"APIGroupDiscoveryList","items":[]}"""));
        server.FailAlways("/apis", Json("""
            {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"example.com"},"versions":[{"version":"v1","resources":[
              {"resource":"frobs","scope":"Cluster","singularResource":"frob","shortNames":["fb"],"subresources":[{"subresource":"status"}]}]}]}]}
            """));
        await ResolvesAsync();
    }

    [Fact]
    public async Task Resources_are_those_that_the_lists_of_older_servers_name()
    {
        server.FailAlways("/api", Json("""{"kind":"APIVersions","versions":["v1"]}"""));
        server.FailAlways("/apis", Json("""{"kind":"APIGroupList","groups":[{"name":"example.com","preferredVersion":{"groupVersion":"example.com/v1"}},{"name":"broken.example","preferredVersion":{"groupVersion":"broken.example/v1"}}]}"""));
        server.FailAlways("/apis/example.com/v1", Json("""
            {"kind":"APIResourceList","groupVersion":"example.com/v1","resources":[
              {"name":"frobs","singularName":"","kind":"Frob","namespaced":false,"shortNames":["fb"]},{"name":"frobs/status","kind":"Frob","namespaced":false}]}
            """));
        await ResolvesAsync();
    }

    [Fact]
    public async Task The_namespace_is_the_one_of_the_context()
    {
        File.WriteAllText(kubeconfig, File.ReadAllText(kubeconfig).Replace("user: tester }", "user: tester, namespace: kube-system }", StringComparison.Ordinal));
        var result = await AskAsync("who-can", "list", "secrets", "-o", "json");

        Assert.Equal("kube-system", JsonElement.Parse(result.Output).GetProperty("request").GetProperty("namespace").GetString());
    }

    [Fact]
    public async Task A_cluster_is_compared_with_its_dump()
    {
        var dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");
        var result = await CommandLine.RunAsync(["diff", dump, "recorded", "--kubeconfig", kubeconfig, "--kubernetes-version", "v1.26.5", "--fail-on", "changed"]);

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        Assert.Contains("No difference", result.Output, StringComparison.Ordinal);
    }

    async Task ResolvesAsync()
    {
        foreach (var word in new[] { "frobs", "Frob", "fb", "frobs.example.com" })
        {
            var result = await AskAsync("who-can", "get", word + "/status", "-n", "production", "-o", "json");
            Assert.True(result.ExitCode == 0, result.Error);
            var request = JsonElement.Parse(result.Output).GetProperty("request");
            Assert.Equal("example.com frobs status ", string.Join(' ', new[] { "group", "resource", "subresource", "namespace" }.Select(name => RbacJson.Text(request, name))));
        }

        var wrong = await AskAsync("who-can", "get", "forbs");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("did you mean frobs", wrong.Error, StringComparison.Ordinal);
    }

    static Fault Json(string body) => Faults.Text("application/json", body);

    Task<CommandLine.Result> AskAsync(params string[] args) => CommandLine.RunAsync([.. args, "--kubeconfig", kubeconfig]);
}
