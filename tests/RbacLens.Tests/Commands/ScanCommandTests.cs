using System.Text;
using System.Text.Json;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class ScanCommandTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    [Theory]
    [InlineData(null, 0)]
    [InlineData("critical", 1)]
    [InlineData("info", 1)]
    public async Task Fail_on_turns_findings_into_exit_code_1(string? failOn, int expected)
    {
        string[] threshold = failOn is null ? [] : ["--fail-on", failOn];
        Assert.Equal(expected, (await CommandLine.RunAsync(["scan", "--from", Dump, .. threshold])).ExitCode);
    }

    [Fact]
    public async Task Strict_turns_gaps_into_exit_code_3()
    {
        var roleOnly = """{"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"a","uid":"1"},"rules":[]}""";
        Assert.Equal(3, (await CommandLine.RunAsync(roleOnly, "scan", "--from", "-", "--strict")).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(roleOnly, "scan", "--from", "-")).ExitCode);
    }

    [Theory]
    [InlineData("scan", "--no-such-option")]
    [InlineData("scan", "--fail-on", "terrible")]
    [InlineData("scan", "--from", "/does/not/exist")]
    [InlineData("scan", "--from", "-", "-o", "docx")]
    [InlineData("scan", "--from", "-", "-o", "json", "-o", "table")]
    [InlineData("scan", "--from", "-", "--kubernetes-version", "latest")]
    [InlineData("scan", "--from", "-", "--context", "prod")]
    [InlineData("scan", "--from", "-", "--policies", "/does/not/exist")]
    [InlineData("no-such-command")]
    public async Task Bad_usage_is_one_line_and_exit_code_2(params string[] args)
    {
        var result = await CommandLine.RunAsync(args, "{}"u8.ToArray());

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_scan_writes_many_reports_and_the_same_input_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        string[] formats = ["table", "wide", "json", "html", "pdf"];
        foreach (var run in new[] { "1", "2" })
        {
            var targets = formats.SelectMany(format => new[] { "-o", $"{format}={Path.Combine(folder.Path, format + run)}" });
            Assert.Equal(0, (await CommandLine.RunAsync(["scan", "--from", Dump, .. targets])).ExitCode);
        }

        foreach (var format in formats)
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, format + "1")), File.ReadAllBytes(Path.Combine(folder.Path, format + "2")));
        Assert.Equal(formats.Length * 2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task A_live_cluster_and_its_dump_give_the_same_findings()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RecordedApiServer.StartAsync();
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));

        var live = await CommandLine.RunAsync(["scan", "--kubeconfig", kubeconfig, "-o", "json"]);
        var dump = await CommandLine.RunAsync(["scan", "--from", Dump, "--kubernetes-version", "v1.26.5", "-o", "json"]);

        Assert.True(live.ExitCode == 0, live.Error);
        Assert.Equal(Findings(dump.Output), Findings(live.Output));
    }

    [Fact]
    public async Task What_collect_writes_scans_like_what_it_was_collected_from()
    {
        using var folder = new TemporaryFolder();
        await using var server = await RecordedApiServer.StartAsync();
        server.FailAlways("/secrets", Faults.Forbidden);
        var kubeconfig = server.WriteKubeconfig(Path.Combine(folder.Path, "config"));
        var file = Path.Combine(folder.Path, "cluster.json");

        var collected = await CommandLine.RunAsync(["collect", "--kubeconfig", kubeconfig, "-o", file]);
        var live = await CommandLine.RunAsync(["scan", "--kubeconfig", kubeconfig, "-o", "json"]);
        var later = await CommandLine.RunAsync(["scan", "--from", file, "-o", "json"]);

        Assert.True(collected.ExitCode == 0, collected.Error);
        Assert.Contains("not collected: ", collected.Error, StringComparison.Ordinal);
        Assert.Equal(Findings(live.Output), Findings(later.Output));
        Assert.Contains("\"forbidden\"", later.Output, StringComparison.Ordinal);
        Assert.Contains("v1.26.5", later.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_of_the_input_appears_anywhere()
    {
        using var folder = new TemporaryFolder();
        var secret = """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"t","namespace":"ci","uid":"1",
              "annotations":{"kubernetes.io/service-account.name":"pipeline","kubectl.kubernetes.io/last-applied-configuration":"{\"stringData\":{\"p\":\"not-a-real-secret\"}}"}},
             "type":"kubernetes.io/service-account-token","data":{"token":"bm90LWEtcmVhbC1zZWNyZXQ="},"stringData":{"p":"not-a-real-secret"}}
            """;
        var pod = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"ci","uid":"2"},
             "spec":{"containers":[{"name":"c","env":[{"name":"PASSWORD","value":"not-a-real-secret"}],"args":["not-a-real-secret"]}]}}
            """;
        var targets = new[] { "table", "wide", "json", "html", "pdf" }.SelectMany(format => new[] { "-o", $"{format}={Path.Combine(folder.Path, format)}" });
        var input = Encoding.UTF8.GetBytes(secret + pod);

        Assert.Equal(0, (await CommandLine.RunAsync(["scan", "--from", "-", .. targets], input)).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(["collect", "--from", "-", "-o", Path.Combine(folder.Path, "snapshot")], input)).ExitCode);

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("not-a-real-secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("bm90LWEtcmVhbC1zZWNyZXQ", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_the_named_namespaces_are_scanned_and_the_rest_is_said_to_be_unknown()
    {
        var result = await CommandLine.RunAsync(["scan", "--from", Dump, "-n", "staging", "-o", "json"]);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("\"production\"\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"partial\"", result.Output, StringComparison.Ordinal);
    }

    [ToolFact("kubectl")]
    public async Task Kubectl_finds_the_plugin()
    {
        var start = new System.Diagnostics.ProcessStartInfo("kubectl", ["rbac-lens", "scan", "--from", Dump, "-o", "json"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var kubectl = System.Diagnostics.Process.Start(start)!;
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();

        Assert.Equal(0, kubectl.ExitCode);
        Assert.NotEmpty(Findings(output));
    }

    [Fact]
    public async Task Names_cannot_move_the_cursor()
    {
        var binding = """{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"User","name":"\u001b[2Jroot\u202eresu\r\n[bold]"}]}""";
        var result = await CommandLine.RunAsync(binding, "scan", "--from", "-", "-o", "wide");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.DoesNotContain('\u202e', result.Output);
        Assert.DoesNotContain('\r', result.Output);
        Assert.Contains("\\u{001B}", result.Output, StringComparison.Ordinal);
    }

    static List<string> Findings(string json) =>
    [
        .. JsonDocument.Parse(json).RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetRawText()),
    ];
}
