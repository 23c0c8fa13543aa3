using System.Text.Json;
using static RbacLens.Tests.Paths.Drafts;

namespace RbacLens.Tests.Commands;

/// <summary>The command line of <c>paths</c>, over the recorded cluster.</summary>
public sealed class PathsCommandTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    [Theory]
    [InlineData("", "how far does each identity get? 12 paths.")]
    [InlineData("--to cluster-admin", "how does each identity get to cluster-admin? 9 paths.")]
    [InlineData("--to all-secrets", "ServiceAccount ci/csr-signer -> all-secrets")]
    [InlineData("--to node", "ServiceAccount monitoring/prometheus-server -> every node|-> node (1 step)")]
    [InlineData("--to sa:ci/pipeline", "ServiceAccount staging/job-runner -> ServiceAccount ci/pipeline (1 step)")]
    [InlineData("-n ci --to sa:ci/pipeline", "ServiceAccount staging/job-runner -> ServiceAccount ci/pipeline (1 step)")]
    [InlineData("--to group:platform-team", "ServiceAccount ci/csr-signer -> Group platform-team (1 step)")]
    [InlineData("--to user:kubernetes-admin", "ServiceAccount ci/impersonator -> User kubernetes-admin (1 step)")]
    [InlineData("--start sa:ci/role-manager --to cluster-admin", "ServiceAccount ci/role-manager -> cluster-admin (1 step)")]
    [InlineData("--start group:jit:oncall:staging --to cluster-admin", "Group jit:oncall:staging -> cluster-admin (4 steps)")]
    [InlineData("--start system:serviceaccount:staging:default --to cluster-admin", "ServiceAccount staging/default -> cluster-admin")]
    [InlineData("--start workloads --to cluster-admin", "CronJob ci/nightly -> cluster-admin (3 steps)")]
    [InlineData("--start workloads", "how far does an intruder in each workload get?")]
    [InlineData("--start anonymous", "how far does anonymous get? no path.")]
    [InlineData("--start authenticated --to cluster-admin", "how does authenticated get to cluster-admin? no path.")]
    public async Task Each_start_and_goal_is_answered(string options, string expected)
    {
        var answer = await CommandLine.RunAsync(["paths", "--from", Dump, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)], width: 400);
        Assert.True(answer.ExitCode == 0, answer.Error);
        Assert.True(expected.Split('|').Any(text => answer.Output.Contains(text, StringComparison.Ordinal)), answer.Output);
    }

    [Theory]
    [InlineData("--to nirvana", "nirvana: expected sa:NAMESPACE/NAME, user:NAME or group:NAME")]
    [InlineData("--start sa:ci", "sa:ci: a service account is written sa:NAMESPACE/NAME")]
    [InlineData("--start job-runner", "did you mean sa:staging/job-runner?")]
    [InlineData("-o png", "-o png: not a format of paths, expected one of text, json, svg, dot, mermaid")]
    [InlineData("--audit-log /nowhere/audit.log", "/nowhere/audit.log")]
    [InlineData("--since banana", "--since is about an audit log, and none is read: expected --audit-log PATH or --loki URL beside it")]
    [InlineData("--until 2026-11-21", "--until is about an audit log, and none is read")]
    [InlineData("--pod-network 10.0.0.0/8", "--pod-network is about an audit log, and none is read")]
    [InlineData("--query {} --audit-log audit.log", "--query is about a log in Loki, and none is asked: expected --loki URL beside it")]
    [InlineData("--loki-limit 10", "--loki-limit is about a log in Loki, and none is asked")]
    public async Task A_mistake_is_said_in_a_line(string options, string expected)
    {
        var answer = await CommandLine.RunAsync(["paths", "--from", Dump, .. options.Split(' ')]);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
        Assert.Equal("", answer.Output);
    }

    [Fact]
    public async Task Somebody_nobody_knows_is_not_told_that_all_is_well()
    {
        var answer = await CommandLine.RunAsync(["paths", "--from", Dump, "--start", "sa:ci/rolemanager", "--to", "cluster-admin"], width: 400);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("no binding names ServiceAccount ci/rolemanager; did you mean sa:ci/role-manager?", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_path_says_what_was_looked_at()
    {
        var none = await CommandLine.RunAsync(May("user:eve", "ci", "get pods"), "paths", "--from", "-", "--to", "cluster-admin");
        Assert.Contains("no path.", none.Output, StringComparison.Ordinal);
        Assert.Contains("Looked for from 1 start, by what", none.Output, StringComparison.Ordinal);
        Assert.Contains("no proof", none.Output, StringComparison.Ordinal);

        var nobody = await CommandLine.RunAsync(Enforcing("ci", "baseline"), "paths", "--from", "-");
        Assert.Contains("There is nowhere to start from", nobody.Output, StringComparison.Ordinal);
        var json = await CommandLine.RunAsync(Enforcing("ci", "baseline"), "paths", "--from", "-", "-o", "json");
        Assert.Equal(0, JsonDocument.Parse(json.Output).RootElement.GetProperty("starts").GetInt32());
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("--strict", 3)]
    public async Task What_could_not_be_read_counts_when_it_is_asked_for(string option, int exitCode)
    {
        using var folder = new RbacLens.Tests.Inputs.TemporaryFolder();
        var file = folder.Write("dump.json", """{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "x", "uid": "1"}, "rules": []}]}""");
        var answer = await CommandLine.RunAsync(["paths", "--from", file, .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)], width: 400);
        Assert.True(answer.ExitCode == exitCode, $"{answer.ExitCode} {answer.Error}");
        Assert.Contains("there may be further paths", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_to_remove_is_told_with_its_use()
    {
        var log = Vectors.PathOf("audit/seed-scenario.audit.jsonl.gz");
        var text = (await CommandLine.RunAsync(["paths", "--from", Dump, "--audit-log", log, "--to", "cluster-admin"], width: 400)).Output;
        Assert.Contains("RoleBinding ci/job-runner: cuts 1 and lowers 2 of 9 (ServiceAccount staging/job-runner; Group jit:oncall:staging, still to node; ", text, StringComparison.Ordinal);
        Assert.Matches("ServiceAccount staging/job-runner would lose Role job-runner \\(1 rule\\); used \\d+ times, last 20", text);

        var json = JsonDocument.Parse((await CommandLine.RunAsync(["paths", "--from", Dump, "--audit-log", log, "--to", "cluster-admin", "-o", "json"])).Output).RootElement;
        // What the log could not show has no count.
        Assert.Equal(7, json.GetProperty("chokePoints").EnumerateArray().Count(point => point.GetProperty("usage").ValueKind == JsonValueKind.Object));
        Assert.Equal(0, (await CommandLine.RunAsync(["paths", "--from", Dump, "--audit-log", log, "--since", "2020-01-01T00:00:00Z"])).ExitCode);
    }

    [Fact]
    public async Task Each_step_of_the_JSON_names_its_request_and_grant()
    {
        var json = JsonDocument.Parse((await CommandLine.RunAsync(["paths", "--from", Dump, "--to", "cluster-admin", "-o", "json"])).Output).RootElement;
        Assert.Equal("Paths", json.GetProperty("kind").GetString());
        var runner = json.GetProperty("paths").EnumerateArray().Single(path => path.GetProperty("from").GetProperty("name").GetString() == "job-runner");
        var step = runner.GetProperty("steps")[0];
        Assert.Equal("workload-create", step.GetProperty("policy").GetString());
        Assert.Equal("create", step.GetProperty("request").GetProperty("verb").GetString());
        Assert.Equal("ci", step.GetProperty("request").GetProperty("namespace").GetString());
        Assert.Equal("job-runner", step.GetProperty("grant").GetProperty("binding").GetProperty("name").GetString());
        Assert.Equal("pipeline", step.GetProperty("becomes").GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes()
    {
        foreach (var format in new[] { "text", "json", "svg", "dot", "mermaid" })
        {
            var once = await CommandLine.RunAsync(["paths", "--from", Dump, "-o", format]);
            var again = await CommandLine.RunAsync(["paths", "--from", Dump, "-o", format]);
            Assert.Equal(once.Output, again.Output);
        }
    }
}
