using RbacLens.Tests.Inputs;

namespace RbacLens.Tests.Commands;

/// <summary><c>audit</c> on the recorded log, as people run it again and again.</summary>
public sealed class AuditCommandTests
{
    static readonly string Log = Vectors.PathOf("audit/seed-scenario.audit.jsonl.gz");
    static readonly string Dump = Vectors.PathOf("seed-scenario/seed-scenario.dump.json.gz");

    [Fact]
    public async Task What_is_new_since_an_earlier_look_is_told_and_counts()
    {
        using var folder = new TemporaryFolder();
        var (earlier, now) = (Path.Combine(folder.Path, "earlier.json"), Path.Combine(folder.Path, "now.json"));
        await CommandLine.RunAsync(["audit", "--log", Log, "--until", "2026-11-21T01:41:43Z", "-o", "json=" + earlier]);

        var compared = await CommandLine.RunAsync(["audit", "--log", Log, "--compare", earlier, "--fail-on", "new:high", "-o", "text", "-o", "json=" + now]);
        var again = await CommandLine.RunAsync(["audit", "--log", Log, "--compare", now, "--fail-on", "high", "--new-only", "-o", "text"]);
        var missing = await CommandLine.RunAsync(["audit", "--log", Log, "--compare", Path.Combine(folder.Path, "nowhere.json")]);

        Assert.Equal((1, 0, 2), (compared.ExitCode, again.ExitCode, missing.ExitCode));
        Assert.Contains("detections: ", compared.Output, StringComparison.Ordinal);
        Assert.Contains("detections: 0 new, 0 resolved, ", again.Output, StringComparison.Ordinal);
        Assert.Equal(("", ""), (compared.Error, again.Error));
        Assert.Contains("nowhere.json", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_the_log_file_is_no_other_cluster()
    {
        using var folder = new TemporaryFolder();
        var (copy, earlier) = (Path.Combine(folder.Path, "audit-2026-11-20.log.gz"), Path.Combine(folder.Path, "earlier.json"));
        File.Copy(Log, copy);
        await CommandLine.RunAsync(["audit", "--log", copy, "-o", "json=" + earlier]);
        var compared = await CommandLine.RunAsync(["audit", "--log", Log, "--compare", earlier]);

        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
        Assert.DoesNotContain("NOTE", compared.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-n ci", "--namespace is about the cluster that the log is held against, and none is read: expected --from PATH or --live beside it")]
    [InlineData("-R", "--recursive is about the cluster")]
    [InlineData("--kubernetes-version 1.34", "--kubernetes-version is about the cluster")]
    [InlineData("--as alice", "--as is about the cluster")]
    [InlineData("--as-group ops", "--as-group is about the cluster")]
    [InlineData("--live --from dump.json", "--live holds the log against a cluster and --from against files; expected one of them")]
    public async Task An_option_that_would_change_nothing_is_refused(string options, string expected)
    {
        var answer = await CommandLine.RunAsync(["audit", "--log", Log, .. options.Split(' ')]);

        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(expected, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_gaps_that_leave_open_what_the_log_shows_count()
    {
        var whole = await CommandLine.RunAsync(["audit", "--log", Log, "--from", Dump, "--strict", "-o", "markdown"]);
        Assert.Equal(0, whole.ExitCode);
        Assert.DoesNotContain("could not be", whole.Output, StringComparison.Ordinal);

        var roles = """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"a","namespace":"b","uid":"1"},"rules":[]}]}""";
        var partial = await CommandLine.RunAsync(roles, "audit", "--log", Log, "--from", "-", "--strict", "-o", "markdown");
        Assert.Equal(3, partial.ExitCode);
        Assert.Contains("Not everything could be read.", partial.Output, StringComparison.Ordinal);
        Assert.Contains("RoleBinding", partial.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("CertificateSigningRequest", partial.Output, StringComparison.Ordinal);
    }
}
