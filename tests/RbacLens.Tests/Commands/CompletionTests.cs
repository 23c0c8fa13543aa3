using RbacLens.Cli.Inputs.Live;
using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

public sealed class CompletionTests
{
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    [Theory]
    [InlineData("", "who-can")]
    [InlineData("who", "who-can")]
    [InlineData("who-can|", "deletecollection")]
    [InlineData("who-can|imp", "impersonate")]
    [InlineData("who-can|get|dep", "deployments.apps/scale")]
    [InlineData("who-can|get|pods|--exp", "--expand")]
    [InlineData("scan|--fail-on|", "critical")]
    [InlineData("who-can|get|pods|-o|", "yaml")]
    [InlineData("who-can|get|pods|--from|DUMP|-n|", "production")]
    [InlineData("permissions|--from|DUMP|", "sa:ci/pipeline")]
    [InlineData("permissions|--from|DUMP|user:a", "user:alice")]
    [InlineData("can-i|get|pods|--from|DUMP|--as|system:serviceaccount:ci", "system:serviceaccount:ci:pipeline")]
    [InlineData("lookup|--from|DUMP|cluster-", "cluster-admin")]
    [InlineData("policies|show|nodes-", "nodes-proxy")]
    [InlineData("completion|install|f", "fish")]
    public async Task What_can_come_next_is_offered(string words, string expected)
    {
        var result = await CompleteAsync(words);

        Assert.Contains(expected, result.Output.Split('\n').Select(line => line.Split('\t')[0]));
        Assert.EndsWith(":4\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("scan|--from|", ":0\n")] // the shell knows files best
    [InlineData("who-can|get|pods|name|", ":4\n")]
    [InlineData("no-such-command|", null)]
    [InlineData("permissions|--from|/does/not/exist|", null)]
    [InlineData("permissions|--kubeconfig|/does/not/exist|", null)]
    public async Task Where_nothing_is_known_nothing_is_offered_and_nothing_is_said(string words, string? expected)
    {
        var result = await CompleteAsync(words);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        if (expected is not null)
            Assert.Equal(expected, result.Output);
    }

    [Fact]
    public async Task Nothing_is_offered_that_a_shell_could_take_for_more_than_a_word()
    {
        var binding = """{"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"$(reboot)"},{"kind":"User","name":"plain"}]}""";
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "b.json");
        File.WriteAllText(file, binding);
        var result = await CompleteAsync($"permissions|--from|{file}|");

        Assert.Contains("user:plain", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("reboot", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_writes_the_files_where_each_shell_looks()
    {
        using var folder = new TemporaryFolder();
        var around = new Surroundings(new Dictionary<string, string> { ["SHELL"] = "/usr/bin/fish" }, folder.Path, TimeProvider.System);
        Assert.Equal(0, (await CommandLine.RunAsync(["completion", "install", "bash", "zsh", "fish", "powershell"], surroundings: around)).ExitCode);
        var result = await CommandLine.RunAsync(["completion", "install", "--dir", Path.Combine(folder.Path, "bin")], surroundings: around);

        Assert.True(result.ExitCode == 0, result.Error);
        foreach (var file in new[] { ".local/share/bash-completion/completions/rbac-lens", ".local/share/zsh/site-functions/_rbac-lens", ".config/fish/completions/rbac-lens.fish", "bin/rbac-lens.fish" })
            Assert.True(File.Exists(Path.Combine(folder.Path, file)), file);
        Assert.Contains(Directory.GetFiles(Path.Combine(folder.Path, "bin")), file => Path.GetFileName(file).StartsWith("kubectl_complete-rbac_lens", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_home_nothing_is_written_where_one_stands()
    {
        var result = await CommandLine.RunAsync(["completion", "install", "bash"], surroundings: new(new Dictionary<string, string>(), "", TimeProvider.System));

        Assert.Equal((2, "rbac-lens: HOME is not set, so there is no telling where the shell looks; say where to write: completion install --dir DIR\n"), (result.ExitCode, result.Error));
    }

    [ToolFact("bash")]
    public async Task Bash_completes()
    {
        using var folder = new TemporaryFolder();
        var script = Path.Combine(folder.Path, "c.bash");
        await CommandLine.RunAsync(["completion", "install", "bash", "--dir", folder.Path]);
        File.WriteAllText(script, $"""
            source '{Path.Combine(folder.Path, "rbac-lens")}'
            COMP_WORDS=(kubectl-rbac_lens who-can get pods --from '{Dump}' -n prod)
            COMP_CWORD=7
            _rbac_lens
            printf '%s\n' "{"${COMPREPLY[@]}"}"
            """);
        var start = new System.Diagnostics.ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var bash = System.Diagnostics.Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Equal("production\n", output);
    }

    [ToolFact("kubectl")]
    public async Task Kubectl_completes_its_plugin()
    {
        using var folder = new TemporaryFolder();
        await CommandLine.RunAsync(["completion", "install", "kubectl", "--dir", folder.Path]);
        var start = new System.Diagnostics.ProcessStartInfo("kubectl", ["__complete", "rbac-lens", "who-can", "get", "nodes/pr"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{folder.Path}{Path.PathSeparator}{AppContext.BaseDirectory}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["KUBECONFIG"] = "/nowhere";
        using var kubectl = System.Diagnostics.Process.Start(start)!;
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();

        Assert.Equal("nodes/proxy\n:4\n", output);
    }

    static Task<CommandLine.Result> CompleteAsync(string words) =>
        CommandLine.RunAsync(["__complete", .. words.Split('|').Select(word => word == "DUMP" ? Dump : word)]);
}
